import { printedAligned } from './numbers.ts';
import type { ReportData, ReportScore } from './report-data.ts';
import { escapeMarkup } from './sheet.ts';
import { modelHues, pageTheme } from './theme.ts';

/** The table of scores, and that of errors by class; the best of each column in bold. */
export function scoreTables(data: ReportData): string {
  const hues = modelHues([...new Set(data.scores.map(({ model }) => model))]);
  const name = (score: ReportScore) =>
    `<th scope="row"><span class="swatch" style="background:${pageTheme.hues[hues.get(score.model) ?? 'grey']}"></span>` +
    `${escapeMarkup(score.model)}</th><td>${score.latents}</td>`;
  return overall(data, name) + byClass(data, name) + NOTES;
}

type NameCells = (score: ReportScore) => string;

function overall({ scores, scoredOn }: ReportData, name: NameCells): string {
  const truth = scores.some(({ coverageTruth68 }) => coverageTruth68 !== null);
  const bestMse = Math.min(...scores.map(({ mse }) => mse));
  const bestTruth = Math.min(...scores.map(({ mseTruth }) => mseTruth ?? Infinity));
  const bestMae = Math.min(...scores.map(({ maeFlux }) => maeFlux));
  const rows = scores.map((score) => {
    const cells = [
      cell(printedAligned(score.mse), score.mse === bestMse),
      ...(truth ? [cell(printedAligned(score.mseTruth ?? Number.NaN), score.mseTruth === bestTruth)] : []),
      cell(score.chi2PerPixel.toFixed(2)),
      cell(printedAligned(score.maeFlux), score.maeFlux === bestMae),
      ...[score.coverage68, score.coverage95].map((share) => cell(percent(share))),
      ...(truth ? [score.coverageTruth68, score.coverageTruth95].map((share) => cell(percent(share))) : []),
    ];
    return `<tr>${name(score)}${cells.join('')}</tr>`;
  });
  const columns = [
    'MSE',
    ...(truth ? ['MSE to truth'] : []),
    'χ² per pixel',
    'mean |error|',
    '68%',
    '95%',
    ...(truth ? ['68%', '95%'] : []),
  ];
  const spans = `<tr><td colspan="${truth ? 6 : 5}"></td><th class="group" colspan="2" scope="colgroup">observed flux within</th>${
    truth ? '<th class="group" colspan="2" scope="colgroup">true flux within</th>' : ''
  }</tr>`;
  return table(`Reconstruction, measured on ${scoredOn}`, spans + header(columns), rows);
}

function byClass({ scores, figures }: ReportData, name: NameCells): string {
  const known = new Set(scores.flatMap(({ mseByClass }) => Object.keys(mseByClass)));
  const classes = [...figures.classes.filter((entry) => known.has(entry)), ...known].filter(
    (entry, index, all) => all.indexOf(entry) === index,
  );
  if (classes.length < 2) return '';
  const best = new Map(
    classes.map((entry) => [entry, Math.min(...scores.map(({ mseByClass }) => mseByClass[entry] ?? Infinity))]),
  );
  const rows = scores.map((score) => {
    const cells = classes.map((entry) => {
      const mse = score.mseByClass[entry];
      return mse === undefined ? cell('–') : cell(printedAligned(mse), mse === best.get(entry));
    });
    return `<tr>${name(score)}${cells.join('')}</tr>`;
  });
  return table('MSE by class', header(classes), rows);
}

function table(caption: string, head: string, rows: readonly string[]): string {
  const title = escapeMarkup(caption);
  return `<h3>${title}</h3>
<div class="scroll table" role="region" tabindex="0" aria-label="${title}"><table aria-label="${title}">
<thead>${head}</thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>
`;
}

function header(columns: readonly string[]): string {
  const cells = ['Model', 'Latents', ...columns].map((column) => `<th scope="col">${escapeMarkup(column)}</th>`);
  return `<tr>${cells.join('')}</tr>`;
}

function cell(text: string, best = false): string {
  return best ? `<td class="best">${text}</td>` : `<td>${text}</td>`;
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(100 * share).toFixed(1)}%`;
}

const NOTES = `<p class="note">MSE: mean squared error over observed pixels, weighted by inverse variance with the
pixel S/N capped at 50, in units of the normalised flux squared; lower is better, the best of each column is bold.
It holds the noise of the observation; against the noise-free truth, where a survey is simulated, only the model's
own error remains.
χ² per pixel is near 1 when the model is as good as the noise allows. The last columns say how often the flux lies
within the stated 68% and 95% intervals; they should show those very numbers.</p>
`;
