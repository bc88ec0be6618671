/** What `lightfold generate` writes. */
import { type Matrix, row } from '../base/index.ts';
import type { Generated, OpenRun } from '../inference/index.ts';
import { type Column, makeTable, type Table } from '../io/index.ts';

type NamedArrays = Readonly<Record<string, { readonly shape: readonly number[]; readonly data: ArrayData }>>;
type ArrayData = Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer> | readonly string[];

/**
 * Arrays for an .npz file (B points, S samples, P pixels, K labels, Q latents): `wave` (P), `flux` and `flux_sd` (B × P),
 * `latent` and `latent_sd` (B × Q); from a run with labels `labels` and `label_sd` (B × K) and `label_names` (K); of a
 * sweep `swept` (B) and `swept_name` (1); of samples `sample_flux` (B × S × P), `sample_latent` (B × S × Q) and
 * `sample_labels` (B × S × K).
 */
export function generatedArrays(run: OpenRun, { swept, latent, spectra, labels, samples }: Generated): NamedArrays {
  const points = spectra.mean.rows;
  const sampled = (matrix: Matrix) => ({
    shape: [points, matrix.rows / points, matrix.columns],
    data: new Float32Array(matrix.data),
  });
  return {
    wave: { shape: [run.pixels], data: new Float64Array(run.run.wavelength) },
    flux: plain(spectra.mean),
    flux_sd: plain(deviations(spectra.variance)),
    latent: plain(latent.mean),
    latent_sd: plain(latentDeviations(latent.covariance, run.latents)),
    ...(labels === null
      ? {}
      : {
          labels: plain(labels.mean),
          label_sd: plain(deviations(labels.variance)),
          label_names: { shape: [run.labels.length], data: run.labels },
        }),
    ...(swept === null
      ? {}
      : {
          swept: { shape: [points], data: new Float64Array(swept.values) },
          swept_name: { shape: [1], data: [swept.name] },
        }),
    ...(samples === null
      ? {}
      : {
          sample_flux: sampled(samples.flux),
          sample_latent: sampled(samples.latent),
          ...(samples.labels === null ? {} : { sample_labels: sampled(samples.labels) }),
        }),
  };
}

/** The same as a long table, a row for each pixel of each point; samples in columns of their own. */
export function generatedTable(run: OpenRun, { swept, latent, spectra, labels, samples }: Generated): Table {
  const points = Array.from({ length: spectra.mean.rows }, (_, n) => n);
  const perPoint = (of: (n: number) => number): Float64Array => {
    const values = new Float64Array(points.length * run.pixels);
    for (const n of points) values.fill(of(n), n * run.pixels, (n + 1) * run.pixels);
    return values;
  };
  const perPixel = (of: (n: number) => Float32Array | Float64Array): Float64Array =>
    Float64Array.from(points.flatMap((n) => [...of(n)]));
  const sd = latentDeviations(latent.covariance, run.latents);
  const latents = Array.from({ length: run.latents }, (_, q) => q);
  const columns: (readonly [string, Column])[] = [
    ['point', perPoint((n) => n + 1)],
    ...(labels === null
      ? []
      : run.labels.flatMap((name, k): (readonly [string, Column])[] => [
          [name, perPoint((n) => row(labels.mean, n)[k])],
          [`${name}_sd`, perPoint((n) => Math.sqrt(row(labels.variance, n)[k]))],
        ])),
    ...(swept === null ? [] : [[`asked_${swept.name}`, perPoint((n) => swept.values[n])] as const]),
    ...latents.map((q) => [`z${q + 1}`, perPoint((n) => row(latent.mean, n)[q])] as const),
    ...latents.map((q) => [`sd${q + 1}`, perPoint((n) => row(sd, n)[q])] as const),
    ['wavelength', perPixel(() => run.run.wavelength)],
    ['flux', perPixel((n) => row(spectra.mean, n))],
    ['flux_sd', perPixel((n) => row(spectra.variance, n).map(Math.sqrt))],
    ...(samples === null
      ? []
      : Array.from({ length: samples.each }, (_, s) => s).map(
          (s) => [`flux_sample${s + 1}`, perPixel((n) => row(samples.flux, n * samples.each + s))] as const,
        )),
  ];
  return makeTable(columns);
}

function plain({ rows, columns, data }: Matrix): { shape: readonly number[]; data: Float32Array<ArrayBuffer> } {
  return { shape: [rows, columns], data: new Float32Array(data) };
}

function deviations(variance: Matrix): Matrix {
  return { ...variance, data: variance.data.map(Math.sqrt) };
}

function latentDeviations({ rows, data }: Matrix, latents: number): Matrix {
  const of = (n: number, q: number) => Math.sqrt(data[n * latents ** 2 + q * (latents + 1)]);
  const values = Float32Array.from({ length: rows * latents }, (_, at) => of(Math.floor(at / latents), at % latents));
  return { rows, columns: latents, data: values };
}
