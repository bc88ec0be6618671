import type { RunScore } from '../analysis/index.ts';

/** Tables of scores for the terminal: one line a run, and one for each label that a run predicts. */
export function scoreLines(scores: readonly RunScore[]): string[] {
  return [...spectrumLines(scores), ...labelLines(scores)];
}

function labelLines(scores: readonly RunScore[]): string[] {
  const rows = scores.flatMap(({ path, labels }) =>
    Object.entries(labels).map(([name, { n, rmse, mae, nlpd, coverage68, coverage95 }]) => [
      path,
      name,
      String(n),
      rmse.toPrecision(3),
      mae.toPrecision(3),
      nlpd.toFixed(2),
      `${(100 * coverage68).toFixed(1)}%`,
      `${(100 * coverage95).toFixed(1)}%`,
    ]),
  );
  if (rows.length === 0) return [];
  return ['', ...aligned([['run', 'label', 'objects', 'RMSE', 'MAE', 'NLPD', 'in 68%', 'in 95%'], ...rows])];
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
