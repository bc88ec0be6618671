import type { BaselineScore, RunScore } from '../analysis/index.ts';

/**
 * Tables of scores for the terminal: one line a run; and for each label one a run that predicts it, followed by the
 * baselines.
 */
export function scoreLines(scores: readonly RunScore[], baselines: readonly BaselineScore[] = []): string[] {
  const predictions = predictionsByLabel(scores, baselines);
  return [...spectrumLines(scores), ...labelLines(predictions), ...trueLabelLines(predictions)];
}

interface ScoredPrediction {
  readonly label: string;
  /** The run's folder, or the baseline's title. */
  readonly by: string;
  readonly score: RunScore['labels'][string];
}

function predictionsByLabel(scores: readonly RunScore[], baselines: readonly BaselineScore[]): ScoredPrediction[] {
  const sources = [
    ...scores.map(({ path, labels }) => ({ by: path, labels })),
    ...baselines.map(({ title, labels }) => ({ by: title, labels })),
  ];
  const names = [...new Set(sources.flatMap(({ labels }) => Object.keys(labels)))];
  return names.flatMap((label) =>
    sources.flatMap(({ by, labels }) => (Object.hasOwn(labels, label) ? [{ label, by, score: labels[label] }] : [])),
  );
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

function labelLines(predictions: readonly ScoredPrediction[]): string[] {
  const rows = predictions.map(({ label, by, score }) => [
    label,
    by,
    String(score.n),
    score.rmse.toPrecision(3),
    score.robust.toPrecision(3),
    score.mae.toPrecision(3),
    score.nlpd.toFixed(2),
    percent(score.coverage68),
    percent(score.coverage95),
  ]);
  if (rows.length === 0) return [];
  const heading = ['label', 'predicted by', 'objects', 'RMSE', 'robust', 'MAE', 'NLPD', 'in 68%', 'in 95%'];
  return ['', ...aligned([heading, ...rows])];
}

/** Errors against the truth of simulated surveys, and in units of the Cramér–Rao bound where it is known. */
function trueLabelLines(predictions: readonly ScoredPrediction[]): string[] {
  const rows = predictions.flatMap(({ label, by, score }) =>
    score.rmseTruth === undefined
      ? []
      : [
          [
            label,
            by,
            score.rmseTruth.toPrecision(3),
            score.robustTruth?.toPrecision(3) ?? NONE,
            score.crbRatio?.toFixed(2) ?? NONE,
            score.robustCrbRatio?.toFixed(2) ?? NONE,
            percent(score.coverageTruth68),
            percent(score.coverageTruth95),
          ],
        ],
  );
  if (rows.length === 0) return [];
  const heading = ['true label', 'predicted by', 'RMSE', 'robust', 'RMSE/bound', 'robust/bound', 'in 68%', 'in 95%'];
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
