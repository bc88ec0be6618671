import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CURVED, curvedSurvey } from '../../../tests/fixtures/models/curved-survey.ts';
import { fitDirectly, predictedLabels } from '../../../tests/references/fitted-model.ts';
import { leftOutJudges } from './cross-validation.ts';

describe('training objects as judges', () => {
  it('are judged once each, by parameters that do not know them', async () => {
    const train = curvedSurvey({ objects: 23, seed: 1 });
    const known: number[][] = [];
    const judges = await leftOutJudges(train, async (objects) => {
      known.push([...objects]);
      return {};
    });
    const { columns, data } = train.flux;
    const seen: number[] = [];
    for (const [fold, { heldOut }] of judges.entries()) {
      for (let at = 0; at < heldOut.flux.rows; at++) {
        const first = heldOut.flux.data[at * columns];
        const n = Array.from({ length: 23 }, (_, n) => n).find((n) => data[n * columns] === first) ?? -1;
        assert.ok(!known[fold].includes(n));
        seen.push(n);
      }
      assert.equal(known[fold].length + heldOut.flux.rows, 23);
    }
    assert.deepEqual(
      seen.sort((a, b) => a - b),
      Array.from({ length: 23 }, (_, n) => n),
    );
  });

  it('are none where there is but one object', async () => {
    assert.deepEqual(await leftOutJudges(curvedSurvey({ objects: 1, seed: 1 }), async () => ({})), []);
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
