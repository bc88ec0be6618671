import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Random } from '../../../base/index.ts';
import { constant, evaluate, gradients, input, multiply, sum, type Tensor } from '../../../graph/index.ts';
import { dense, symmetricEigen } from '../../../linalg/index.ts';
import { Covariance, PROFILES } from './covariance.ts';

const [N, M, Q] = [6, 5, 3];
const STEP = 1e-6;

/** Each profile as Rasmussen & Williams (2006) print it, of r; a profile that is missing here fails below. */
const PLAIN: Readonly<Record<string, (r: number, alpha: number) => number>> = {
  rbf: (r) => Math.exp(-(r ** 2) / 2),
  matern32: (r) => (1 + Math.sqrt(3) * r) * Math.exp(-Math.sqrt(3) * r),
  matern52: (r) => (1 + Math.sqrt(5) * r + (5 * r ** 2) / 3) * Math.exp(-Math.sqrt(5) * r),
  rq: (r, alpha) => (1 + r ** 2 / (2 * alpha)) ** -alpha,
};

const EXPRESSIONS = [
  ...Object.keys(PROFILES),
  'rbf+matern32',
  'matern52*rq',
  'rq*rbf*matern52',
  'rbf + matern32 * rq',
  'linear+rbf',
  'rbf+linear+rq',
];

type Values = Record<string, Float64Array>;

function normals(length: number, random: Random, scale = 1): Float64Array {
  return Float64Array.from({ length }, () => scale * random.normal());
}

/** A covariance with random parameters about its initial ones, and two sets of points. */
function sampled(expression: string, seed: number) {
  const random = new Random(seed);
  const covariance = new Covariance(expression, 'k', Q);
  const parameters: Values = Object.fromEntries(
    Object.entries(covariance.initialParameters()).map(([name, { data }]) => [
      name,
      Float64Array.from(data, (value) => value - (name.endsWith('Lengthscale') ? 1 : 0) + 0.4 * random.normal()),
    ]),
  );
  return { covariance, parameters, a: normals(N * Q, random), b: normals(M * Q, random) };
}

/** Σ of products over all stationary terms by plain formulas; `linear` holds its part apart. */
function plainCovariance(expression: string, parameters: Values, a: ArrayLike<number>, b: ArrayLike<number>): number {
  const stationary = expression
    .split('+')
    .map((term) => term.trim())
    .filter((term) => term !== 'linear');
  let total = 0;
  for (const [summand, product] of stationary.entries()) {
    let whole = Math.exp(parameters[`k.${summand}.0.logVariance`][0]);
    for (const [factor, profile] of product.split('*').entries()) {
      const lengthscales = parameters[`k.${summand}.${factor}.logLengthscale`].map(Math.exp);
      const squares = Array.from(lengthscales, (lengthscale, q) => ((a[q] - b[q]) / lengthscale) ** 2);
      const r = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
      const alpha = Math.exp(parameters[`k.${summand}.${factor}.logAlpha`]?.[0] ?? 0);
      whole *= PLAIN[profile.trim()](r, alpha);
    }
    total += whole;
  }
  return total;
}

function pointOf(points: Float64Array, n: number): Float64Array {
  return points.subarray(n * Q, (n + 1) * Q);
}

function assertNear(found: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(found - expected) < tolerance * (1 + Math.abs(expected)), `${what}: ${found}, not ${expected}`);
}

describe('the profiles', () => {
  it('are all held to a plain formula', () => {
    assert.deepEqual(Object.keys(PLAIN).sort(), Object.keys(PROFILES).sort());
  });

  for (const [name, profile] of Object.entries(PROFILES)) {
    it(`${name} has unit variance, and the slope of finite differences near and far`, () => {
      const shape = profile.shapeParameters.map((_, at) => input(`shape${at}`, []));
      const distance = input('distance', [7]);
      const outputs = { value: profile.value(distance, shape), slope: profile.slope(distance, shape) };
      const squared = Float64Array.of(0, 1e-4, 0.01, 0.3, 1, 8, 60);
      for (const size of [0.3, 1, 5]) {
        const feeds = Object.fromEntries(shape.map((_, at) => [`shape${at}`, [size]]));
        const { value, slope } = evaluate({ outputs, feeds: { ...feeds, distance: squared } });
        assertNear(value.data[0], 1, 1e-6, 'at no distance');
        for (const [at, x] of squared.entries()) {
          if (x === 0) continue;
          assertNear(value.data[at], PLAIN[name](Math.sqrt(x), size), 1e-12, `value at ${x}`);
          const step = 1e-5 * x;
          const plain = (moved: number) => PLAIN[name](Math.sqrt(moved), size);
          assertNear(slope.data[at], (plain(x + step) - plain(x - step)) / (2 * step), 1e-7, `slope at ${x}`);
        }
      }
    });
  }
});

