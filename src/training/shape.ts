import type { Dataset } from '../dataset/index.ts';
import type { ModelShape } from '../models/index.ts';

/** The shape of a model that is to be fitted to a dataset. */
export function shapeFor({ flux, catalogue }: Pick<Dataset, 'flux' | 'catalogue'>, latents: number): ModelShape {
  return { pixels: flux.columns, latents, labels: catalogue.labels.names.length };
}
