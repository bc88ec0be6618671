import { type Dataset, observedFraction } from '../dataset/index.ts';

/** The fields that `simulate` and `import` share in `docs/contract.md`. */
export function datasetSummary(dataset: Dataset, path: string): Readonly<Record<string, unknown>> {
  return {
    objects: dataset.flux.rows,
    pixels: dataset.flux.columns,
    observedFraction: Number(observedFraction(dataset).toFixed(4)),
    labels: dataset.catalogue.labels.names,
    path,
  };
}

export function datasetLines(dataset: Dataset, path: string): string[] {
  const { names } = dataset.catalogue.labels;
  const percent = (100 * observedFraction(dataset)).toFixed(0);
  return [
    `${dataset.flux.rows} objects × ${dataset.flux.columns} pixels, ${percent}% observed`,
    `labels: ${names.length > 0 ? names.join(', ') : 'none'}`,
    `dataset: ${path}`,
  ];
}