for (const [seed, expression] of EXPRESSIONS.entries()) {
  describe(`the covariance ${expression}`, () => {
    const { covariance, parameters, a, b } = sampled(expression, seed + 1);
    const [first, second] = [input('a', [N, Q]), input('b', [M, Q])];
    const feeds: Values = { ...parameters, a, b };

    it('is the sum of products of plain formulas, and its variance the covariance at no distance', () => {
      const outputs = { between: covariance.between(first, second), variance: covariance.variance() };
      const { between, variance } = evaluate({ outputs, feeds });
      for (let n = 0; n < N; n++) {
        for (let m = 0; m < M; m++) {
          const expected = plainCovariance(expression, parameters, pointOf(a, n), pointOf(b, m));
          assertNear(between.data[n * M + m], expected, 1e-12, `${n}, ${m}`);
        }
      }
      assertNear(variance.data[0], plainCovariance(expression, parameters, pointOf(a, 0), pointOf(a, 0)), 1e-12, 'k');
    });

    it('has the tangents of finite differences', () => {
      const { value, tangents } = evaluate({ outputs: { ...covariance.withTangents(first, second) }, feeds });
      assert.deepEqual(tangents.shape, [N, Q, M]);
      for (let n = 0; n < N; n++) {
        for (let m = 0; m < M; m++) {
          const at = (q: number, by: number) => {
            const moved = pointOf(a, n).map((x, other) => (other === q ? x + by : x));
            return plainCovariance(expression, parameters, moved, pointOf(b, m));
          };
          assertNear(value.data[n * M + m], at(0, 0), 1e-12, 'value');
          for (let q = 0; q < Q; q++) {
            const difference = (at(q, STEP) - at(q, -STEP)) / (2 * STEP);
            assertNear(tangents.data[(n * Q + q) * M + m], difference, 1e-8, `tangent ${n}, ${q}, ${m}`);
          }
        }
      }
    });

    it('has the gradients of finite differences along its parameters and both points', () => {
      const tensors: Record<string, Tensor> = { ...covariance.parameterTensors(), a: first, b: second };
      const weights = normals(N * M, new Random(seed + 50));
      const total = sum(multiply(covariance.between(first, second), constant(weights, [N, M])));
      const names = Object.keys(tensors).filter((name) => name !== 'k.logSlope');
      const slopes = gradients(
        total,
        names.map((name) => tensors[name]),
      );
      const plainTotal = ({ a, b, ...rest }: Values) =>
        weights.reduce((whole, weight, at) => {
          const [n, m] = [Math.floor(at / M), at % M];
          return whole + weight * plainCovariance(expression, rest, pointOf(a, n), pointOf(b, m));
        }, 0);
      for (const [at, name] of names.entries()) {
        const { found } = evaluate({ outputs: { found: slopes[at] }, feeds });
        for (const [i, slope] of found.data.entries()) {
          const moved = (by: number) =>
            plainTotal({ ...feeds, [name]: feeds[name].map((value, other) => (other === i ? value + by : value)) });
          assertNear(slope, (moved(STEP) - moved(-STEP)) / (2 * STEP), 1e-7, `${name} ${i}`);
        }
      }
    });

    it('has finite gradients where points coincide', () => {
      const total = sum(covariance.between(first, first));
      const moved = [first, ...Object.values(covariance.parameterTensors()).slice(0, 1)];
      const outputs = Object.fromEntries(gradients(total, moved).map((slope, at) => [`g${at}`, slope]));
      const same = Float64Array.from({ length: N * Q }, (_, at) => a[at % Q]);
      for (const slope of Object.values(evaluate<string>({ outputs, feeds: { ...feeds, a: same } }))) {
        for (const value of slope.data) assert.ok(Math.abs(value) < 1e-3, `${value}`);
      }
    });
  });
}

