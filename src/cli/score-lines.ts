import type { RunScore } from '../analysis/index.ts';

/** Tables of scores for the terminal: one line a run, and one for each label that a run predicts. */
export function scoreLines(scores: readonly RunScore[]): string[] {
  return [...spectrumLines(scores), ...labelLines(scores), ...trueLabelLines(scores)];
}

function spectrumLines(scores: readonly RunScore[]): string[] {
  const truth = scores.some(({ coverageTruthObserved68 }) => coverageTruthObserved68 !== undefined);
  const unobserved = scores.some(({ coverageTruthUnobserved68 }) => coverageTruthUnobserved68 !== undefined);
  const heading = [
    ...['run', 'model', 'latents', 'MSE', 'χ²/pixel', 'in 68%', 'in 95%'],
    ...(truth ? ['truth in 68%', 'in 95%'] : []),
    ...(unobserved ? ['unobserved truth in 68%', 'in 95%'] : []),
  ];
  const rows = scores.map((score) => [
    score.path,
    score.model,
    String(score.latents),
    score.mse.toPrecision(4),
    score.chi2PerPixel.toFixed(3),
    percent(score.coverage68),
    percent(score.coverage95),
    ...(truth ? [percent(score.coverageTruthObserved68), percent(score.coverageTruthObserved95)] : []),
    ...(unobserved ? [percent(score.coverageTruthUnobserved68), percent(score.coverageTruthUnobserved95)] : []),
  ]);
  return aligned([heading, ...rows]);
}

function labelLines(scores: readonly RunScore[]): string[] {
  const rows = scores.flatMap(({ path, labels }) =>
    Object.entries(labels).map(([name, { n, rmse, robust, mae, nlpd, coverage68, coverage95 }]) => [
      path,
      name,
      String(n),
      rmse.toPrecision(3),
      robust.toPrecision(3),
      mae.toPrecision(3),
      nlpd.toFixed(2),
      percent(coverage68),
      percent(coverage95),
    ]),
  );
  if (rows.length === 0) return [];
  return ['', ...aligned([['run', 'label', 'objects', 'RMSE', 'robust', 'MAE', 'NLPD', 'in 68%', 'in 95%'], ...rows])];
}

/** Errors against the truth of simulated surveys, and in units of the Cramér–Rao bound where it is known. */
function trueLabelLines(scores: readonly RunScore[]): string[] {
  const rows = scores.flatMap(({ path, labels }) =>
    Object.entries(labels).flatMap(([name, score]) =>
      score.rmseTruth === undefined
        ? []
        : [
            [
              path,
              name,
              score.rmseTruth.toPrecision(3),
              score.robustTruth?.toPrecision(3) ?? NONE,
              score.crbRatio?.toFixed(2) ?? NONE,
              score.robustCrbRatio?.toFixed(2) ?? NONE,
              percent(score.coverageTruth68),
              percent(score.coverageTruth95),
            ],
          ],
    ),
  );
  if (rows.length === 0) return [];
  const heading = ['run', 'true label', 'RMSE', 'robust', 'RMSE/bound', 'robust/bound', 'in 68%', 'in 95%'];
  return ['', ...aligned([heading, ...rows])];
}

const NONE = '–';

function percent(share: number | undefined): string {
  return share === undefined ? NONE : `${(100 * share).toFixed(1)}%`;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}
