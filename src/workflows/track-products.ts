/** What `lightfold tracks` writes: the points of a track and their synthetic spectra. */
import type { Track } from '../analysis/index.ts';
import { row } from '../base/index.ts';
import { type Column, makeTable, type Table } from '../io/index.ts';

type NamedArrays = Readonly<Record<string, { readonly shape: readonly number[]; readonly data: ArrayData }>>;
type ArrayData = Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer> | readonly string[];

/**
 * Arrays for an .npz file (B points, P pixels, Q latents): `wave` (P), `flux` and `flux_sd` (B × P), `id` (B), as in
 * `docs/contract.md`; `latent` and `position` (B × Q: in the run's own latents and on axes of falling variance),
 * `low`, `high` and `objects` (B: reach of the bin along the track and objects in it, −1 where no objects are binned).
 */
export function trackArrays({ points, latents, wavelength }: Track): NamedArrays {
  const [b, q] = [latents.rows, latents.columns];
  const stacked = (of: (index: number) => Float32Array, width: number) => {
    const data = new Float32Array(b * width);
    points.forEach((_, index) => {
      data.set(of(index), index * width);
    });
    return { shape: [b, width], data };
  };
  const each = (of: (point: Track['points'][number]) => number) => ({
    shape: [b],
    data: Float64Array.from(points, of),
  });
  const pixels = wavelength.length;
  return {
    wave: { shape: [pixels], data: new Float64Array(wavelength) },
    flux: stacked((index) => points[index].flux, pixels),
    flux_sd: stacked((index) => points[index].fluxDeviation, pixels),
    id: { shape: [b], data: points.map(({ name }) => name) },
    latent: { shape: [b, q], data: new Float32Array(latents.data) },
    position: stacked((index) => points[index].position, q),
    low: each(({ low }) => low),
    high: each(({ high }) => high),
    objects: each(({ objects }) => objects ?? -1),
  };
}

/** The same as a long table, a row for each pixel of each point. */
export function trackTable({ points, latents, wavelength }: Track): Table {
  const pixels = wavelength.length;
  const perPoint = <T>(of: (index: number) => T): T[] => points.flatMap((_, index) => Array(pixels).fill(of(index)));
  const perPixel = (of: (point: Track['points'][number]) => Float32Array) => points.flatMap((point) => [...of(point)]);
  const axes = Array.from({ length: latents.columns }, (_, k) => k);
  const columns: [string, Column][] = [
    ['point', perPoint((index) => points[index].name)],
    ['objects', perPoint((index) => points[index].objects)],
    ['low', perPoint((index) => points[index].low)],
    ['high', perPoint((index) => points[index].high)],
    ...axes.map((k): [string, Column] => [`axis${k + 1}`, perPoint((index) => points[index].position[k])]),
    ...axes.map((k): [string, Column] => [`z${k + 1}`, perPoint((index) => row(latents, index)[k])]),
    ['wavelength', points.flatMap(() => [...wavelength])],
    ['flux', perPixel(({ flux }) => flux)],
    ['flux_sd', perPixel(({ fluxDeviation }) => fluxDeviation)],
  ];
  return makeTable(columns);
}
