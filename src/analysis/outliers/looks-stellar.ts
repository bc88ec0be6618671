import { CholeskySolver } from '../../linalg/index.ts';
import type { SeenObject } from './seen-object.ts';
import { STELLAR_KINDS, type StellarKind, stellarAbsorption } from './stellar-absorption.ts';

/** Absorption of a star at rest in the observer's frame, which an ordinary object of the model does not have. */
export interface StellarSigns {
  readonly kind: StellarKind;
  /** Strength of the absorption over its standard error. */
  readonly significance: number;
  /** Significance over the greatest of the same template at other shifts: a star's absorption fits at rest only. */
  readonly prominence: number;
}

/** Smooth terms of the fit: cos(kπx) over the grid, k = 0 … 8, which follow a continuum but no line or band. */
const SMOOTH_TERMS = 9;
/** Below this the shifts are not tried: nothing to explain. */
const WORTH_A_LOOK = 4;
/** Shifts tried in ln λ, either side, from the least that no line of the template spans. */
const NEAREST_SHIFT = 0.02;
const FARTHEST_SHIFT = 0.12;
const SHIFT_STEP = 0.004;
/** Nearer than this (ln(1 + z)), a galaxy's own absorption cannot be told from a star's. */
const NEAREST_GALAXY = 0.005;
/** Templates are looked up on a grid of ln λ this fine: a third of an SDSS pixel. */
const LOOKUP_STEP = 0.0001;

/**
 * Finds stars that were taken for something at a redshift: flux − model is fitted with model × (smooth terms + strength ×
 * stellar absorption at the *observed* wavelengths) by weighted least squares. A galaxy has its absorption where the
 * model puts it, so that none is left at rest; a star has it at rest, where no model at that redshift can follow.
 *
 * @param wavelength rest frame, length P
 */
export function stellarFinder(wavelength: Float64Array): (object: SeenObject) => StellarSigns | null {
  const logWavelength = wavelength.map(Math.log);
  const fit = smoothFit(logWavelength);
  const templates = STELLAR_KINDS.map((kind) => ({ kind, absorption: lookup(kind, logWavelength) }));
  return (object) => {
    if (object.shift < NEAREST_GALAXY || !fit.prepare(object)) return null;
    let best: StellarSigns | null = null;
    for (const { kind, absorption } of templates) {
      const significance = fit.significance(object, (p) => absorption(logWavelength[p] + object.shift));
      if (best !== null && significance <= best.significance) continue;
      best = { kind, significance, prominence: 1 };
    }
    if (best === null || best.significance < WORTH_A_LOOK) return best;
    const { kind, significance } = best;
    const template = templates.find((own) => own.kind === kind) ?? templates[0];
    let elsewhere = 1;
    for (let u = NEAREST_SHIFT; u <= FARTHEST_SHIFT; u += SHIFT_STEP) {
      for (const shift of [object.shift - u, object.shift + u]) {
        const rival = fit.significance(object, (p) => template.absorption(logWavelength[p] + shift));
        elsewhere = Math.max(elsewhere, rival);
      }
    }
    return { kind, significance, prominence: significance / elsewhere };
  };
}

function lookup(kind: StellarKind, logWavelength: Float64Array): (at: number) => number {
  const start = logWavelength[0] - 2 * FARTHEST_SHIFT;
  const length = Math.ceil((logWavelength[logWavelength.length - 1] + 2 - start) / LOOKUP_STEP);
  const table = Float32Array.from({ length }, (_, i) => stellarAbsorption(kind, start + i * LOOKUP_STEP));
  return (at) => table[Math.round((at - start) / LOOKUP_STEP)] ?? 0;
}

/** Weighted least squares with the smooth terms projected out of the template and of the residual. */
function smoothFit(logWavelength: Float64Array) {
  const pixels = logWavelength.length;
  const start = logWavelength[0];
  const span = logWavelength[pixels - 1] - start;
  const terms = Array.from({ length: SMOOTH_TERMS }, (_, k) =>
    logWavelength.map((at) => Math.cos((k * Math.PI * (at - start)) / span)),
  );
  const normal = new Float64Array((SMOOTH_TERMS * (SMOOTH_TERMS + 1)) / 2);
  const solver = new CholeskySolver(SMOOTH_TERMS);
  const residual = new Float64Array(SMOOTH_TERMS);
  const overlap = new Float64Array(SMOOTH_TERMS);
  const solved = new Float64Array(SMOOTH_TERMS);

  /** False when too little was observed to tell smooth from sharp. */
  function prepare({ flux, ordinary: model, continuumWeight: weight }: SeenObject): boolean {
    let at = 0;
    for (let i = 0; i < SMOOTH_TERMS; i++) {
      let product = 0;
      for (let p = 0; p < pixels; p++) product += weight[p] * model[p] * (flux[p] - model[p]) * terms[i][p];
      residual[i] = product;
      for (let j = i; j < SMOOTH_TERMS; j++) {
        let sum = 0;
        for (let p = 0; p < pixels; p++) sum += weight[p] * model[p] * model[p] * terms[i][p] * terms[j][p];
        // The smallest ridge keeps wide gaps from making the terms dependent.
        normal[at++] = i === j ? sum * (1 + 1e-9) : sum;
      }
    }
    return solver.factor(normal);
  }

  function significance(
    { flux, ordinary: model, continuumWeight: weight }: SeenObject,
    template: (pixel: number) => number,
  ): number {
    overlap.fill(0);
    let square = 0;
    let product = 0;
    for (let p = 0; p < pixels; p++) {
      const own = template(p);
      if (weight[p] === 0 || own === 0) continue;
      const weighted = weight[p] * model[p] * own;
      square += weighted * model[p] * own;
      product += weighted * (flux[p] - model[p]);
      for (let k = 0; k < SMOOTH_TERMS; k++) overlap[k] += weighted * model[p] * terms[k][p];
    }
    solved.set(overlap);
    solver.solve(solved);
    let information = square;
    for (let k = 0; k < SMOOTH_TERMS; k++) {
      information -= solved[k] * overlap[k];
      product -= solved[k] * residual[k];
    }
    return information > 1e-6 * square ? product / Math.sqrt(information) : 0;
  }

  return { prepare, significance };
}
