import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { choleskyOf, inverted, multiplied, turned } from '../../../tests/references/sparse-gp.ts';
import { Random } from '../../base/index.ts';
import { evaluate, gradients, input, subtract, sum } from '../../graph/index.ts';
import { withoutGain } from './gain.ts';
import { gaussian } from './likelihoods/gaussian.ts';

const [N, P] = [4, 7];
const random = new Random(12);
const normals = (length: number, scale = 1) => Float64Array.from({ length }, () => scale * random.normal());

/** Spectra of N objects that stand off by gains of some per cent; a third of the pixels, and all of the last object, not observed. */
const typical = normals(P, 0.5).map((value) => 3 + value);
const mean = normals(N * P);
const precision = normals(N * P).map((x, at) => (at % 3 === 0 || at >= (N - 1) * P ? 0 : 20 * Math.exp(x)));
const feeds: Record<string, Float64Array> = {
  mean,
  variance: new Float64Array(N * P),
  value: normals(N * P).map(
    (x, at) => mean[at] + 0.05 * Math.cos(Math.floor(at / P)) * (mean[at] + typical[at % P]) + 0.2 * x,
  ),
  precision,
  typical,
  logNoise: normals(P, 0.5).map((x) => x - 4),
  logShare: Float64Array.of(-3.2),
};

const tensors = {
  value: input('value', [N, P]),
  precision: input('precision', [N, P]),
  logNoise: input('logNoise', [P]),
  mean: input('mean', [N, P]),
  variance: input('variance', [N, P]),
  typical: input('typical', [P]),
  logShare: input('logShare', []),
};
const { mean: functionMean, variance, typical: typicalTensor, logShare, ...observations } = tensors;
const gained = withoutGain(
  observations,
  { mean: functionMean, variance },
  typicalTensor,
  logShare,
  gaussian.weightFactor,
);
const total = subtract(sum(gaussian.expectedLogDensity(gained.observed, gained.marginals)), sum(gained.divergence));

/** Σ_n ln N(x; f, W⁻¹ + u uᵀ/π) over the observed pixels of each object, with dense matrices. */
function exactMarginal(given: Record<string, Float64Array>): number {
  let whole = 0;
  for (let n = 0; n < N; n++) {
    const seen = Array.from({ length: P }, (_, p) => p).filter((p) => given.precision[n * P + p] > 0);
    if (seen.length === 0) continue;
    const ofPixel = (name: string, p: number) => given[name][n * P + p];
    const squaredSnr = seen.reduce((sum, p) => sum + ofPixel('precision', p) * given.typical[p] ** 2, 0) / seen.length;
    const gainVariance = Math.exp(given.logShare[0]) / (squaredSnr + 1);
    const u = seen.map((p) => ofPixel('mean', p) + given.typical[p]);
    const noise = seen.map((p) => 1 / ofPixel('precision', p) + Math.exp(given.logNoise[p]));
    const covariance = u.map((a, i) => u.map((b, j) => a * b * gainVariance + (i === j ? noise[i] : 0)));
    const residual = [seen.map((p) => ofPixel('value', p) - ofPixel('mean', p))];
    const quadratic = multiplied(multiplied(residual, inverted(covariance)), turned(residual))[0][0];
    const logDeterminant = choleskyOf(covariance).reduce((sum, row, i) => sum + 2 * Math.log(row[i]), 0);
    whole -= 0.5 * (quadratic + logDeterminant + seen.length * Math.log(2 * Math.PI));
  }
  return whole;
}

/** What `expectedLogDensity` leaves out. */
function constants(): number {
  return precision.reduce((sum, value) => sum + (value > 0 ? gaussian.constantOf(value) : 0), 0);
}

describe('spectra without their gain', () => {
  it('have the evidence of a Gaussian of rank-one covariance', () => {
    const { found } = evaluate({ outputs: { found: total }, feeds });
    assert.ok(Math.abs(found.data[0] + constants() - exactMarginal(feeds)) < 1e-9, `${found.data[0] + constants()}`);
  });

  it('have its derivatives along the share and the excess noise', () => {
    for (const name of ['logShare', 'logNoise'] as const) {
      const [slope] = gradients(total, [tensors[name]]);
      const { found } = evaluate({ outputs: { found: slope }, feeds });
      for (const [at, value] of found.data.entries()) {
        const moved = (by: number) =>
          exactMarginal({ ...feeds, [name]: feeds[name].map((x, other) => (other === at ? x + by : x)) });
        const difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        assert.ok(Math.abs(value - difference) < 1e-7 * (1 + Math.abs(difference)), `${name}: ${value}, ${difference}`);
      }
    }
  });

  it('have along the functions the derivative of that Gaussian with its spectrum u held', () => {
    const [slope] = gradients(total, [functionMean]);
    const { found } = evaluate({ outputs: { found: slope }, feeds });
    // With u held, moving f and moving x the other way are the same.
    for (let at = 0; at < N * P; at++) {
      const moved = (by: number) =>
        exactMarginal({ ...feeds, value: feeds.value.map((x, other) => (other === at ? x - by : x)) });
      const difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
      assert.ok(Math.abs(found.data[at] - difference) < 1e-6 * (1 + Math.abs(difference)), `${at}`);
    }
  });

  it('leave an object of which nothing was observed as it is, at no cost', () => {
    const { value, divergence } = evaluate({
      outputs: { value: gained.observed.value, divergence: gained.divergence },
      feeds,
    });
    const last = (N - 1) * P;
    assert.deepEqual(value.data.subarray(last), feeds.value.subarray(last));
    assert.ok(Math.abs(divergence.data[N - 1]) < 1e-12);
  });
});
