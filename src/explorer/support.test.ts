import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Matrix, Random, row, zeros } from '../base/index.ts';
import { findSupport } from './prepare/find-support.ts';
import type { Support } from './protocol.ts';
import { judgeLatent } from './support.ts';

/** A long, tilted cloud of objects, far from the origin. */
function tiltedCloud(objects: number, latents: number): Matrix {
  const random = new Random(4);
  const means = zeros(objects, latents);
  for (let n = 0; n < objects; n++) {
    const along = 5 * random.normal();
    row(means, n).forEach((_, q, own) => {
      own[q] = 10 * q + along + 0.3 * random.normal();
    });
  }
  return means;
}

/** Two clouds with nothing between them. */
function twoClouds(objects: number): Matrix {
  const random = new Random(5);
  const means = zeros(objects, 2);
  for (let i = 0; i < means.data.length; i++) means.data[i] = 0.5 * random.normal();
  for (let n = 0; n < objects; n++) row(means, n)[0] += n % 2 === 0 ? -6 : 6;
  return means;
}

function sampled(means: Matrix, { sample }: Support): Float32Array {
  return Float32Array.from(sample.flatMap((object) => [...row(means, object)]));
}

describe('the judgement of points of latent space', () => {
  for (const objects of [300, 2600]) {
    it(`takes all but some two in a hundred of ${objects} training objects for supported`, () => {
      const means = tiltedCloud(objects, 4);
      const support = findSupport(means);
      const latents = sampled(means, support);
      let supported = 0;
      for (let n = 0; n < objects; n++) supported += Number(judgeLatent(support, latents, row(means, n)).supported);
      assert.ok(supported / objects > 0.975 && supported < objects, `${supported} of ${objects}`);
      assert.ok(support.sample.length === Math.min(objects, 2000));
    });
  }

  it('says of a point far outside how many standard deviations it lies out', () => {
    const means = tiltedCloud(2000, 3);
    const support = findSupport(means);
    // Across the tilt the cloud is 0.3 wide: (1, −1, 0)/√2 · 3 is ten standard deviations.
    const point = [0 + 3 / Math.SQRT2, 10 - 3 / Math.SQRT2, 20];
    const { distance, supported, warnings } = judgeLatent(support, sampled(means, support), point);
    assert.ok(Math.abs(distance - 10) < 1, `${distance}`);
    assert.equal(supported, false);
    assert.match(
      warnings[0],
      /lies (9|10)\.\d standard deviations .* extrapolated \(Portillo et al\. 2020, section 4\)/,
    );
  });

  it('does not take the void between two groups for supported, though it is their middle', () => {
    const means = twoClouds(1000);
    const support = findSupport(means);
    const { distance, nearest, supported, warnings } = judgeLatent(support, sampled(means, support), [0, 0]);
    assert.ok(distance < 0.2, `${distance}`);
    assert.ok(nearest > support.nearest99);
    assert.equal(supported, false);
    assert.match(warnings.join(), /5th nearest is \d\.\d standard deviations away/);
  });

  it('gives numbers where a latent never varies or there are hardly any objects', () => {
    const dead = tiltedCloud(100, 3);
    for (let n = 0; n < 100; n++) row(dead, n)[1] = 0;
    for (const means of [dead, tiltedCloud(1, 3), tiltedCloud(3, 3)]) {
      const support = findSupport(means);
      for (const value of [...support.mean, ...support.precision, support.distance99, support.nearest99]) {
        assert.ok(Number.isFinite(value));
      }
      assert.equal(
        judgeLatent(
          support,
          sampled(means, support),
          support.mean.map(() => 1e6),
        ).supported,
        false,
      );
    }
  });
});
