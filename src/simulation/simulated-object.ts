import type { Measurement, Spectrum } from '../spectra/index.ts';
import type { PixelRange } from './log-wavelength.ts';
import type { Instrument } from './observing/instrument.ts';
import type { Exposure } from './observing/observe.ts';

/** One simulated object: what the survey would deliver, and what it does not know. */
export interface SimulatedObject {
  /** Observed frame, as our reader would return it from the object's spec-lite file. */
  readonly spectrum: Spectrum;
  readonly exposure: Exposure;
  readonly instrument: Instrument;
  /** Noise-free flux, 10⁻¹⁷ erg/s/cm²/Å, at the observed-frame pixels `modelRange`, which cover window and rest grid. */
  readonly model: Float64Array;
  readonly modelRange: PixelRange;
  readonly plate: number;
  readonly mjd: number;
  readonly fiber: number;
  /** In the words of the catalogue: `quiescent`, `broad-line AGN`, `QSO`. */
  readonly objectClass: string;
  /** Labels with their measurement errors; ivar 0 = missing. */
  readonly labels: Readonly<Record<string, Measurement>>;
  /** Hidden variables (`true_…`), population and planted oddity. */
  readonly extra: Readonly<Record<string, number | string | null>>;
  /** More columns, which depend on noise-free flux and ivar as they stand on the grid (length P, 0 = unobserved). */
  readonly extraOnGrid?: (truth: Float32Array, ivar: Float32Array) => Readonly<Record<string, number>>;
}

/**
 * Makes object number `index` of a survey: always the same one, whatever was made before. `attempt` counts the objects
 * drawn in its place before.
 */
export type ObjectMaker = (index: number, attempt: number) => SimulatedObject;

/** Fibres of a plate. */
const FIBERS = 640;

/** A first plate number that no survey has used, and the day that SDSS files of a simulation carry. */
const FIRST_PLATE = 20001;
const MJD = 60000;

/** Plate, day and fibre of object `index`, and the identifier that SDSS readers make of them. */
export function survey(index: number): { plate: number; mjd: number; fiber: number; id: string } {
  const plate = FIRST_PLATE + Math.floor(index / FIBERS);
  const fiber = 1 + (index % FIBERS);
  const id = `${plate}-${MJD}-${String(fiber).padStart(4, '0')}`;
  return { plate, mjd: MJD, fiber, id };
}

/** The pixels that cover both an instrument's window and a rest-frame grid moved to `redshift`. */
export function coveringRange(window: PixelRange, low: number, high: number, redshift: number): PixelRange {
  const shift = Math.log10(1 + redshift) * 1e4;
  const first = Math.min(window.first, Math.floor(Math.log10(low) * 1e4 + shift) - 2);
  const last = Math.max(window.first + window.count, Math.ceil(Math.log10(high) * 1e4 + shift) + 3);
  return { first, count: last - first };
}

/** A label as measured: truth plus an error drawn from `error`, or missing. */
export function measured(truth: number, error: number, deviate: number, missing: boolean): Measurement {
  return missing ? { value: 0, ivar: 0 } : { value: truth + error * deviate, ivar: 1 / (error * error) };
}
