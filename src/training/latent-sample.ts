import { zeros } from '../base/index.ts';
import { type Dataset, gatherRows } from '../dataset/index.ts';
import type { Session } from '../graph/index.ts';
import type { LatentSample } from '../runs/index.ts';

/** Enough to know a population by, little beside the weights of a network. */
const LARGEST_SAMPLE = 2000;
/** Spectra encoded at once. */
const CHUNK = 256;

/**
 * Latent means of training spectra, spread evenly over them.
 *
 * @param rows of the dataset that the model was trained on
 */
export async function latentSample(
  encoder: Session,
  { flux, ivar, catalogue }: Dataset,
  rows: Uint32Array,
  latents: number,
): Promise<LatentSample> {
  const size = Math.min(LARGEST_SAMPLE, rows.length);
  const chosen = Uint32Array.from({ length: size }, (_, n) => rows[Math.floor((n * rows.length) / size)]);
  const latent = zeros(size, latents);
  for (let start = 0; start < size; start += CHUNK) {
    const part = chosen.subarray(start, start + CHUNK);
    await encoder.run(
      { flux: gatherRows(flux, part).data, ivar: gatherRows(ivar, part).data },
      { latentMean: latent.data.subarray(start * latents, (start + part.length) * latents) },
    );
  }
  return { latent, objectClass: Array.from(chosen, (row) => catalogue.objectClass[row]) };
}
