import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { parse } from 'node:path';
import { describe, it } from 'node:test';
import { evaluate, gradients, input, sum, type Tensor } from '../../../graph/index.ts';
import { LIKELIHOOD_NAMES, LIKELIHOODS } from './likelihoods.ts';
import { DEGREES_OF_FREEDOM } from './student.ts';

type Name = (typeof LIKELIHOOD_NAMES)[number];

interface Plain {
  /** ln p(x | f) of a value with known noise 1/p and excess noise s², normalised, written by its textbook form. */
  readonly logDensity: (x: number, f: number, scaleSquared: number) => number;
  /** Whether the expectation is given exactly; otherwise a bound below it. */
  readonly exact: boolean;
}

const NU = DEGREES_OF_FREEDOM;

/** ln Γ of whole and half-whole numbers above ½, by Γ(x + 1) = x Γ(x). */
function logGamma(x: number): number {
  if (x === 1) return 0;
  return x === 0.5 ? 0.5 * Math.log(Math.PI) : Math.log(x - 1) + logGamma(x - 1);
}

/** One for each name, or this file does not compile. */
const PLAIN: Readonly<Record<Name, Plain>> = {
  gaussian: {
    logDensity: (x, f, scaleSquared) => -0.5 * (Math.log(2 * Math.PI * scaleSquared) + (x - f) ** 2 / scaleSquared),
    exact: true,
  },
  student: {
    logDensity: (x, f, scaleSquared) =>
      logGamma((NU + 1) / 2) -
      logGamma(NU / 2) -
      0.5 * Math.log(NU * Math.PI * scaleSquared) -
      ((NU + 1) / 2) * Math.log(1 + (x - f) ** 2 / (NU * scaleSquared)),
    exact: false,
  },
};

/** E ln p(x | f) for f ~ N(mean, variance), by the trapezoidal rule to ten standard deviations. */
function integrated(plain: Plain, x: number, mean: number, variance: number, scaleSquared: number): number {
  const points = 4000;
  const deviation = Math.sqrt(variance);
  let total = 0;
  for (let i = 0; i <= points; i++) {
    const t = -10 + (20 * i) / points;
    const density = Math.exp(-0.5 * t * t) / Math.sqrt(2 * Math.PI);
    total += (density * plain.logDensity(x, mean + deviation * t, scaleSquared) * 20) / points;
  }
  return total;
}

/** Of Jensen's inequality on (ν + 1)/2 ln χ²: E ln χ² of one degree of freedom is −γ − ln 2. */
const largestGap = ((NU + 1) / 2) * (0.5772156649 + Math.LN2) + 1e-9;

/** Values near and far, known well and badly, functions known well and badly; the last two are not observed. */
const cases = {
  value: [0.3, 0.3, 2, -9, 1, 0.1, 4, -1e6],
  precision: [4, 4, 1, 30, 1e4, 0.05, 0, 0],
  mean: [0.1, 0.1, -0.5, 1, 1.01, -2, 1, 0],
  variance: [0.2, 1e-9, 1, 0.01, 3, 0.5, 0.7, 2],
  logNoise: [-2, -2, -4, -1, -9, 0.5, -1, -1],
};
const COUNT = cases.value.length;
const tensors = Object.fromEntries(
  Object.keys(cases).map((name) => [name, input(name, name === 'logNoise' ? [COUNT] : [1, COUNT])]),
);

function graphOf(name: Name): Tensor {
  const { value, precision, logNoise, mean, variance } = tensors;
  return LIKELIHOODS[name].expectedLogDensity({ value, precision, logNoise }, { mean, variance });
}

describe('the likelihoods', () => {
  it('are all listed', () => {
    const files = readdirSync(import.meta.dirname).filter((file) => !file.startsWith('likelihood'));
    assert.deepEqual(files.map((file) => parse(file).name).sort(), [...LIKELIHOOD_NAMES].sort());
    assert.deepEqual(Object.keys(LIKELIHOODS).sort(), [...LIKELIHOOD_NAMES].sort());
  });
});

