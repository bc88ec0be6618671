import type { ExhibitDescription } from '../../src/explorer/index.ts';
import type { SpectrumBand } from '../engine/engine.ts';
import { OBSERVED, TRACE_COLOURS, TRUTH } from './palette.ts';
import { gapsOf, type Range, type Trace } from './trace.ts';

/** A model's idea of a spectrum. */
export interface Modelled {
  /** `VAE`, as in legends. */
  readonly title: string;
  readonly band: SpectrumBand;
}

/** A label as it was measured and as the run predicts it. */
export interface SubjectLabel {
  readonly title: string;
  readonly measured: string | null;
  readonly predicted: string | null;
}

/** One spectrum in the panel: an object of the exhibit, or one that the reader brought. */
export interface Subject {
  readonly key: string;
  readonly name: string;
  /** `class` and `AGN`, … */
  readonly facts: readonly (readonly [string, string])[];
  readonly labels: readonly SubjectLabel[];
  readonly redshift: number | null;
  /** Length P; NaN = not observed. */
  readonly flux: Float32Array;
  readonly error: Float32Array;
  readonly truth: Float32Array | null;
  /** That of the run on show first. */
  readonly models: readonly Modelled[];
  readonly warnings: readonly string[];
}

export interface Drawing {
  readonly noisy: readonly Trace[];
  readonly models: readonly Trace[];
  /** (observed − model) / error of the pixel, of the first model. */
  readonly residuals: readonly Trace[];
  /** Where a single spectrum was not observed; of several, each has its own, which cannot be shown at once. */
  readonly gaps: readonly Range[];
}

export interface DrawingOptions {
  /** Rest frame, length P. */
  readonly wavelength: Float64Array;
  readonly frame: 'rest' | 'observed';
  readonly offset: number;
  readonly showTruth: boolean;
}

const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3]];

/**
 * The traces of some spectra. One alone is grey, each model a hue of its own; of several, each has one hue, and further
 * models are told apart by dashes.
 */
export function drawingOf(subjects: readonly Subject[], options: DrawingOptions): Drawing {
  const [noisy, models, residuals]: [Trace[], Trace[], Trace[]] = [[], [], []];
  const isAlone = subjects.length === 1;
  for (const [at, subject] of subjects.entries()) {
    const x = shownWavelength(options, subject.redshift);
    const hue = TRACE_COLOURS[at % TRACE_COLOURS.length];
    const base = { x, offset: at * options.offset, opacity: 1, dash: [], width: 1.5 };
    const name = isAlone ? '' : `${subject.name} `;
    noisy.push({
      ...base,
      name: `${name}observed`,
      colour: isAlone ? OBSERVED : hue,
      y: subject.flux,
      error: subject.error,
      width: 1,
      opacity: isAlone ? 1 : 0.55,
    });
    for (const [m, { title, band }] of subject.models.entries()) {
      const colour = isAlone ? TRACE_COLOURS[m % TRACE_COLOURS.length] : hue;
      const dash = isAlone ? [] : DASHES[m % DASHES.length];
      models.push({ ...base, name: `${name}${title}`, colour, y: band.flux, error: band.error, dash });
    }
    if (options.showTruth && subject.truth !== null) {
      models.push({ ...base, name: `${name}truth`, colour: TRUTH, y: subject.truth, error: null, dash: [4, 2] });
    }
    if (subject.models.length > 0) {
      const y = residualsOf(subject, subject.models[0].band);
      const colour = isAlone ? TRACE_COLOURS[0] : hue;
      residuals.push({ ...base, name: `${name}residual`, colour, y, error: null, offset: 0, width: 1 });
    }
  }
  return { noisy, models, residuals, gaps: isAlone ? gapsOf(noisy[0]) : [] };
}

export function shownWavelength({ wavelength, frame }: DrawingOptions, redshift: number | null): Float64Array {
  if (frame === 'rest' || redshift === null) return wavelength;
  return wavelength.map((value) => value * (1 + redshift));
}

function residualsOf({ flux, error }: Subject, model: SpectrumBand): Float32Array {
  return flux.map((value, p) => (value - model.flux[p]) / error[p]);
}

/** For the axis of flux. */
export function fluxLabel({ normalisation, fluxUnit }: Pick<ExhibitDescription, 'normalisation' | 'fluxUnit'>): string {
  return normalisation === 'none' && fluxUnit !== '' ? `flux / ${fluxUnit}` : 'normalised flux';
}
