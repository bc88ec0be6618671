import { CholeskySolver, packedLength, packedPositions } from '../../linalg/index.ts';
import { EDDINGTON_OF_LUMINOSITY, LUMINOSITY_OF_REDSHIFT, QUASAR_SCATTER } from './draw-quasar.ts';
import type { QuasarHidden } from './hidden.ts';
import { createLogDerivatives, SHAPING } from './log-derivatives.ts';

/**
 * How well the labels of one simulated quasar can be known from its spectrum: the Bayesian Cramér–Rao bound
 * (Van Trees 1968, section 2.4.3) in its usual form for one object, with the Fisher information at the object's own
 * hidden quantities instead of the average over the population. The covariance bound is the inverse of
 *
 *     Σ_p ivar_p J_p J_pᵀ + curvature of −ln p(hidden | redshift),     J_pk = ∂ f_p / ∂ hidden_k
 *
 * over the observed pixels, with f the noise-free normalised flux.
 *
 * - The brightness is one more unknown, with a flat prior: flux is divided by a mean of noisy pixels around 2500 Å,
 *   so its scale is not known better than the spectrum tells.
 * - The redshift is known: it stands in the catalogue, took the spectrum to its rest frame, and shows in which pixels
 *   are observed. Its error (some 30 km/s) moves no bound by 0.1%.
 * - The exponential distribution of E(B−V) has no curvature. It enters as the normal distribution of its variance,
 *   the least informative one with it. Bounds of labels with E(B−V) known, or free, differ by 1%.
 * - The forest, where a grid shows it, counts as known absorption.
 * - The limits at which the simulator clips luminosities and Eddington ratios, beyond 3σ, do not enter; nor does what
 *   the noise itself tells about the flux, since models take ivar as given.
 */

/** Standard deviations, dex, as catalogue columns beside `true_log_lbol` and so on. */
export type LabelBounds = Readonly<Record<'crb_log_lbol' | 'crb_log_mbh' | 'crb_log_edd', number>>;

const SHAPES = SHAPING.length;
/** … and the brightness. */
const UNKNOWNS = SHAPES + 1;
const LUMINOSITY = SHAPING.indexOf('logLbol');
const MASS = SHAPING.indexOf('logMbh');

/**
 * Bounds for spectra on one grid.
 *
 * @param grid rest wavelengths, vacuum Å, length P
 * @returns given the hidden quantities, noise-free flux and ivar (both length P, in one unit; ivar 0 = unobserved),
 *   the bounds of the three labels
 */
export function createLabelBounds(
  grid: Float64Array,
): (hidden: QuasarHidden, truth: Float32Array, ivar: Float32Array) => LabelBounds {
  const logDerivatives = createLogDerivatives(grid);
  const prior = priorInformation();
  const information = new Float64Array(prior.length);
  const covariance = new Float64Array(prior.length);
  const positions = packedPositions(UNKNOWNS);
  const solver = new CholeskySolver(UNKNOWNS);
  return (hidden, truth, ivar) => {
    information.set(prior);
    addSpectrum(information, logDerivatives(hidden), truth, ivar);
    if (!solver.factor(information)) throw new RangeError('the information of a spectrum is not positive definite');
    solver.inverse(covariance);
    const luminosity = covariance[positions[LUMINOSITY * UNKNOWNS + LUMINOSITY]];
    const mass = covariance[positions[MASS * UNKNOWNS + MASS]];
    const both = covariance[positions[LUMINOSITY * UNKNOWNS + MASS]];
    return {
      crb_log_lbol: Math.sqrt(luminosity),
      crb_log_mbh: Math.sqrt(mass),
      // log_edd = log_lbol − log_mbh − const.
      crb_log_edd: Math.sqrt(luminosity + mass - 2 * both),
    };
  };
}

/** Adds Σ_p ivar_p J_p J_pᵀ, packed; ∂f/∂hidden = f ∂ln f/∂hidden, and ∂f/∂ln brightness = f. */
function addSpectrum(
  information: Float64Array,
  logDerivatives: readonly Float64Array[],
  truth: Float32Array,
  ivar: Float32Array,
): void {
  const gradient = new Float64Array(UNKNOWNS);
  for (let p = 0; p < truth.length; p++) {
    if (ivar[p] === 0) continue;
    for (let k = 0; k < SHAPES; k++) gradient[k] = truth[p] * logDerivatives[k][p];
    gradient[SHAPES] = truth[p];
    addOuter(information, gradient, ivar[p]);
  }
}

/** Curvature of −ln p of what `drawQuasar` draws, packed: a sum of outer products, one for each normal deviate. */
function priorInformation(): Float64Array {
  const information = new Float64Array(packedLength(UNKNOWNS));
  const addDeviate = (sigma: number, gradient: Readonly<Partial<Record<(typeof SHAPING)[number], number>>>) => {
    const dense = Float64Array.from({ length: UNKNOWNS }, (_, k) => (k < SHAPES ? (gradient[SHAPING[k]] ?? 0) : 0));
    addOuter(information, dense, 1 / sigma ** 2);
  };
  addDeviate(LUMINOSITY_OF_REDSHIFT.sigma, { logLbol: 1 });
  // log L_bol − log M_BH − const less its mean, which follows log L_bol.
  addDeviate(EDDINGTON_OF_LUMINOSITY.sigma, { logLbol: 1 - EDDINGTON_OF_LUMINOSITY.slope, logMbh: -1 });
  addDeviate(QUASAR_SCATTER.ebv.mean, { ebv: 1 });
  for (const name of ['slope', 'lines', 'ionisation', 'widths', 'iron', 'narrow', 'balmer', 'blueshift'] as const) {
    addDeviate(QUASAR_SCATTER[name].sigma, { [name]: 1 });
  }
  return information;
}

/** Adds weight · v vᵀ, packed. */
function addOuter(packed: Float64Array, vector: Float64Array, weight: number): void {
  let at = 0;
  for (let i = 0; i < vector.length; i++) {
    const scaled = weight * vector[i];
    for (let j = i; j < vector.length; j++) packed[at++] += scaled * vector[j];
  }
}