for (const name of LIKELIHOOD_NAMES) {
  const likelihood = LIKELIHOODS[name];
  const plain = PLAIN[name];
  const expected = graphOf(name);
  const { found } = evaluate({ outputs: { found: expected }, feeds: cases });
  const scaleSquared = (at: number) => 1 / cases.precision[at] + Math.exp(cases.logNoise[at]);
  const seen = cases.precision.flatMap((precision, at) => (precision > 0 ? [at] : []));

  describe(`the likelihood ${name}`, () => {
    it(plain.exact ? 'gives the integral, constants included' : 'gives a bound below the integral', () => {
      for (const at of seen) {
        const given = found.data[at] + likelihood.constantOf(cases.precision[at]);
        const integral = integrated(plain, cases.value[at], cases.mean[at], cases.variance[at], scaleSquared(at));
        if (plain.exact) assert.ok(Math.abs(given - integral) < 1e-8 * (1 + Math.abs(integral)), `${at}`);
        else assert.ok(given <= integral + 1e-9 && given > integral - largestGap, `${at}: ${given}, ${integral}`);
      }
    });

    it('gives the density itself of a function that is known exactly', () => {
      const { certain } = evaluate({
        outputs: { certain: expected },
        feeds: { ...cases, variance: new Float64Array(COUNT) },
      });
      for (const at of seen) {
        const given = certain.data[at] + likelihood.constantOf(cases.precision[at]);
        const density = plain.logDensity(cases.value[at], cases.mean[at], scaleSquared(at));
        assert.ok(Math.abs(given - density) < 1e-10 * (1 + Math.abs(density)), `${at}: ${given}, ${density}`);
      }
    });

    it('falls with the variance of the function wherever something was observed', () => {
      const [slope] = gradients(sum(expected), [tensors.variance]);
      const { along } = evaluate({ outputs: { along: slope }, feeds: cases });
      for (const at of seen) {
        const moved = (factor: number) =>
          evaluate({
            outputs: { expected },
            feeds: { ...cases, variance: cases.variance.map((value) => value * factor) },
          }).expected.data[at];
        const step = 1e-5 * cases.variance[at];
        const difference = (moved(1 + 1e-5) - moved(1 - 1e-5)) / (2 * step);
        assert.ok(along.data[at] < 0, `${at}`);
        // Where the variance is next to nothing, the difference drowns in rounding.
        const slack = 1e-6 * Math.abs(along.data[at]) + 1e-14 / step;
        assert.ok(Math.abs(along.data[at] - difference) < slack, `${at}: ${along.data[at]}, ${difference}`);
      }
    });

    it('is 0, and moves nothing, where nothing was observed', () => {
      const moved = ['mean', 'variance', 'logNoise'] as const;
      const slopes = gradients(
        sum(expected),
        moved.map((of) => tensors[of]),
      );
      const outputs = Object.fromEntries(moved.map((of, at) => [of, slopes[at]]));
      const along = evaluate({ outputs, feeds: cases });
      for (let at = 0; at < COUNT; at++) {
        if (cases.precision[at] > 0) continue;
        for (const value of [found, ...Object.values(along)]) assert.ok(Math.abs(value.data[at]) === 0, `${at}`);
      }
    });
  });
}

describe('the likelihood student', () => {
  const { student, gaussian } = LIKELIHOODS;

  it('hardly heeds a value that lies far out, which the Gaussian follows', () => {
    const observed = { value: tensors.value, precision: tensors.precision, logNoise: tensors.logNoise };
    const marginals = { mean: tensors.mean, variance: tensors.variance };
    const pull = (of: typeof student) => {
      const [slope] = gradients(sum(of.expectedLogDensity(observed, marginals)), [tensors.mean]);
      return Math.abs(evaluate({ outputs: { slope }, feeds: cases }).slope.data[3]);
    };
    assert.ok(pull(student) < 0.1 * pull(gaussian), `${pull(student)} against ${pull(gaussian)}`);
  });
});
