import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Matrix, Random, zeros } from '../../base/index.ts';
import type { FitData } from '../model.ts';
import { scalingOf, standardisedRows } from './standardise.ts';

const [N, P, K] = [4000, 5, 3];
const MEAN = [1, 2, -1, 4, 0];
const SCATTER = [0.5, 1, 0.8, 1e-3, 1.2];
const LABEL_MEAN = [45, 8, 0.5];
const LABEL_SCATTER = [0.4, 0, 0.3];

/** Noise of 0.02 to 2 from object to object, so that bright ones are known a hundred times better. */
function drawn(rows: number, columns: number, random: Random, mean: readonly number[], scatter: readonly number[]) {
  const [value, ivar] = [zeros(rows, columns), zeros(rows, columns)];
  for (let n = 0; n < rows; n++) {
    const noise = 0.02 * 100 ** random.uniform();
    for (let k = 0; k < columns; k++) {
      const at = n * columns + k;
      const seen = random.uniform() < 0.8;
      ivar.data[at] = seen ? noise ** -2 : 0;
      value.data[at] = seen ? mean[k] + scatter[k] * random.normal() + noise * random.normal() : 1e6;
    }
  }
  return { value, ivar };
}

const random = new Random(3);
const spectra = drawn(N, P, random, MEAN, SCATTER);
const data: FitData = {
  wavelength: Float64Array.from({ length: P }, (_, p) => 4000 + p),
  flux: spectra.value,
  ivar: spectra.ivar,
  labels: drawn(N, K, random, LABEL_MEAN, LABEL_SCATTER),
};
const withoutPixel = (ivar: Matrix, pixel: number): Matrix => ({
  ...ivar,
  data: ivar.data.map((value, at) => (at % P === pixel ? 0 : value)),
});

describe('the scaling of outputs', () => {
  const { centre, scale } = scalingOf(data, [true, true, true]);

  it('finds mean and scatter of the population under noise that differs a hundredfold', () => {
    for (const [p, mean] of [...MEAN, ...LABEL_MEAN].entries()) {
      const scatter = [...SCATTER, ...LABEL_SCATTER][p];
      // 3200 values seen, a third of them with noise beyond the scatter.
      assert.ok(Math.abs(centre[p] - mean) < 4 * (0.02 * scatter + 1e-3), `mean ${p}: ${centre[p]}, ${mean}`);
      if (scatter < 0.01) continue;
      assert.ok(Math.abs(scale[p] / scatter - 1) < 0.05, `scatter ${p}: ${scale[p]}, ${scatter}`);
    }
  });

  it('does not blow up pixels that hardly vary, nor labels that are all alike', () => {
    assert.ok(Math.abs(scale[3] / (0.3 * 0.8) - 1) < 0.1, `${scale[3]}`);
    const alike = new Float32Array(N).fill(2);
    const label = { rows: N, columns: 1, data: alike };
    const constant = scalingOf({ ...data, labels: { value: label, ivar: { ...label, data: alike } } }, [true]);
    assert.deepEqual([constant.centre[P], constant.scale[P]], [2, 1]);
  });

  it('is 1 where nothing varies, and finite where nothing was observed', () => {
    const alike = { ...data, flux: { ...data.flux, data: data.flux.data.map(() => 3) } };
    assert.deepEqual([...scalingOf(alike, []).scale], [1, 1, 1, 1, 1]);
    const blind = scalingOf({ ...data, ivar: withoutPixel(data.ivar, 1) }, []);
    assert.ok(blind.centre[1] === 0 && blind.scale[1] > 0 && blind.scale.every(Number.isFinite));
  });

  it('leaves labels that are not numbers on a scale as they are', () => {
    const kept = scalingOf(data, [true, false, true]);
    assert.deepEqual([kept.centre[P + 1], kept.scale[P + 1]], [0, 1]);
    assert.deepEqual([kept.centre[P], kept.scale[P]], [centre[P], scale[P]]);
  });

  it('turns values into units of the scatter, their inverse variances with them, and gaps into zeros', () => {
    const { value, precision } = standardisedRows(data, { centre, scale });
    assert.deepEqual([value.rows, value.columns], [N, P + K]);
    for (let at = 0; at < 40 * (P + K); at++) {
      const [n, d] = [Math.floor(at / (P + K)), at % (P + K)];
      const labels = data.labels;
      assert.ok(labels !== undefined);
      const [from, ivar] = d < P ? [data.flux, data.ivar] : [labels.value, labels.ivar];
      const place = d < P ? n * P + d : n * K + d - P;
      if (ivar.data[place] === 0) {
        assert.deepEqual([value.data[at], precision.data[at]], [0, 0]);
        continue;
      }
      assert.ok(Math.abs(value.data[at] * scale[d] + centre[d] - from.data[place]) < 1e-5 * (1 + Math.abs(centre[d])));
      assert.ok(Math.abs(precision.data[at] / (ivar.data[place] * scale[d] ** 2) - 1) < 1e-6);
    }
  });

  it('holds for spectra alone when a model has no labels', () => {
    assert.equal(scalingOf(data, []).centre.length, P);
    assert.equal(standardisedRows(data, scalingOf(data, [])).value.columns, P);
  });
});
