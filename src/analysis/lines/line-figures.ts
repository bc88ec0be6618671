import { type Matrix, row, UserError } from '../../base/index.ts';
import type { Dataset } from '../../dataset/index.ts';
import type { BptData, LineFitsData } from '../../plots/index.ts';
import { kauffmann2003, kewley2001 } from './classify.ts';
import { continuumBasis } from './continuum.ts';
import type { LineMeasurements } from './measure-lines.ts';
import { SpectrumMeasurer } from './measure-spectrum.ts';
import { LineFitter } from './variable-projection.ts';

/** Each of the four lines must reach this S/N to be drawn. */
const SHOWN = 3;

/** The BPT diagram of a dataset's classes; null when no object has all four lines. */
export function bptData(measured: LineMeasurements, dataset: Dataset): BptData | null {
  const names = ['NII_6584', 'HALPHA', 'OIII_5007', 'HBETA'] as const;
  const lines = names.flatMap((name) => measured.lines.get(name) ?? []);
  if (lines.length < names.length) return null;
  const [n2, hAlpha, o3, hBeta] = lines;
  const isSeen = (i: number) => lines.every(({ flux, fluxError }) => flux[i] >= SHOWN * fluxError[i]);
  const points = measured.id.flatMap((_, i) =>
    isSeen(i)
      ? [
          {
            n2: Math.log10(n2.flux[i] / hAlpha.flux[i]),
            o3: Math.log10(o3.flux[i] / hBeta.flux[i]),
            objectClass: dataset.catalogue.objectClass[measured.rows[i]],
          },
        ]
      : [],
  );
  if (points.length === 0) return null;
  const curve = (name: string, dashed: boolean, of: (logN2: number) => number) => ({
    name,
    dashed,
    places: Array.from({ length: 300 }, (_, k) => -2 + 0.01 * k).map((at) => ({ n2: at, o3: of(at) })),
  });
  return {
    points,
    leftOut: hAlpha.flux.filter(Number.isFinite).length - points.length,
    snr: SHOWN,
    curves: [curve('Kewley et al. 2001', false, kewley2001), curve('Kauffmann et al. 2003', true, kauffmann2003)],
  };
}

/**
 * The fits of one object, in the dataset's units.
 *
 * @param starlight as for `measureLines`
 * @throws UserError when the dataset has no object of that id
 */
export function lineFitsData(dataset: Dataset, id: string, starlight: Matrix | null): LineFitsData {
  const { catalogue, wavelength, manifest } = dataset;
  const index = catalogue.id.indexOf(id);
  if (index < 0) {
    throw new UserError(`the dataset has no object ${id}; its ids are such as ${catalogue.id.slice(0, 3).join(', ')}`);
  }
  const measurer = new SpectrumMeasurer(wavelength, starlight === null ? null : continuumBasis(starlight));
  const fitter = new LineFitter();
  const { complexes } = measurer.measure(row(dataset.flux, index), row(dataset.ivar, index));
  const z = catalogue.redshift[index];
  return {
    title: [id, catalogue.objectClass[index] ?? 'unclassified', ...(z === null ? [] : [`z = ${z.toFixed(4)}`])].join(
      ', ',
    ),
    fluxLabel: manifest.normalisation === 'none' ? `Flux (${manifest.fluxUnit})` : 'Normalised flux',
    complexes: complexes.map(({ window, problem, fit, broadTerms }) => {
      const { continuum, lines } = fitter.model(problem, fit);
      const sum = (keep: (term: number) => boolean) =>
        continuum.map((level, j) => lines.reduce((total, line, k) => total + (keep(k) ? line[j] : 0), level));
      return {
        name: window.complex.name,
        chi2: fit.chi2 / fit.degrees,
        wavelength: wavelength.slice(window.start, window.end),
        flux: problem.pixels.flux,
        ivar: problem.pixels.ivar,
        continuum,
        broad: broadTerms.some(Boolean) && !window.complex.broad ? sum((k) => broadTerms[k]) : null,
        model: sum(() => true),
      };
    }),
  };
}
