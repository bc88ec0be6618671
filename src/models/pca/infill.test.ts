import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type LowRankSpectra, lowRankSpectra } from '../../../tests/fixtures/models/low-rank-spectra.ts';
import { type Matrix, Random, row, zeros } from '../../base/index.ts';
import type { Runtime } from '../../graph/index.ts';
import { createNodeRuntime } from '../../graph/runtime.node.ts';
import type { DenseMatrix } from '../../linalg/index.ts';
import { infilledMatrix, infillParameters } from './infill.ts';
import { iterativeInfill } from './iterative-infill.ts';

let runtime: Runtime;
before(() => {
  runtime = createNodeRuntime({ threads: 1 });
});

const survey = lowRankSpectra({ objects: 1500, pixels: 120, components: 3, seed: 21, gaps: 0.5, noise: [0.02, 0.2] });

/** Root mean square of filled − truth over unobserved pixels, and the same for filling with the mean spectrum. */
function gapErrors(filled: Matrix, { truth, ivar, mean }: LowRankSpectra): { filled: number; mean: number } {
  let [gaps, squares, atMean] = [0, 0, 0];
  for (let i = 0; i < filled.data.length; i++) {
    if (ivar.data[i] > 0) continue;
    gaps++;
    squares += (filled.data[i] - truth.data[i]) ** 2;
    atMean += (mean[i % mean.length] - truth.data[i]) ** 2;
  }
  return { filled: Math.sqrt(squares / gaps), mean: Math.sqrt(atMean / gaps) };
}

function assertObservedUntouched(filled: Matrix, { flux, ivar }: LowRankSpectra): void {
  for (let i = 0; i < filled.data.length; i++) if (ivar.data[i] > 0) assert.equal(filled.data[i], flux.data[i]);
}

describe('infill by weighted PCA', () => {
  it('recovers hidden pixels to well within a pixel’s noise, and leaves observed ones alone', async () => {
    const options = { components: 5, runtime, random: new Random(1) };
    const parameters = await infillParameters(survey, options);
    const filled = await infilledMatrix(survey, parameters, { runtime });
    const errors = gapErrors(filled, survey);
    // Typical noise of a pixel: 0.02 … 0.2.
    assert.ok(errors.filled < 0.05 && errors.filled < 0.12 * errors.mean, `${errors.filled} against ${errors.mean}`);
    assertObservedUntouched(filled, survey);
  });

  it('does not depend on what stands in unobserved pixels', async () => {
    const parameters = await infillParameters(survey, { components: 3, runtime, random: new Random(1) });
    const other = { flux: { ...survey.flux, data: survey.flux.data.slice() }, ivar: survey.ivar };
    survey.ivar.data.forEach((w, i) => {
      if (w === 0) other.flux.data[i] = -7;
    });
    const [a, b] = await Promise.all([survey, other].map((data) => infilledMatrix(data, parameters, { runtime })));
    assert.deepEqual(a, b);
  });

  it('fills a spectrum of which nothing was observed with the mean spectrum', async () => {
    const parameters = await infillParameters(survey, { components: 3, runtime, random: new Random(1) });
    const filled = await infilledMatrix({ flux: zeros(1, 120), ivar: zeros(1, 120) }, parameters, { runtime });
    assert.deepEqual(filled.data, parameters.infillMean.data);
  });

  it('makes do with components that few spectra can tell', async () => {
    const few = lowRankSpectra({ objects: 7, pixels: 40, components: 2, seed: 3 });
    const parameters = await infillParameters(few, { components: 10, runtime, random: new Random(1) });
    assert.deepEqual(parameters.infillLoadings.shape, [10, 40]);
    assert.ok(parameters.infillLoadings.data.subarray(3 * 40).every((value) => value === 0));
    const filled = await infilledMatrix(few, parameters, { runtime });
    assert.ok(filled.data.every(Number.isFinite));
  });
});

describe('iterative PCA infill (Yip et al. 2004)', () => {
  const options = () => ({ components: 3, runtime, random: new Random(1) });

  it('recovers hidden pixels, and leaves observed ones alone', async () => {
    const { filled, state } = await iterativeInfill(survey, options());
    const errors = gapErrors(filled, survey);
    assert.ok(errors.filled < 0.12 && errors.filled < 0.25 * errors.mean, `${errors.filled} against ${errors.mean}`);
    assertObservedUntouched(filled, survey);
    const { trace } = state;
    assert.ok(trace[trace.length - 1].change < 5e-3, `filled pixels still move by ${trace[trace.length - 1].change}`);
    assert.ok(state.iteration < 10, `${state.iteration} iterations`);
  });

  it('is ordinary PCA, at once, when nothing is missing', async () => {
    const whole = lowRankSpectra({ objects: 100, pixels: 40, components: 3, seed: 2 });
    const { filled, state } = await iterativeInfill(whole, options());
    assert.equal(state.iteration, 1);
    assert.equal(filled, whole.flux);
    let residual = 0;
    for (let n = 0; n < 100; n++) residual += offPlane(row(whole.flux, n), state.mean, state.basis);
    assert.ok(Math.abs(state.trace[0].residual / residual - 1) < 1e-3);
  });
});

/** Squared distance of a spectrum from the plane. */
function offPlane(flux: Float32Array, mean: Float32Array, basis: DenseMatrix): number {
  const rest = Float64Array.from(flux, (x, d) => x - mean[d]);
  for (let k = 0; k < basis.rows; k++) {
    const component = basis.data.subarray(k * basis.columns, (k + 1) * basis.columns);
    const along = component.reduce((sum, value, d) => sum + value * rest[d], 0);
    component.forEach((value, d) => {
      rest[d] -= along * value;
    });
  }
  return rest.reduce((sum, value) => sum + value * value, 0);
}
