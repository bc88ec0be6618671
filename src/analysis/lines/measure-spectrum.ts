import { pixelEdges } from '../../spectra/index.ts';
import { ComplexFitter, type ComplexResult } from './complex-fit.ts';
import { type ContinuumBasis, ContinuumFitter } from './continuum.ts';
import type { Kinematics, LineSpectrum } from './line-spectrum.ts';
import type { LineName, MeasuredLine } from './measured-line.ts';
import { type ComplexWindow, complexWindows, emissionMask } from './windows.ts';

/** Narrow lines before anything is measured: redshifts are good to 100 km/s, and widths mostly 90 to 350 km/s. */
const UNKNOWN: Kinematics = {
  velocity: { mean: 0, deviation: 120 },
  logSigma: { mean: Math.log(170), deviation: 0.4 },
};

/** How far one complex of an object may depart from the others: km/s, and in ln σ. */
const BETWEEN_COMPLEXES = { velocity: 30, logSigma: 0.12 };

/** Complexes whose lines tell velocity and width; Hα comes first, as it tells broad lines too. */
const ANCHORS = ['Hα, [N II] and [S II]', 'Hβ and [O III]', '[O II]'];

export interface SpectrumLines {
  readonly lines: readonly MeasuredLine[];
  readonly complexes: readonly ComplexResult[];
}

/**
 * Measures the emission lines of spectra on one grid. First the starlight is fitted, the lines left out; then the
 * strongest complexes tell velocity and width of the gas; then every complex is fitted with those as a prior, on
 * starlight times a polynomial.
 */
export class SpectrumMeasurer {
  readonly #windows: readonly ComplexWindow[];
  readonly #mask: Uint8Array;
  readonly #continuum: ContinuumFitter | null;
  readonly #fitter = new ComplexFitter();
  readonly #starlight: Float64Array;

  /** @param basis null when stars do not matter: quasars */
  constructor(wavelength: Float64Array, basis: ContinuumBasis | null) {
    const edges = pixelEdges(wavelength);
    this.#windows = complexWindows(wavelength, edges);
    this.#mask = emissionMask(wavelength, edges);
    this.#continuum = basis === null ? null : new ContinuumFitter(basis);
    this.#starlight = new Float64Array(wavelength.length);
  }

  /** Every line that this grid can show, blue to red, broad components after the narrow ones. */
  get lineNames(): LineName[] {
    return this.#windows.flatMap(({ complex }) => {
      const keys = (broad: boolean) =>
        complex.terms.flatMap(({ reports, permitted }) => (broad && !permitted ? [] : reports.map(({ key }) => key)));
      return complex.broad ? keys(false) : [...keys(false), ...keys(true).map((key) => `${key}_BROAD` as const)];
    });
  }

  /**
   * @param flux length P
   * @param ivar length P, 0 = not observed
   */
  measure(flux: Float32Array, ivar: Float32Array): SpectrumLines {
    const starlight = this.#starlight;
    const isFitted = this.#continuum?.fit(flux, ivar, this.#mask, starlight) ?? false;
    if (!isFitted) starlight.fill(0);
    const spectrum: LineSpectrum = { flux, ivar, starlight, uncertainty: isFitted ? this.#continuum : null };
    const { gas, broad } = this.#anchor(spectrum);
    const complexes = this.#windows.flatMap((window) => {
      const result = this.#fitter.fit(window, spectrum, gas, broad);
      return result === null ? [] : [result];
    });
    return { lines: complexes.flatMap(({ lines }) => lines), complexes };
  }

  #anchor(spectrum: LineSpectrum): {
    gas: Kinematics;
    broad: Kinematics | null;
  } {
    let gas = UNKNOWN;
    let broad: Kinematics | null = null;
    let searched = false;
    for (const name of ANCHORS) {
      const window = this.#windows.find(({ complex }) => complex.name === name);
      if (window === undefined) continue;
      // Only the first complex that is observed may find broad lines; the others are told.
      const result = this.#fitter.fit(window, spectrum, gas, searched ? broad : 'search');
      if (result === null) continue;
      gas = result.gas;
      if (!searched) broad = result.broad;
      searched = true;
    }
    return { gas: widened(gas), broad };
  }
}

function widened({ velocity, logSigma }: Kinematics): Kinematics {
  return {
    velocity: { mean: velocity.mean, deviation: Math.hypot(velocity.deviation, BETWEEN_COMPLEXES.velocity) },
    logSigma: { mean: logSigma.mean, deviation: Math.hypot(logSigma.deviation, BETWEEN_COMPLEXES.logSigma) },
  };
}
