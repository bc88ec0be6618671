import { pixelEdges } from '../../spectra/index.ts';
import { MAGNITUDE, smallMagellanicCloud } from '../dust.ts';
import { balmerContinuum } from '../nuclei/balmer-continuum.ts';
import { EDDINGTON_OF_LUMINOSITY, LUMINOSITY_OF_REDSHIFT, QUASAR_SCATTER } from './draw-quasar.ts';
import type { QuasarHidden } from './hidden.ts';
import { type Component, type Parts, partsOf, REFERENCE } from './quasar-parts.ts';

/**
 * How a quasar's noise-free spectrum answers to what it follows from. The template is a sum of parts (power law,
 * Balmer continuum, some 150 Gaussians), so differences of the few numbers that describe each part, carried to the
 * pixels by the chain rule, cost about as much as three templates on the survey's pixels; central differences of whole templates take 22.
 */

/** The hidden quantities that shape the rest-frame spectrum. */
export const SHAPING = [
  'logLbol',
  'logMbh',
  'slope',
  'ebv',
  'lines',
  'ionisation',
  'widths',
  'iron',
  'narrow',
  'balmer',
  'blueshift',
] as const satisfies readonly (keyof QuasarHidden)[];

/**
 * Steps of the differences, a millionth of the scatter in the population: the parts are smooth functions in float64,
 * so that one-sided differences are as good as a millionth of the derivative.
 */
const STEPS = SHAPING.map((name) => 1e-6 * scatterOf(name));

function scatterOf(name: (typeof SHAPING)[number]): number {
  if (name === 'logLbol') return LUMINOSITY_OF_REDSHIFT.sigma;
  if (name === 'logMbh') return EDDINGTON_OF_LUMINOSITY.sigma;
  return name === 'ebv' ? QUASAR_SCATTER.ebv.mean : QUASAR_SCATTER[name].sigma;
}

/** The simulator's Gaussians end here, in σ. */
const REACH = 5;

/** ∂ ln f / ∂ SHAPING[k], one array of length P for each; they are overwritten by the next call. */
export type LogDerivatives = (hidden: QuasarHidden) => readonly Float64Array[];

/**
 * Derivatives of ln f, f the template's mean over each pixel of a rest-frame grid, with respect to each of `SHAPING`.
 * Units of f and a forest, which none of these changes, drop out.
 *
 * @param grid vacuum Å, length P
 */
export function createLogDerivatives(grid: Float64Array): LogDerivatives {
  const edges = pixelEdges(grid).map(Math.log);
  const flux = new Float64Array(grid.length);
  const derivatives = SHAPING.map(() => new Float64Array(grid.length));
  const reddening = grid.map((wavelength) => MAGNITUDE * smallMagellanicCloud(wavelength));
  const moments = new PixelMoments(edges);
  return (hidden) => {
    const parts = partsOf(hidden);
    const moved = SHAPING.map((name, k) => partsOf({ ...hidden, [name]: hidden[name] + STEPS[k] }));
    setContinuum(flux, derivatives, edges, parts, moved);
    parts.gaussians.forEach((gaussian, index) => {
      moments.measure(gaussian);
      moments.add(flux, gaussian.amplitude, 0, 0);
      moved.forEach((other, k) => {
        addChange(derivatives[k], moments, gaussian, other.gaussians[index], STEPS[k]);
      });
    });
    derivatives.forEach((derivative, k) => {
      const dust = (moved[k].ebv - parts.ebv) / STEPS[k];
      for (let p = 0; p < flux.length; p++) derivative[p] = derivative[p] / flux[p] + dust * reddening[p];
    });
    return derivatives;
  };
}

