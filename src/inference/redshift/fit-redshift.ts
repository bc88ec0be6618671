/**
 * The redshift of a spectrum by a run (VAE paper, section 4; the search follows redrock, Bailey et al.): a linear model
 * made from the run is compared at every redshift, the best few are refined with the run's own decoder, and what is left
 * is judged.
 */
import { zeros } from '../../base/index.ts';
import { medianSnr, type Spectrum } from '../../spectra/index.ts';
import type { OpenRun } from '../open-run.ts';
import type { Candidate, RefinementModel } from './candidate.ts';
import { type WeightedPixels, weightedPixels } from './evidence.ts';
import { featureWidth } from './line-width.ts';
import { type LinearBasis, linearBasis, POLYNOMIAL_TERMS } from './linear-basis.ts';
import { apart, deepestMinima } from './minima.ts';
import { nearestClass } from './nearest-class.ts';
import { observedPixels } from './observed-pixels.ts';
import { onDataPixels, refine, refinementModel } from './refine.ts';
import { RedshiftScanner, type Scan } from './scan.ts';
import { type RedshiftWarning, warningBits, warningsOf } from './warnings.ts';

export interface RedshiftOptions {
  /** −0.01 unless told: stars and the nearest galaxies move towards us. */
  readonly zmin?: number;
  /** Unless told, as far as the model still reaches a quarter of the spectrum. */
  readonly zmax?: number;
  /** Also give what a figure shows: the scan, the data and the models. */
  readonly detail?: boolean;
}

export interface RedshiftAnswer {
  readonly z: number;
  /** χ² of the model over the pixels that it reaches. */
  readonly chi2: number;
  /** How much worse than the best in total cost, priors and pixels out of reach included. */
  readonly deltaChi2: number;
}

export interface RedshiftFit {
  readonly z: number;
  /** Standard deviation, all other parameters free, times √(χ²/dof) where that exceeds 1, and what lines are shifted; null when there is none. */
  readonly zError: number | null;
  /** Bits of `REDSHIFT_WARNINGS`; 0 = none. */
  readonly warning: number;
  readonly warnings: readonly RedshiftWarning[];
  /** χ² over `pixels` pixels of the run's grid; the noise includes the model's scatter. */
  readonly chi2: number;
  readonly pixels: number;
  readonly degreesOfFreedom: number;
  /** To the best of the runners-up; null when there is none. */
  readonly deltaChi2: number | null;
  /** Class that most of the nearest training spectra have; null when the run knows none. */
  readonly objectClass: string | null;
  /** Best latents, length Q. */
  readonly latent: Float64Array;
  /** Other redshifts, best first. */
  readonly runnersUp: readonly RedshiftAnswer[];
  readonly detail?: RedshiftDetail;
}

/** What a figure shows. Arrays over the scan, and over the data's pixels (observed vacuum ångström). */
export interface RedshiftDetail {
  readonly scan: { readonly z: Float64Array; readonly cost: Float64Array };
  readonly wavelength: Float64Array;
  /** In the file's unit. */
  readonly flux: Float64Array;
  readonly ivar: Float64Array;
  /** The best model and the runner-up's; NaN out of reach. */
  readonly model: Float64Array;
  readonly runnerUp: Float64Array | null;
}

export type RedshiftOutcome =
  | { readonly ok: true; readonly fit: RedshiftFit }
  | { readonly ok: false; readonly reason: string };

const DEFAULT_ZMIN = -0.01;
const FARTHEST_ZMAX = 20;
/** Least share of the shorter of model and spectrum that must overlap. */
const LEAST_OVERLAP = 0.25;
/** Scan minima that are refined, and answers that are reported beside the best. */
const REFINED = 6;
const RUNNERS_UP = 3;
/**
 * Model scatter that is always allowed for, as a share of the continuum: survey calibration and what a run has not seen.
 */
const LEAST_SCATTER = 0.02;
/** Systematic error of a redshift in pixels of the run's grid: lines narrower than a pixel are not placed better. */
const GRID_ERROR = 0.04;
/** The same in widths of the lines: broad lines are shifted against each other, and not alike in every object. */
const PLACE_SHARE = 0.04;

