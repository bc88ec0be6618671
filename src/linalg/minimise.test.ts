import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { minimise } from './minimise.ts';

describe('minimise', () => {
  it('finds the bottom of Rosenbrock’s valley', () => {
    const rosenbrock = (at: Float64Array, gradient: Float64Array) => {
      const [x, y] = at;
      gradient.set([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]);
      return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    };
    const found = minimise(rosenbrock, Float64Array.of(-1.2, 1), { evaluations: 200, tolerance: 1e-14 });
    assert.ok(Math.abs(found.at[0] - 1) < 1e-5 && Math.abs(found.at[1] - 1) < 1e-5, `${found.at}`);
    assert.ok(found.evaluations < 80, `${found.evaluations} evaluations`);
  });

  it('stays where the function is defined', () => {
    const objective = ([x]: Float64Array, gradient: Float64Array) => {
      gradient[0] = 1 - 1e-3 / x;
      return x > 0 ? x - 1e-3 * Math.log(x) : Number.POSITIVE_INFINITY;
    };
    const { at } = minimise(objective, Float64Array.of(1), { evaluations: 100, tolerance: 1e-13 });
    assert.ok(Math.abs(at[0] / 1e-3 - 1) < 1e-3, `${at[0]}`);
  });

  it('uses no more evaluations than allowed, and gives the best point seen', () => {
    let count = 0;
    const seen: number[] = [];
    const bowl = (at: Float64Array, gradient: Float64Array) => {
      count++;
      let sum = 0;
      at.forEach((x, i) => {
        gradient[i] = 2 * (i + 1) * (x - 3);
        sum += (i + 1) * (x - 3) ** 2;
      });
      seen.push(sum);
      return sum;
    };
    const { value, evaluations } = minimise(bowl, new Float64Array(10), { evaluations: 5, tolerance: 0 });
    assert.equal(count, 5);
    assert.equal(evaluations, 5);
    assert.equal(value, Math.min(...seen));
  });
});