/** Overwrites flux and derivatives with those of the power law and the Balmer continuum. */
function setContinuum(
  flux: Float64Array,
  derivatives: readonly Float64Array[],
  edges: Float64Array,
  parts: Parts,
  moved: readonly Parts[],
): void {
  const slopes = moved.map(({ slope }, k) => (slope - parts.slope) / STEPS[k]);
  const strengths = moved.map(({ balmer }, k) => (balmer - parts.balmer) / STEPS[k]);
  for (let p = 0; p < flux.length; p++) {
    const at = 0.5 * (edges[p] + edges[p + 1]);
    const distance = at - Math.log(REFERENCE);
    const power = Math.exp(distance * parts.slope);
    const balmer = balmerContinuum(at);
    flux[p] = power + parts.balmer * balmer;
    derivatives.forEach((derivative, k) => {
      derivative[p] = slopes[k] * distance * power + strengths[k] * balmer;
    });
  }
}

/** Adds the derivative of A g: dA ⟨g⟩ + A/σ dcentre ⟨x g⟩ + A/σ dσ ⟨x² g⟩. */
function addChange(
  derivative: Float64Array,
  moments: PixelMoments,
  from: Component,
  to: Component,
  step: number,
): void {
  const scale = from.amplitude / (from.sigma * step);
  const amplitude = (to.amplitude - from.amplitude) / step;
  const centre = scale * (to.centre - from.centre);
  const sigma = scale * (to.sigma - from.sigma);
  if (amplitude !== 0 || centre !== 0 || sigma !== 0) moments.add(derivative, amplitude, centre, sigma);
}

/**
 * Means over pixels of g, x g and x² g, for a Gaussian g = exp(−x²/2), x = (ln λ − centre)/σ:
 * ∫g = √(π/2) erf(x/√2), ∫x g = −g and ∫x² g = ∫g − x g.
 */
class PixelMoments {
  readonly #edges: Float64Array;
  /** Moments 0, 1 and 2 of pixel p from 3p; filled from `#first` to before `#end`. */
  readonly #moments: Float64Array;
  #first = 0;
  #end = 0;

  /** @param edges ln λ of the pixels' boundaries, length P + 1 */
  constructor(edges: Float64Array) {
    this.#edges = edges;
    this.#moments = new Float64Array(3 * (edges.length - 1));
  }

  measure({ centre, sigma }: Component): void {
    const edges = this.#edges;
    const moments = this.#moments;
    this.#first = firstAbove(edges, centre - REACH * sigma, 1) - 1;
    this.#end = Math.min(edges.length - 1, firstAbove(edges, centre + REACH * sigma, 0));
    let x = (edges[this.#first] - centre) / sigma;
    let g = Math.exp(-0.5 * x * x);
    let integral = gaussianIntegral(x, g);
    for (let p = this.#first; p < this.#end; p++) {
      const nextX = (edges[p + 1] - centre) / sigma;
      const nextG = Math.exp(-0.5 * nextX * nextX);
      const nextIntegral = gaussianIntegral(nextX, nextG);
      const width = nextX - x;
      moments[3 * p] = (nextIntegral - integral) / width;
      moments[3 * p + 1] = (g - nextG) / width;
      moments[3 * p + 2] = moments[3 * p] + (x * g - nextX * nextG) / width;
      x = nextX;
      g = nextG;
      integral = nextIntegral;
    }
  }

  /** Adds a ⟨g⟩ + b ⟨x g⟩ + c ⟨x² g⟩ of the Gaussian measured last. */
  add(into: Float64Array, a: number, b: number, c: number): void {
    const moments = this.#moments;
    for (let p = this.#first; p < this.#end; p++) {
      into[p] += a * moments[3 * p] + b * moments[3 * p + 1] + c * moments[3 * p + 2];
    }
  }
}

/** Index, from `start` on, of the first edge above `value`; the number of edges when none is. */
function firstAbove(edges: Float64Array, value: number, start: number): number {
  let low = start;
  let high = edges.length;
  while (low < high) {
    const between = (low + high) >> 1;
    if (edges[between] > value) high = between;
    else low = between + 1;
  }
  return low;
}

/** √(π/2) erf(x/√2) with g = exp(−x²/2) at hand, to 2e-7: Abramowitz & Stegun (1964), equation 7.1.26. */
function gaussianIntegral(x: number, g: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x) * Math.SQRT1_2);
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * g;
  return Math.sign(x) * Math.sqrt(Math.PI / 2) * (1 - tail);
}
