import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Random } from './random.ts';
import { SOFTWARE_VERSION } from './version.ts';

describe('seeded random numbers', () => {
  it('continue from a saved state exactly as if never interrupted', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(50), (seed, drawn) => {
        const whole = new Random(seed);
        for (let i = 0; i < drawn; i++) whole.normal();
        const resumed = new Random(structuredClone(whole.state()));
        for (let i = 0; i < 10; i++) assert.equal(resumed.normal(), whole.normal());
      }),
    );
  });

  it('give named streams that do not depend on what other streams drew', () => {
    const first = new Random(7);
    const second = new Random(7);
    second.stream('noise').normal();
    assert.equal(first.stream('split').uniform(), second.stream('split').uniform());
    assert.notEqual(first.stream('split').uniform(), first.stream('noise').uniform());
  });

  it('have the moments of uniform and normal deviates', () => {
    const random = new Random(1);
    const n = 200_000;
    let uniform = 0;
    let mean = 0;
    let square = 0;
    let fourth = 0;
    for (let i = 0; i < n; i++) {
      uniform += random.uniform();
      const x = random.normal();
      mean += x;
      square += x * x;
      fourth += x ** 4;
    }
    assert.ok(Math.abs(uniform / n - 0.5) < 0.003);
    assert.ok(Math.abs(mean / n) < 0.01);
    assert.ok(Math.abs(square / n - 1) < 0.015);
    assert.ok(Math.abs(fourth / n - 3) < 0.1);
  });

  it('permute every index exactly once', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 300 }), (seed, n) => {
        const order = Array.from(new Random(seed).permutation(n)).sort((a, b) => a - b);
        assert.deepEqual(
          order,
          Array.from({ length: n }, (_, i) => i),
        );
      }),
    );
  });

  it('separate nearby seeds', () => {
    const draws = new Set(Array.from({ length: 1000 }, (_, seed) => new Random(seed).bits()));
    assert.ok(draws.size > 995);
  });
});

describe('the software version', () => {
  it('is that of package.json', () => {
    const manifest: unknown = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.equal((manifest as { version: string }).version, SOFTWARE_VERSION);
  });
});
