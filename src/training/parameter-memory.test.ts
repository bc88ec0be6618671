import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ParameterMemory } from './parameter-memory.ts';

describe('the memory of descended parameters', () => {
  it('goes back to the best parameters with moments that remember nothing', () => {
    const initial = { a: { shape: [2], data: Float32Array.of(1, 2) }, b: { shape: [], data: Float32Array.of(3) } };
    const memory = new ParameterMemory(initial, (length) => new Float32Array(length));
    memory.valueViews.a.set([4, 5]);
    memory.keepAsBest();
    memory.valueViews.a.set([60, 70]);
    memory.firstMoment.fill(1);
    memory.secondMoment.fill(1);
    memory.returnToBest();
    assert.deepEqual([...memory.valueViews.a, ...memory.valueViews.b], [4, 5, 3]);
    assert.ok([...memory.firstMoment, ...memory.secondMoment].every((moment) => moment === 0));
  });
});
