import { type Matrix, row, UserError, zeros } from '../../base/index.ts';
import type { OpenRun } from '../open-run.ts';

/** The latent, counted from 0, that a name such as `z2` means; null for a label's name and all others. */
export function sweptLatent(run: OpenRun, name: string): number | null {
  const number = /^z(\d+)$/.exec(name)?.[1];
  if (number === undefined || run.labels.includes(name)) return null;
  const latent = Number(number) - 1;
  if (latent >= 0 && latent < run.latents) return latent;
  throw new UserError(`${run.run.path} has latents z1 to z${run.latents}, and no ${name}.`);
}

/**
 * Points of latent space, B × Q, and what the training spectra do not back about them.
 *
 * @param latent where the point lies but for what is swept; unless given the centre of the training spectra
 * @throws UserError when the point does not have Q coordinates
 */
export function askedLatents(
  run: OpenRun,
  latent: readonly number[] | undefined,
  sweep: { readonly name: string; readonly values: Float64Array } | null,
): { readonly points: Matrix; readonly warnings: string[] } {
  const base = latent ?? centre(run);
  if (base.length !== run.latents) {
    throw new UserError(`${run.run.path} has ${run.latents} latents and ${base.length} were given.`);
  }
  const points = zeros(sweep?.values.length ?? 1, run.latents);
  const swept = sweep === null ? null : sweptLatent(run, sweep.name);
  for (let n = 0; n < points.rows; n++) {
    row(points, n).set(base);
    if (sweep !== null && swept !== null) row(points, n)[swept] = sweep.values[n];
  }
  return { points, warnings: latentWarnings(run, points) };
}

function centre({ latents, run: { latentSample } }: OpenRun): number[] {
  const mean = new Array<number>(latents).fill(0);
  if (latentSample === undefined) return mean;
  const { rows, data } = latentSample.latent;
  for (let at = 0; at < data.length; at++) mean[at % latents] += data[at] / rows;
  return mean;
}

function latentWarnings({ latents, run: { latentSample } }: OpenRun, points: Matrix): string[] {
  if (latentSample === undefined) return [];
  const { rows, data } = latentSample.latent;
  return Array.from({ length: latents }, (_, q) => q).flatMap((q) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let n = 0; n < rows; n++) {
      low = Math.min(low, data[n * latents + q]);
      high = Math.max(high, data[n * latents + q]);
    }
    const beyond = Array.from({ length: points.rows }, (_, n) => row(points, n)[q]).filter((z) => z < low || z > high);
    if (beyond.length === 0) return [];
    const reach = `${low.toPrecision(3)} to ${high.toPrecision(3)}`;
    return [`z${q + 1} = ${listed(beyond)} is beyond the training spectra, which reach from ${reach}: extrapolated.`];
  });
}

/** `7, 7.5 … 9` */
export function listed(values: readonly number[]): string {
  const different = [...new Set(values.map((value) => Number(value.toPrecision(6))))];
  if (different.length <= 3) return different.join(', ');
  return `${different[0]}, ${different[1]} … ${different[different.length - 1]}`;
}
