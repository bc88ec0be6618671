import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchFor, learningRateFactor, siteRate } from './schedule.ts';

describe('the learning rates', () => {
  it('stay at their height for half of the steps and then fall, without a jump, to a fiftieth', () => {
    assert.deepEqual([0, 0.3, 0.5].map(learningRateFactor), [1, 1, 1]);
    let before = 1;
    for (let progress = 0.5; progress <= 1; progress += 0.01) {
      const factor = learningRateFactor(progress);
      assert.ok(factor <= before && before - factor < 0.04, `${progress}`);
      before = factor;
    }
    assert.ok(Math.abs(learningRateFactor(1) - 0.02) < 1e-12);
  });
});

describe('the share of a minibatch in the sites', () => {
  it('starts at all and falls, but never below one and a half times its share of the objects', () => {
    assert.equal(siteRate(1, 100, 10_000), 1);
    let before = 1;
    for (let step = 2; step < 3000; step++) {
      const rate = siteRate(step, 100, 10_000);
      assert.ok(rate >= 0.015 && rate <= 1);
      // Where fast forgetting gives way to slow the share rises once.
      if (step !== 8) assert.ok(rate <= before, `${step}`);
      before = rate;
    }
    assert.equal(siteRate(3000, 100, 10_000), 0.015);
  });

  it('is all when a minibatch holds all objects', () => {
    for (const step of [1, 10, 1000]) assert.equal(siteRate(step, 50, 50), 1);
  });

  it('makes the first steps a plain average', () => {
    assert.deepEqual(
      [2, 4, 7].map((step) => siteRate(step, 1, 1e6)),
      [1 / 2, 1 / 4, 1 / 7],
    );
  });
});

describe('the objects of a step', () => {
  it('leave a pass eight steps at the least where objects are enough, and are 256 at most', () => {
    for (const N of [64, 360, 471, 2000]) assert.ok(Math.ceil(N / batchFor(N)) >= 8, `${N}`);
    assert.deepEqual([3, 25, 360, 2048, 1e6].map(batchFor), [8, 8, 45, 256, 256]);
  });
});