describe('a covariance', () => {
  const factor = fc.constantFrom(...Object.keys(PROFILES));
  const product = fc.array(factor, { minLength: 1, maxLength: 3 }).map((names) => names.join('*'));
  const total = fc.array(product, { minLength: 1, maxLength: 3 }).map((names) => names.join('+'));

  it('is positive semi-definite for any sum of products and any points', () => {
    fc.assert(
      fc.property(total, fc.boolean(), fc.integer(), (terms, linear, seed) => {
        const { covariance, parameters, a } = sampled(linear ? `linear+${terms}` : terms, seed);
        // Points that coincide, and points that nearly do.
        a.set(pointOf(a, 0), Q);
        a.set(
          pointOf(a, 0).map((value) => value + 1e-4),
          2 * Q,
        );
        const latent = input('a', [N, Q]);
        const ofLinear = covariance.linear(latent) ?? multiply(latent, 0);
        const outputs = { curved: covariance.between(latent, latent), linear: ofLinear };
        const found = evaluate({ outputs, feeds: { ...parameters, a } });
        const whole = dense(N, N, Float64Array.from(found.curved.data));
        for (let i = 0; i < N; i++) {
          for (let j = 0; j < N; j++) {
            for (let q = 0; q < Q; q++) {
              whole.data[i * N + j] += found.linear.data[i * Q + q] * found.linear.data[j * Q + q];
            }
          }
        }
        const { values } = symmetricEigen(whole);
        // Matérn terms hold r² above 1e-8, which moves covariances of points that near by as much.
        assert.ok(values[N - 1] > -1e-7 * values[0], `${terms}: eigenvalues ${values}`);
      }),
      { numRuns: 60 },
    );
  });

  it('starts with terms that share the variance of standardised outputs', () => {
    for (const [expression, expected] of [
      ['rbf', 1],
      ['rbf+matern32*rq', 1],
      ['linear+rbf', 0.3],
    ] as const) {
      const covariance = new Covariance(expression, 'k', Q);
      const initial = Object.entries(covariance.initialParameters()).map(([name, { data }]) => [name, data] as const);
      const { variance } = evaluate({
        outputs: { variance: covariance.variance() },
        feeds: Object.fromEntries(initial),
      });
      assertNear(variance.data[0], expected, 1e-6, expression);
    }
  });

  it('keeps its linear term as Q features, σ ∘ z, with the derivatives of finite differences', () => {
    const { covariance, parameters, a } = sampled('linear+rbf', 9);
    const latent = input('a', [N, Q]);
    const [linear, tangents] = [covariance.linear(latent), covariance.linearTangents()];
    assert.ok(linear !== null && tangents !== null && covariance.linearFeatures === Q);
    const found = evaluate({ outputs: { linear, tangents }, feeds: { ...parameters, a } });
    const slopes = parameters['k.logSlope'].map(Math.exp);
    for (const [at, value] of found.linear.data.entries()) assertNear(value, slopes[at % Q] * a[at], 1e-12, `${at}`);
    assert.deepEqual(found.tangents.shape, [1, Q, Q]);
    for (const [at, value] of found.tangents.data.entries()) {
      assertNear(value, Math.floor(at / Q) === at % Q ? slopes[at % Q] : 0, 1e-12, `${at}`);
    }
    const without = new Covariance('rbf', 'k', Q);
    assert.deepEqual([without.linear(latent), without.linearTangents(), without.linearFeatures], [null, null, 0]);
  });

  it('refuses what it does not know and what cannot stand alone, naming it', () => {
    const refused = (expression: string, message: RegExp) =>
      assert.throws(() => new Covariance(expression, 'k', Q), { name: 'UserError', message }, expression);
    refused('periodic', /no kernel "periodic"; write one of rbf, matern32/);
    refused('rbf+toString', /no kernel "toString"/);
    refused('rbf+', /no kernel ""/);
    refused('linear', /"linear" needs a term beside one "linear"/);
    refused('linear+rbf+linear', /needs a term beside one "linear"/);
    refused('rbf+linear*rbf', /"linear" can be added, as in linear\+rbf, not multiplied/);
  });
});
