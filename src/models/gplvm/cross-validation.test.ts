import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CURVED, curvedSurvey } from '../../../tests/fixtures/models/curved-survey.ts';
import { fitDirectly, predictedLabels } from '../../../tests/references/fitted-model.ts';
import { zeros } from '../../base/index.ts';
import { leftOutJudges } from './cross-validation.ts';

describe('training objects as judges', () => {
  it('are judged once each, by parameters that do not know them, from the latents they have', async () => {
    const [N, D] = [23, 4];
    // Every row holds its number.
    const matrix = (columns: number) => ({
      rows: N,
      columns,
      data: Float32Array.from({ length: N * columns }, (_, at) => Math.floor(at / columns)),
    });
    const known: number[][] = [];
    const judges = await leftOutJudges({ value: matrix(D), precision: matrix(D) }, matrix(2), async (objects) => {
      known.push([...objects]);
      return {};
    });
    const seen: number[] = [];
    for (const [fold, { rows, start }] of judges.entries()) {
      for (let at = 0; at < rows.value.rows; at++) {
        const n = rows.value.data[at * D];
        assert.ok(!known[fold].includes(n));
        assert.deepEqual([rows.precision.data[at * D], start.data[2 * at]], [n, n]);
        seen.push(n);
      }
      assert.equal(known[fold].length + rows.value.rows, N);
    }
    assert.deepEqual(
      seen.sort((a, b) => a - b),
      Array.from({ length: N }, (_, n) => n),
    );
  });

  it('are none where there is but one object', async () => {
    const one = zeros(1, 3);
    assert.deepEqual(await leftOutJudges({ value: one, precision: one }, zeros(1, 2), async () => ({})), []);
  });

  it('tell widths that cover where only a few objects are held out', async () => {
    const test = curvedSurvey({ objects: 400, seed: 3 });
    const surveys = { train: curvedSurvey({ objects: 40, seed: 1 }), valid: curvedSurvey({ objects: 5, seed: 2 }) };
    const fitted = await fitDirectly('shared-gplvm', CURVED, { inducing: 12, epochs: 15 }, surveys);
    const { mean, variance } = await predictedLabels(fitted, test);
    let [within, count] = [0, 0];
    for (const [at, ivar] of test.labels.ivar.data.entries()) {
      if (ivar === 0) continue;
      count++;
      if ((test.labels.value.data[at] - mean.data[at]) ** 2 < variance.data[at] + 1 / ivar) within++;
    }
    // 40 objects tell a share of 68% to 7%; too narrow is worse than too wide.
    assert.ok(within / count > 0.6 && within / count < 0.88, `${within / count}`);
  });
});
