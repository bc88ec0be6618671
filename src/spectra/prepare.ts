import { UserError } from '../base/index.ts';
import { pixelEdges } from './edges.ts';
import { medianSnr, observedShare } from './median.ts';
import type { Normalisation } from './normalisation.ts';
import { createNormaliser } from './normalise.ts';
import { resampleInto } from './resample.ts';
import type { Spectrum } from './spectrum.ts';

/** A spectrum less observed than this on the grid is refused unless the caller says otherwise. */
export const DEFAULT_MINIMUM_OBSERVED = 0.1;

export interface PreparationOptions {
  /** Smallest share of the grid's pixels that must be observed. */
  readonly minimumObserved?: number;
}

export type PrepareOutcome =
  | {
      readonly ok: true;
      /** Flux density of the file (observed frame, its unit) = normalised flux × `scale`. */
      readonly scale: number;
      /** Median S/N per observed pixel of the grid. */
      readonly snr: number;
      /** Share of the grid's pixels that are observed. */
      readonly observed: number;
    }
  /** Why the spectrum does not enter the dataset; the output arrays hold zeros. */
  | { readonly ok: false; readonly reason: string };

/** Writes one spectrum's normalised flux and ivar (each of the grid's length) and says how it went. */
export type Preparation = (
  spectrum: Spectrum,
  flux: Float32Array | Float64Array,
  ivar: Float32Array | Float64Array,
) => PrepareOutcome;

/**
 * The whole way of a spectrum onto a grid, for many spectra: rest frame, flux-conserving resampling, normalisation.
 * Same numbers as `toRestFrame`, `resample` and `normalise` one after the other, without their intermediate arrays.
 * Everything is computed in float64, so fluxes in cgs units are safe.
 *
 * @param grid rest wavelengths in vacuum Å, strictly increasing
 * @throws UserError when the normalisation looks where the grid has no pixel
 */
export function createPreparation(
  grid: Float64Array,
  normalisation: Normalisation,
  options: PreparationOptions = {},
): Preparation {
  const minimumObserved = options.minimumObserved ?? DEFAULT_MINIMUM_OBSERVED;
  const normaliser = createNormaliser(grid, normalisation);
  const gridEdges = pixelEdges(grid);
  const observedEdges = new Float64Array(gridEdges.length);
  const wideFlux = new Float64Array(grid.length);
  const wideIvar = new Float64Array(grid.length);

  const outcomeOf = (spectrum: Spectrum): PrepareOutcome => {
    const redshift = spectrum.frame === 'rest' ? 0 : spectrum.redshift;
    if (redshift === null) return { ok: false, reason: 'it has no redshift; give one in a label table (--labels)' };
    if (!(redshift > -1 && redshift < Infinity))
      return { ok: false, reason: `its redshift, ${redshift}, is not above -1` };
    // The grid goes to the spectrum rather than the spectrum to the grid: fewer numbers to scale.
    const stretch = 1 + redshift;
    for (let i = 0; i < gridEdges.length; i++) observedEdges[i] = gridEdges[i] * stretch;
    resampleInto(pixelEdges(spectrum.wavelength), spectrum.flux, spectrum.ivar, observedEdges, wideFlux, wideIvar);
    toRestFluxDensity(wideFlux, wideIvar, stretch);
    const observed = observedShare(wideIvar);
    if (observed === 0 || observed < minimumObserved) {
      return {
        ok: false,
        reason: `${observed === 0 ? 'none' : `only ${percent(observed)}`} of the grid (${angstroms(grid[0], grid[grid.length - 1])}) is observed and ${percent(minimumObserved)} must be: ${observedRange(spectrum, stretch)}; a --grid or --preset within that takes it in`,
      };
    }
    const normalised = normaliser(wideFlux, wideIvar);
    if (!normalised.ok) return normalised;
    if (!fitsFloat32(wideFlux, wideIvar)) {
      return { ok: false, reason: 'its normalised flux or inverse variance is beyond the range of float32' };
    }
    return { ok: true, scale: normalised.scale / stretch, snr: medianSnr(wideFlux, wideIvar), observed };
  };

  return (spectrum, flux, ivar) => {
    if (flux.length !== grid.length || ivar.length !== grid.length) {
      throw new UserError(
        `the grid has ${grid.length} pixels, but the arrays to fill have ${flux.length} and ${ivar.length}`,
      );
    }
    const outcome = outcomeOf(spectrum);
    if (outcome.ok) {
      flux.set(wideFlux);
      ivar.set(wideIvar);
    } else {
      flux.fill(0);
      ivar.fill(0);
    }
    return outcome;
  };
}

/** Flux per observed Å becomes flux per rest-frame Å, in place. */
function toRestFluxDensity(flux: Float64Array, ivar: Float64Array, stretch: number): void {
  if (stretch === 1) return;
  const ivarFactor = 1 / stretch ** 2;
  for (let i = 0; i < flux.length; i++) {
    flux[i] *= stretch;
    ivar[i] *= ivarFactor;
  }
}

/** Whether datasets can store these numbers. */
function fitsFloat32(flux: Float64Array, ivar: Float64Array): boolean {
  for (let i = 0; i < flux.length; i++) {
    if (!(Math.abs(flux[i]) <= LARGEST_FLOAT32 && ivar[i] <= LARGEST_FLOAT32)) return false;
  }
  return true;
}

const LARGEST_FLOAT32 = 3.4028234663852886e38;

/** Where a spectrum has observed pixels, in rest-frame Å. */
function observedRange({ wavelength, ivar, redshift }: Spectrum, stretch: number): string {
  const first = ivar.findIndex((weight) => weight > 0);
  const last = ivar.findLastIndex((weight) => weight > 0);
  if (first < 0) return 'it has no observed pixel at all';
  const at = redshift === null ? '' : ` at z = ${redshift.toFixed(3)}`;
  return `its spectrum${at} covers ${angstroms(wavelength[first] / stretch, wavelength[last] / stretch)}`;
}

function angstroms(low: number, high: number): string {
  return `${Math.round(low)}–${Math.round(high)} Å`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;
}
