import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { beaten, planRungs, promoted, type Standing } from './halving.ts';

const etas = fc.integer({ min: 2, max: 5 });
const error = fc.option(fc.integer({ min: 0, max: 30 }), { nil: null });
const rungs = fc
  .array(error, { minLength: 1, maxLength: 60 })
  .map((errors) => errors.map((value, trial): Standing => ({ trial, error: value })));

describe('the plan of the rungs', () => {
  it('is that of the paper this follows: thirds go on, three times as far', () => {
    assert.deepEqual(planRungs({ trials: 100, firstRung: 1, eta: 3, finalists: 3 }), [
      { epochs: 1, trials: 100 },
      { epochs: 3, trials: 33 },
      { epochs: 9, trials: 11 },
      { epochs: null, trials: 3 },
    ]);
    assert.deepEqual(planRungs({ trials: 2, firstRung: 1, eta: 3, finalists: 3 }), [{ epochs: null, trials: 2 }]);
  });

  it('never keeps more than 1/η of a rung, and spends no rung on more epochs than η/(η − 1) times the first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), etas, fc.integer({ min: 1, max: 8 }), (trials, eta, finalists) => {
        const plan = planRungs({ trials, firstRung: 1, eta, finalists });
        for (const [index, rung] of plan.slice(1).entries()) {
          const before = plan[index];
          assert.ok(rung.trials <= Math.max(1, before.trials / eta));
          assert.ok(before.trials * Number(before.epochs) <= trials);
        }
        const last = plan[plan.length - 1];
        assert.ok(last.epochs === null && last.trials >= 1 && last.trials <= finalists);
      }),
    );
  });
});

describe('promotion from a rung', () => {
  it('takes the best 1/η, never more, never one that failed, and none that is worse than one left behind', () => {
    fc.assert(
      fc.property(rungs, etas, (rung, eta) => {
        const going = promoted(rung, eta);
        const sound = rung.filter((standing) => standing.error !== null);
        assert.equal(going.length, Math.min(sound.length, Math.max(1, Math.floor(rung.length / eta))));
        assert.equal(new Set(going).size, going.length);
        const errorOf = (trial: number) => rung[trial].error ?? Number.POSITIVE_INFINITY;
        const worst = Math.max(...going.map(errorOf));
        for (const { trial } of sound) assert.ok(going.includes(trial) || errorOf(trial) >= worst);
      }),
    );
  });

  it('does not depend on the order in which trials come in', () => {
    fc.assert(
      fc.property(rungs, etas, (rung, eta) => {
        assert.deepEqual(promoted(rung.toReversed(), eta), promoted(rung, eta));
      }),
    );
  });

  it('passes over every trial that was called beaten while others were still out', () => {
    fc.assert(
      fc.property(rungs, etas, fc.nat(), (rung, eta, cut) => {
        const early = rung.slice(0, 1 + (cut % rung.length));
        const going = promoted(rung, eta);
        for (const trial of beaten(early, rung.length, eta)) assert.ok(!going.includes(trial));
        assert.deepEqual(
          [...beaten(rung, rung.length, eta), ...going].sort((a, b) => a - b),
          rung.map(({ trial }) => trial),
        );
      }),
    );
  });
});
