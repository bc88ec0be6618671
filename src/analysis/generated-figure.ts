import { row } from '../base/index.ts';
import type { Generated, OpenRun } from '../inference/index.ts';
import type { GeneratedData, GeneratedSpectrum } from '../plots/index.ts';
import { linesOn } from './spectral-lines.ts';
import { chooseWindows } from './windows.ts';

/** Stretches around lines that fit beside each other. */
const WINDOWS = 4;

/** Generated spectra as their figure shows them. */
export function generatedFigureData({ run, labels }: OpenRun, generated: Generated): GeneratedData {
  const { swept, spectra, labels: predicted, samples } = generated;
  const { wavelength, description, latentSample } = run;
  const everywhere = new Float32Array(wavelength.length).fill(1);
  const usualClass = mostFrequent(latentSample?.objectClass ?? []);
  const points = Array.from({ length: spectra.mean.rows }, (_, n): GeneratedSpectrum => {
    const each = samples?.each ?? 0;
    return {
      value: swept?.values[n] ?? 0,
      flux: row(spectra.mean, n),
      fluxDeviation: row(spectra.variance, n).map(Math.sqrt),
      samples: Array.from({ length: each }, (_, s) =>
        samples === null ? everywhere : row(samples.flux, n * each + s),
      ),
      labels:
        predicted === null
          ? []
          : labels.map((name, k) => ({
              name,
              value: row(predicted.mean, n)[k],
              deviation: Math.sqrt(row(predicted.variance, n)[k]),
            })),
    };
  });
  return {
    title: titleOf(description.title, swept),
    model: description.title,
    fluxLabel: description.dataset.normalisation === 'none' ? 'Flux' : 'Normalised flux',
    wavelength,
    lines: linesOn(wavelength),
    windows: chooseWindows(usualClass, wavelength, everywhere, WINDOWS),
    swept: swept?.name ?? null,
    spectra: points,
  };
}

function titleOf(model: string, swept: Generated['swept']): string {
  if (swept === null || swept.values.length === 1) return `A spectrum that ${model} makes`;
  const [first, last] = [swept.values[0], swept.values[swept.values.length - 1]];
  return `Spectra that ${model} makes as ${swept.name} goes from ${first} to ${last}`;
}

function mostFrequent(names: readonly (string | null)[]): string | null {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
