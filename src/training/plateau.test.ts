import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeEpoch, type PlateauRules, type PlateauState, startPlateau, withoutWaiting } from './plateau.ts';

const paper: PlateauRules = { reduceAfter: 5, reduceBy: 10, stopAfter: 10, minimumImprovement: 0 };

/** Learning rate after each epoch, until training would stop. */
function rates(losses: readonly number[], rules: PlateauRules): { rates: number[]; last: PlateauState } {
  let state = startPlateau(1e-3);
  const seen: number[] = [];
  for (const [i, loss] of losses.entries()) {
    const verdict = judgeEpoch(state, rules, i + 1, loss);
    state = verdict.state;
    seen.push(state.learningRate);
    if (verdict.stop) break;
  }
  return { rates: seen, last: state };
}

describe('the plateau schedule', () => {
  it('divides the rate by ten after five epochs without improvement and stops after ten', () => {
    const { rates: seen, last } = rates([3, 2, ...Array.from({ length: 30 }, () => 2)], paper);
    assert.equal(seen.length, 12);
    assert.deepEqual(
      seen.map((rate) => Math.round(-Math.log10(rate))),
      [3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5],
    );
    assert.equal(last.bestEpoch, 2);
  });

  it('starts waiting anew when the objective improves after a reduction', () => {
    const { rates: seen } = rates([2, 2, 2, 2, 2, 2, 1, ...Array.from({ length: 30 }, () => 1)], paper);
    assert.equal(seen.length, 17);
  });

  it('keeps the best epoch even when its gain is too small to count as improvement', () => {
    const rules = { ...paper, minimumImprovement: 0.01 };
    const { rates: seen, last } = rates([100, ...Array.from({ length: 10 }, (_, i) => 99.99 - 0.001 * i)], rules);
    assert.equal(seen.length, 11);
    assert.equal(last.bestEpoch, 11);
  });

  it('counts slow but steady progress as improvement once it adds up', () => {
    const rules = { ...paper, minimumImprovement: 0.01 };
    const { rates: seen } = rates(
      Array.from({ length: 40 }, (_, i) => 100 - 0.4 * i),
      rules,
    );
    assert.equal(seen.length, 40);
    assert.equal(seen.at(-1), 1e-3);
  });

  it('measures improvement rightly when the objective is negative', () => {
    const { rates: seen } = rates([-1, -2, -3, -4, -5, -6, -7], { ...paper, minimumImprovement: 0.01 });
    assert.equal(seen.at(-1), 1e-3);
  });

  it('does not wait upon epochs of the warm-up, but keeps the best of them', () => {
    let state = startPlateau(1e-3);
    for (let epoch = 1; epoch <= 20; epoch++) {
      const verdict = withoutWaiting(judgeEpoch(state, paper, epoch, epoch === 3 ? 1 : 2), state);
      assert.equal(verdict.best, epoch === 1 || epoch === 3);
      assert.equal(verdict.stop, false);
      state = verdict.state;
    }
    assert.deepEqual([state.learningRate, state.bestEpoch, state.epochsSinceBest], [1e-3, 3, 0]);
  });
});
