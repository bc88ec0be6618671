import type { Evaluation, RunScore } from '../analysis/index.ts';
import { makeTable, type Table } from '../io/index.ts';

/** A row per run: model, latents, its scores, and the error of each class in a column `mse <class>`. */
export function comparisonTable({ runs }: Evaluation): Table {
  const classes = [...new Set(runs.flatMap(({ mseByClass }) => Object.keys(mseByClass)))];
  const numbers = (of: (run: RunScore) => number | undefined) => runs.map((run) => of(run) ?? null);
  return makeTable([
    ['model', runs.map(({ model }) => model)],
    ['latents', numbers(({ latents }) => latents)],
    ['latents_in_use', numbers(({ latentsInUse }) => latentsInUse)],
    ['objects', numbers(({ objects }) => objects)],
    ['mse', numbers(({ mse }) => mse)],
    ['mse_truth', numbers(({ mseTruth }) => mseTruth)],
    ['chi2_per_pixel', numbers(({ chi2PerPixel }) => chi2PerPixel)],
    ['mae_flux', numbers(({ maeFlux }) => maeFlux)],
    ['coverage68', numbers(({ coverage68 }) => coverage68)],
    ['coverage95', numbers(({ coverage95 }) => coverage95)],
    ...classes.map((name) => [`mse ${name}`, numbers(({ mseByClass }) => mseByClass[name])] as const),
    ['path', runs.map(({ path }) => path)],
  ]);
}
