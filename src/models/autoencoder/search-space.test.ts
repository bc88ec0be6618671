import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../base/index.ts';
import { widthAndLambdaSpace } from './search-space.ts';

describe('the space of the random search', () => {
  it("holds the paper's best networks and never a second layer wider than the first", () => {
    const { draw, dimensions } = widthAndLambdaSpace({ pixels: 1000, latents: 6 });
    const best = { hidden: [703, 94], lambda: 3.02 };
    assert.deepEqual(
      dimensions.map(({ of }) => of(best)),
      [3.02, 703, 94],
    );
    const [, first, second] = dimensions;
    const random = new Random(1);
    for (let i = 0; i < 500; i++) {
      const settings = draw(random);
      assert.ok(second.of(settings) <= first.of(settings) && second.of(settings) >= 7);
    }
  });

  it('is logarithmically uniform in λ and in the first width', () => {
    const { draw, dimensions } = widthAndLambdaSpace({ pixels: 1000, latents: 6 });
    const random = new Random(2);
    const drawn = Array.from({ length: 4000 }, () => draw(random));
    for (const { of, low, high } of dimensions.slice(0, 2)) {
      const middle = Math.sqrt(low * high);
      const share = drawn.filter((settings) => of(settings) < middle).length / drawn.length;
      // Five standard deviations of a binomial share.
      assert.ok(Math.abs(share - 0.5) < 5 * Math.sqrt(0.25 / drawn.length), `${share} below ${middle}`);
    }
  });
});
