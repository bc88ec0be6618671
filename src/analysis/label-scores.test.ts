import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Matrix, Random, zeros } from '../base/index.ts';
import { LabelSums } from './label-scores.ts';

const OBJECTS = 20000;
/** Of the measurements; the predictions' own scatter differs from object to object. */
const MEASUREMENT_ERROR = 0.3;

/** Predictions that are as far from the truth as their variance says; every third label measured. */
function survey(options: { readonly inflate?: number; readonly outliers?: number } = {}) {
  const random = new Random(5);
  const [mean, variance, value, ivar] = Array.from({ length: 4 }, () => zeros(OBJECTS, 1));
  const truth: number[] = [];
  const bound: number[] = [];
  for (let i = 0; i < OBJECTS; i++) {
    const sd = random.uniform(0.05, 0.4);
    truth.push(random.normal());
    bound.push(sd);
    const size = i < (options.outliers ?? 0) * OBJECTS ? 50 : (options.inflate ?? 1);
    mean.data[i] = truth[i] + size * sd * random.normal();
    variance.data[i] = sd ** 2;
    if (i % 3 > 0) continue;
    value.data[i] = truth[i] + MEASUREMENT_ERROR * random.normal();
    ivar.data[i] = MEASUREMENT_ERROR ** -2;
  }
  const labels = { names: ['mass'], value, ivar };
  return { predicted: { mean, variance }, labels, extra: { true_mass: truth, crb_mass: bound } };
}

function near(actual: number | undefined, expected: number, tolerance: number): void {
  assert.ok(actual !== undefined && Math.abs(actual - expected) < tolerance, `${actual} is not near ${expected}`);
}

function scoreOf({ predicted, ...catalogue }: ReturnType<typeof survey>) {
  const sums = new LabelSums(['mass']);
  sums.add(
    predicted,
    catalogue,
    Uint32Array.from({ length: OBJECTS }, (_, i) => i),
  );
  return sums.scores().mass;
}

describe('scores of predicted labels', () => {
  it('are those of four objects worked out by hand', () => {
    const matrix = (...data: number[]): Matrix => ({ rows: data.length, columns: 1, data: Float32Array.from(data) });
    const sums = new LabelSums(['mass']);
    const catalogue = {
      labels: { names: ['age', 'mass'], value: zeros(4, 2), ivar: zeros(4, 2) },
      extra: { true_mass: [1, 2, 4, null], crb_mass: [1, 2, null, 1] },
    };
    catalogue.labels.value.data.set([9, 1, 9, 2, 9, 3, 9, 0]);
    catalogue.labels.ivar.data.set([1, 4, 1, 1, 1, 1, 1, 0]);
    // Rows 1, 2 and 0 in one chunk, row 3 in another. Errors: measured 1, −1, 2; true 1, −2, 2.
    sums.add({ mean: matrix(3, 2, 3), variance: matrix(0, 0, 3.75) }, catalogue, [1, 2, 0]);
    sums.add({ mean: matrix(7), variance: matrix(1) }, catalogue, [3]);
    const { mass } = sums.scores();
    assert.equal(mass.n, 3);
    near(mass.rmse, Math.sqrt(2), 1e-6);
    near(mass.mae, 4 / 3, 1e-6);
    near(mass.robust, 1.4826, 1e-6);
    near(mass.nlpd, 0.5 * Math.log(2 * Math.PI) + (0.5 + 0.5 + 0.5 * Math.log(4) + 4 / 8) / 3, 1e-6);
    assert.equal(mass.coverage68, 1);
    near(mass.rmseTruth, Math.sqrt(3), 1e-6);
    near(mass.robustTruth, 1.4826, 1e-6);
    assert.equal(mass.coverageTruth68, 0);
    near(mass.coverageTruth95, 1 / 3, 1e-9);
    // Bounds stand beside rows 0 and 1 only: errors 2 and 1, bounds 1 and 2, pulls 2 and 0.5.
    near(mass.crbRatio, 1, 1e-6);
    near(mass.robustCrbRatio, 1.4826 * 0.75, 1e-6);
  });

  it('are at the bound, and cover the truth and the measurements, when predictions are the best possible', () => {
    const score = scoreOf(survey());
    assert.equal(score.n, Math.ceil(OBJECTS / 3));
    near(score.crbRatio, 1, 0.02);
    near(score.robustCrbRatio, 1, 0.03);
    near(score.coverageTruth68, 0.6827, 0.01);
    near(score.coverageTruth95, 0.95, 0.006);
    near(score.coverage68, 0.6827, 0.02);
    near(score.coverage95, 0.95, 0.01);
    near(score.rmse ** 2 - (score.rmseTruth ?? Number.NaN) ** 2, MEASUREMENT_ERROR ** 2, 0.01);
  });

  it('tell predictions that are worse than the bound by how much', () => {
    const score = scoreOf(survey({ inflate: 1.5 }));
    near(score.crbRatio, 1.5, 0.03);
    near(score.robustCrbRatio, 1.5, 0.04);
  });

  it('keep outliers out of the robust ones only', () => {
    const score = scoreOf(survey({ outliers: 0.01 }));
    assert.ok((score.crbRatio ?? 0) > 4);
    near(score.robustCrbRatio, 1, 0.04);
    assert.ok(score.rmse > 2 * score.robust);
  });

  it('say nothing of truth or bound where the catalogue has none, and leave out labels that nobody measured', () => {
    const { predicted, labels } = survey();
    const score = scoreOf({ predicted, labels, extra: { true_mass: [], crb_mass: [] } });
    assert.deepEqual(Object.keys(score), ['n', 'rmse', 'robust', 'mae', 'nlpd', 'coverage68', 'coverage95']);
    const sums = new LabelSums(['age']);
    sums.add(predicted, { labels, extra: {} }, [0, 1]);
    assert.deepEqual(sums.scores(), {});
  });
});
