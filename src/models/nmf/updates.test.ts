import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Random } from '../../base/index.ts';
import { packedIndices } from '../../linalg/index.ts';
import { applyRule, UPDATE_RULES, type UpdateName } from './updates.ts';

/** Weighted fits of non-negative templates to data of either sign, as dense arrays. */
function drawProblems(size: number, count: number, seed: number) {
  const random = new Random(seed);
  const pixels = 3 * size;
  const draw = () => {
    const basis = Array.from({ length: size }, () => Array.from({ length: pixels }, () => random.uniform() ** 2));
    const data = Array.from({ length: pixels }, () => random.normal(0.3));
    const weights = Array.from({ length: pixels }, () => (random.uniform() < 0.3 ? 0 : random.uniform(0.1, 3)));
    const weighted = (a: number[], b: number[]) => a.reduce((sum, value, d) => sum + weights[d] * value * b[d], 0);
    const shift = Math.max(...data.map((value) => -value), 0);
    return {
      gram: basis.map((one) => basis.map((other) => weighted(one, other))),
      b: basis.map((one) => weighted(one, data)),
      lift: basis.map((one) => shift * weighted(one, Array(pixels).fill(1))),
      x: Array.from({ length: size }, () => (random.uniform() < 0.2 ? 0 : random.uniform(0, 2))),
    };
  };
  return Array.from({ length: count }, draw);
}

type Drawn = ReturnType<typeof drawProblems>[number];

function objective({ gram, b }: Drawn, x: readonly number[]): number {
  const along = gram.map((row) => row.reduce((sum, value, j) => sum + value * x[j], 0));
  return x.reduce((sum, value, k) => sum + value * (0.5 * along[k] - b[k]), 0);
}

function moved(rule: UpdateName, problems: readonly Drawn[], order: 'problems' | 'unknowns'): number[][] {
  const size = problems[0].b.length;
  const count = problems.length;
  const { rows, columns } = packedIndices(size);
  const laid = (width: number, value: (problem: Drawn, k: number) => number) =>
    Float64Array.from({ length: count * width }, (_, at) =>
      order === 'problems'
        ? value(problems[Math.floor(at / width)], at % width)
        : value(problems[at % count], Math.floor(at / count)),
    );
  const slope = laid(size, ({ gram, b, x }, k) => b[k] - gram[k].reduce((sum, value, j) => sum + value * x[j], 0));
  const x = Float32Array.from(laid(size, (problem, k) => problem.x[k]));
  const gram = laid(rows.length, (problem, at) => problem.gram[rows[at]][columns[at]]);
  applyRule(UPDATE_RULES[rule], { size, count, order, gram, slope, lift: laid(size, ({ lift }, k) => lift[k]) }, x);
  return problems.map((_, i) =>
    Array.from({ length: size }, (_unused, k) => x[order === 'problems' ? i * size + k : k * count + i]),
  );
}

describe('updates of non-negative coefficients', () => {
  for (const rule of ['blocks', 'nearly', 'shift'] as const) {
    it(`${rule}: never raise the objective and never go below zero, whatever the signs of the data`, () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 8 }), fc.integer(), fc.boolean(), (size, seed, byProblem) => {
          const problems = drawProblems(size, 4, seed);
          const after = moved(rule, problems, byProblem ? 'problems' : 'unknowns');
          problems.forEach((problem, i) => {
            const before = objective(problem, problem.x);
            assert.ok(after[i].every((value) => value >= 0));
            assert.ok(objective(problem, after[i]) <= before + 1e-6 * (1 + Math.abs(before)));
          });
        }),
        { numRuns: 100 },
      );
    });
  }

  it('blocks: end where no coefficient alone or with others would gain (Karush–Kuhn–Tucker)', () => {
    for (const [i, problem] of drawProblems(5, 20, 3).entries()) {
      const [x] = moved('blocks', [problem], 'problems');
      problem.gram.forEach((row, k) => {
        const slope = problem.b[k] - row.reduce((sum, value, j) => sum + value * x[j], 0);
        const scale = 1e-3 * (1 + Math.abs(problem.b[k]));
        assert.ok(x[k] > 0 ? Math.abs(slope) < scale : slope < scale, `problem ${i}: slope ${slope} at ${x[k]}`);
      });
    }
  });
});
