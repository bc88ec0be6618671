import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { Random } from '../../base/index.ts';
import { evaluate, input, parameter, type Runtime, writeOnnx } from '../../graph/index.ts';
import { createNodeRuntime } from '../../graph/runtime.node.ts';
import { CholeskySolver, packedIndices, packedLength } from '../../linalg/index.ts';
import { refinedPosterior } from './linear-posterior.ts';

let runtime: Runtime;
before(() => {
  runtime = createNodeRuntime({ threads: 1 });
});

function problem(objects: number, pixels: number, size: number, seed: number) {
  const random = new Random(seed);
  const normals = (length: number) => {
    const values = new Float32Array(length);
    random.fillNormal(values);
    return values;
  };
  return {
    centred: normals(objects * pixels),
    // A third of the pixels unobserved, weights over three decades.
    weights: normals(objects * pixels).map((g) => (g < -0.4 ? 0 : 10 ** (1 + g))),
    basis: normals(size * pixels),
    prior: normals(size).map((g) => 10 ** g),
  };
}

function posteriorGraph(pixels: number, size: number) {
  return refinedPosterior({
    centred: input('centred', ['N', pixels]),
    weights: input('weights', ['N', pixels]),
    basis: parameter('basis', [size, pixels]),
    priorPrecision: parameter('prior', [size]),
  });
}

/** Normal equations object by object, solved by Cholesky in float64. */
function byHand(feeds: ReturnType<typeof problem>, objects: number, pixels: number, size: number) {
  const { rows, columns } = packedIndices(size);
  const solver = new CholeskySolver(size);
  const mean = new Float64Array(objects * size);
  const covariance = new Float64Array(objects * size * size);
  const inverse = new Float64Array(packedLength(size));
  for (let n = 0; n < objects; n++) {
    const gram = Float64Array.from(rows, (i, at) => (i === columns[at] ? feeds.prior[i] : 0));
    for (let d = 0; d < pixels; d++) {
      const w = feeds.weights[n * pixels + d];
      rows.forEach((i, at) => {
        gram[at] += w * feeds.basis[i * pixels + d] * feeds.basis[columns[at] * pixels + d];
      });
      for (let k = 0; k < size; k++) {
        mean[n * size + k] += w * feeds.centred[n * pixels + d] * feeds.basis[k * pixels + d];
      }
    }
    assert.ok(solver.factor(gram));
    solver.solve(mean, n * size);
    solver.inverse(inverse);
    rows.forEach((i, at) => {
      covariance[(n * size + i) * size + columns[at]] = inverse[at];
      covariance[(n * size + columns[at]) * size + i] = inverse[at];
    });
  }
  return { mean, covariance };
}

/** Errors are judged against the posterior's own standard deviations. */
function assertAgree(found: Posterior, expected: Posterior, size: number, tolerance: number): void {
  const deviation = Float64Array.from(expected.mean, (_, at) =>
    Math.sqrt(expected.covariance[at * size + (at % size)]),
  );
  deviation.forEach((sd, at) => {
    const [value, right] = [found.mean[at], expected.mean[at]];
    assert.ok(Math.abs(value - right) <= tolerance * (sd + Math.abs(right)), `mean ${at}: ${value} against ${right}`);
    for (let j = 0; j < size; j++) {
      const [c, rightC] = [found.covariance[at * size + j], expected.covariance[at * size + j]];
      const scale = sd * deviation[at - (at % size) + j];
      assert.ok(Math.abs(c - rightC) <= tolerance * scale, `covariance ${at}, ${j}: ${c} against ${rightC}`);
    }
  });
}

interface Posterior {
  readonly mean: Float32Array | Float64Array;
  readonly covariance: Float32Array | Float64Array;
}

describe('the posterior of a linear model in a graph', () => {
  it('is that of Cholesky solves in float64, whatever the gaps and the number of coefficients', async () => {
    const sizes = fc.tuple(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 30, max: 50 }),
      fc.integer({ min: 1, max: 12 }),
    );
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer(), async ([objects, pixels, size], seed) => {
        const feeds = problem(objects, pixels, size, seed);
        const expected = byHand(feeds, objects, pixels, size);
        const outputs = { ...posteriorGraph(pixels, size) };
        const session = await runtime.createSession(writeOnnx({ name: 'posterior', outputs }));
        const found = { mean: new Float32Array(objects * size), covariance: new Float32Array(objects * size * size) };
        await session.run(feeds, found);
        await session.release();
        assertAgree(found, expected, size, 1e-4);
      }),
      { numRuns: 20 },
    );
  });

  it('is exact in the float64 reference', () => {
    const feeds = problem(2, 20, 4, 5);
    const expected = byHand(feeds, 2, 20, 4);
    const found = evaluate({ outputs: { ...posteriorGraph(20, 4) }, feeds });
    assertAgree({ mean: found.mean.data, covariance: found.covariance.data }, expected, 4, 1e-10);
  });
});
