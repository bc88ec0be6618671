import type { BaselineScore, RunScore } from '../analysis/index.ts';

/**
 * Tables of scores for the terminal: one line a run; and for each label one a run that predicts it, followed by the
 * baselines.
 */
export function scoreLines(scores: readonly RunScore[], baselines: readonly BaselineScore[] = []): string[] {
  return [...spectrumLines(scores), ...labelLines(scores, baselines)];
}

function labelLines(scores: readonly RunScore[], baselines: readonly BaselineScore[]): string[] {
  const sources = [
    ...scores.map(({ path, labels }) => ({ title: path, labels })),
    ...baselines.map(({ title, labels }) => ({ title, labels })),
  ];
  const names = [...new Set(sources.flatMap(({ labels }) => Object.keys(labels)))];
  const rows = names.flatMap((name) =>
    sources
      .filter(({ labels }) => Object.hasOwn(labels, name))
      .map(({ title, labels }) => [name, title, ...labelCells(labels[name])]),
  );
  if (rows.length === 0) return [];
  return ['', ...aligned([['label', 'predicted by', 'objects', 'RMSE', 'MAE', 'NLPD', 'in 68%', 'in 95%'], ...rows])];
}

function labelCells({ n, rmse, mae, nlpd, coverage68, coverage95 }: RunScore['labels'][string]): string[] {
  return [
    String(n),
    rmse.toPrecision(3),
    mae.toPrecision(3),
    nlpd.toFixed(2),
    `${(100 * coverage68).toFixed(1)}%`,
    `${(100 * coverage95).toFixed(1)}%`,
  ];
}

function spectrumLines(scores: readonly RunScore[]): string[] {
  const rows = scores.map((score) => [
    score.path,
    score.model,
    String(score.latents),
    score.mse.toPrecision(4),
    score.chi2PerPixel.toFixed(3),
    `${(100 * score.coverage68).toFixed(1)}%`,
    `${(100 * score.coverage95).toFixed(1)}%`,
  ]);
  return aligned([['run', 'model', 'latents', 'MSE', 'χ²/pixel', 'in 68%', 'in 95%'], ...rows]);
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
