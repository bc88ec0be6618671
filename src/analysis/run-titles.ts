import type { FittedRun } from './fitted-run.ts';

/**
 * A name for each run in figures and tables: its model (`VAE`), and its folder too where two runs of the same model
 * and number of latents would be confused (`VAE (v6-wide)`).
 */
export function runTitles(runs: readonly FittedRun[]): string[] {
  const kind = ({ run }: FittedRun) => `${run.description.title} ${run.description.latents}`;
  return runs.map((fitted) => {
    const { description, path } = fitted.run;
    const alike = runs.filter((other) => kind(other) === kind(fitted)).length > 1;
    return alike ? `${description.title} (${folderName(path)})` : description.title;
  });
}

function folderName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
