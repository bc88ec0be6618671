import type { RunScore } from '../analysis/index.ts';

/** A table of scores for the terminal: one line a run. */
export function scoreLines(scores: readonly RunScore[]): string[] {
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