/**
 * @throws UserError when the run cannot measure redshifts: it keeps no latents, or its grid is not log-spaced
 */
export async function fitRedshift(
  run: OpenRun,
  spectrum: Spectrum,
  options: RedshiftOptions = {},
): Promise<RedshiftOutcome> {
  let fitter = fitters.get(run);
  if (fitter === undefined) {
    fitter = RedshiftFitter.of(run);
    fitters.set(run, fitter);
  }
  return (await fitter).fit(spectrum, options);
}

/** What a run is made ready with once, for all spectra. */
const fitters = new WeakMap<OpenRun, Promise<RedshiftFitter>>();

class RedshiftFitter {
  readonly #run: OpenRun;
  readonly #basis: LinearBasis;
  readonly #scanner: RedshiftScanner;
  readonly #model: RefinementModel;

  static async of(run: OpenRun): Promise<RedshiftFitter> {
    return new RedshiftFitter(run, await linearBasis(run));
  }

  private constructor(run: OpenRun, basis: LinearBasis) {
    this.#run = run;
    this.#basis = basis;
    this.#scanner = new RedshiftScanner(basis);
    this.#model = refinementModel(basis);
  }

  async fit(spectrum: Spectrum, options: RedshiftOptions): Promise<RedshiftOutcome> {
    const { zmin = DEFAULT_ZMIN, zmax = FARTHEST_ZMAX, detail = false } = options;
    if (spectrum.frame === 'rest')
      return { ok: false, reason: 'it is in its rest frame already: there is no redshift to find' };
    const pixels = observedPixels(spectrum, this.#basis);
    if (pixels === null) return { ok: false, reason: 'not one of its pixels was observed' };
    const data = weightedPixels(pixels, Math.max(this.#basis.scatter, LEAST_SCATTER));
    const minimumPixels = Math.ceil(LEAST_OVERLAP * Math.min(this.#basis.pixels, data.observed[data.pixels]));
    const scan = this.#scanner.scan(data, { zmin, zmax, minimumPixels });
    const minima = deepestMinima(scan, REFINED);
    if (minima.length === 0) return { ok: false, reason: this.#whyNot(scan, data, zmin, zmax) };
    const { step } = this.#basis;
    const shifts = minima.map((at) => Math.log1p(scan.z[at]) / step);
    const refined = await refine(this.#run, this.#basis, this.#model, data, shifts);
    const ranked = distinct(refined, step);
    return { ok: true, fit: await this.#describe(ranked, scan, data, detail) };
  }

  #whyNot(scan: Scan, data: WeightedPixels, zmin: number, zmax: number): string {
    if (scan.z.length > 0) return 'no model of positive flux fits it at any redshift of the range';
    const angstrom = (lnλ: number) => Math.exp(lnλ).toFixed(0);
    const { first, step, pixels } = this.#basis;
    return (
      `it covers ${angstrom(data.first)} to ${angstrom(data.first + (data.pixels - 1) * step)} Å and the model ` +
      `${angstrom(first)} to ${angstrom(first + (pixels - 1) * step)} Å at rest: between redshifts ${zmin} and ${zmax} ` +
      `less than ${100 * LEAST_OVERLAP}% of them overlap`
    );
  }

  async #describe(
    ranked: readonly Candidate[],
    scan: Scan,
    data: WeightedPixels,
    detail: boolean,
  ): Promise<RedshiftFit> {
    const [best, second] = ranked;
    const { step } = this.#basis;
    const models = await this.#models(ranked.slice(0, 2), data);
    const runnersUp = ranked.slice(1, 1 + RUNNERS_UP).map((candidate) => ({
      z: redshiftOf(candidate, step),
      chi2: candidate.chi2,
      deltaChi2: candidate.cost - best.cost,
    }));
    const pixels = best.coveredPixels;
    const degreesOfFreedom = Math.max(1, pixels - best.size);
    const reducedChi2 = best.chi2 / degreesOfFreedom;
    const deltaChi2 = second === undefined ? null : second.cost - best.cost;
    const z = redshiftOf(best, step);
    const curvatureError = best.shiftError();
    const least = Math.max(GRID_ERROR, PLACE_SHARE * featureWidth(data, models[0]));
    const shiftError =
      curvatureError === null ? null : Math.hypot(curvatureError * Math.sqrt(Math.max(1, reducedChi2)), least);
    const warnings = warningsOf({
      coveredPixels: pixels,
      observedPixels: data.observed[data.pixels],
      deltaChi2,
      gain: scan.continuumCost - best.cost,
      unit: Math.max(
        1,
        reducedChi2,
        shiftError === null || curvatureError === null ? 1 : (shiftError / curvatureError) ** 2,
      ),
      ...shares(data, models[0]),
      atLimit: atLimit(z, scan),
      refined: !best.strayed && shiftError !== null,
      snr: medianSnr(data.flux, data.ivar),
    });
    return {
      z,
      zError: shiftError === null ? null : (1 + z) * step * shiftError,
      warning: warningBits(warnings),
      warnings,
      chi2: best.chi2,
      pixels,
      degreesOfFreedom,
      deltaChi2,
      objectClass: nearestClass(this.#basis, this.#model.priorPrecision, best.latent),
      latent: best.latent,
      runnersUp,
      ...(detail ? { detail: detailOf(scan, data, models) } : {}),
    };
  }

  /** The candidates' spectra on the data's pixels, in units of the data's flux. */
  async #models(candidates: readonly Candidate[], data: WeightedPixels): Promise<Float64Array[]> {
    const latents = zeros(candidates.length, this.#model.latents);
    candidates.forEach(({ latent }, n) => {
      latents.data.set(latent, n * this.#model.latents);
    });
    const { mean } = await this.#run.decode(latents);
    const { pixels } = this.#basis;
    return candidates.map(({ amplitude, polynomial, shift }, n) => {
      const spectrum = Float64Array.from({ length: pixels }, (_, p) => {
        let value = mean.data[n * pixels + p];
        for (let k = 0; k < POLYNOMIAL_TERMS; k++) value += polynomial[k] * this.#model.polynomial[k * pixels + p];
        return amplitude * value;
      });
      return onDataPixels(data, spectrum, shift);
    });
  }
}

/** Best first; of candidates that ended at one redshift, the best. */
function distinct(candidates: readonly Candidate[], step: number): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of [...candidates].sort((a, b) => a.cost - b.cost)) {
    if (kept.every((other) => apart(redshiftOf(candidate, step), redshiftOf(other, step)))) kept.push(candidate);
  }
  return kept;
}

function redshiftOf({ shift }: Candidate, step: number): number {
  return Math.expm1(shift * step);
}

function atLimit(z: number, scan: Scan): boolean {
  const [first, second, last] = [scan.z[0], scan.z[1] ?? scan.z[0], scan.z[scan.z.length - 1]];
  const within = 2 * Math.log((1 + second) / (1 + first));
  return Math.log((1 + z) / (1 + first)) < within || Math.log((1 + last) / (1 + z)) < within;
}

function shares({ flux, weight }: WeightedPixels, model: Float64Array) {
  let covered = 0;
  let negative = 0;
  let outliers = 0;
  for (let i = 0; i < flux.length; i++) {
    if (!(weight[i] > 0) || Number.isNaN(model[i])) continue;
    covered++;
    if (model[i] < 0) negative++;
    if (weight[i] * (flux[i] - model[i]) ** 2 > 25) outliers++;
  }
  return { negativeShare: negative / Math.max(1, covered), outlierShare: outliers / Math.max(1, covered) };
}

function detailOf(scan: Scan, data: WeightedPixels, [model, runnerUp]: readonly Float64Array[]): RedshiftDetail {
  const { scale } = data;
  return {
    scan: { z: scan.z, cost: scan.cost },
    wavelength: Float64Array.from({ length: data.pixels }, (_, i) => Math.exp(data.first + i * data.step)),
    flux: data.flux.map((value) => value * scale),
    ivar: data.ivar.map((value) => value / scale ** 2),
    model: model.map((value) => value * scale),
    runnerUp: runnerUp === undefined ? null : runnerUp.map((value) => value * scale),
  };
}
