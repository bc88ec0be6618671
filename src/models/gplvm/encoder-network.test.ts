import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Random } from '../../base/index.ts';
import { evaluate, type Tensor } from '../../graph/index.ts';
import { EncoderNetwork, networkGradients, sampleGraph, startLoss, stepLoss, toldGraph } from './encoder-network.ts';

const [B, D, Q] = [4, 5, 2];
const network = new EncoderNetwork(D, Q);
const random = new Random(7);
const normals = (length: number) => Float64Array.from({ length }, () => random.normal());

type Values = Readonly<Record<string, Float64Array>>;

const parameters: Values = Object.fromEntries(
  Object.entries(network.initialParameters(random)).map(([name, { data }]) => [name, Float64Array.from(data)]),
);
/** Four objects; a third of the values, and all of the last object, not observed. */
const observed = {
  value: normals(B * D),
  precision: normals(B * D).map((x, at) => (at % 3 === 0 || at >= (B - 1) * D ? 0 : Math.exp(x))),
};
const shown = Float64Array.from({ length: B * D }, (_, at) => (at % 5 < 2 ? 0 : 1));
const minibatch = { shown, deviate: normals(B * Q), slope: normals(B * Q), latent: normals(B * Q) };

function told(given: Values, { value, precision }: typeof observed) {
  const { mean, logDeviation } = evaluate({ outputs: toldGraph(network), feeds: { ...given, value, precision } });
  return { mean: mean.data, deviation: logDeviation.data.map(Math.exp) };
}

const ofPart = { ...observed, precision: observed.precision.map((precision, at) => precision * shown[at]) };

/** −ln of the density of independent normals, but for constants. */
function surprise(latent: Float64Array, { mean, deviation }: ReturnType<typeof told>): number {
  return latent.reduce((sum, z, at) => sum + 0.5 * ((z - mean[at]) / deviation[at]) ** 2 + Math.log(deviation[at]), 0);
}

function sampleOf({ mean, deviation }: ReturnType<typeof told>): Float64Array {
  return mean.map((value, at) => value + deviation[at] * minibatch.deviate[at]);
}

/** `stepLoss` by the textbook, the sample that the part is to tell held at those of the parameters as they are. */
function expectedStepLoss(given: Values): number {
  const whole = told(given, observed);
  const ofDecoders = sampleOf(whole).reduce((sum, z, at) => sum + z * minibatch.slope[at], 0);
  const divergence = whole.mean.reduce((sum, mean, at) => {
    const variance = whole.deviation[at] ** 2;
    return sum + 0.5 * (mean ** 2 + variance - 1 - Math.log(variance));
  }, 0);
  return ofDecoders + divergence + surprise(sampleOf(told(parameters, observed)), told(given, ofPart));
}

function expectedStartLoss(given: Values): number {
  return surprise(minibatch.latent, told(given, observed)) + surprise(minibatch.latent, told(given, ofPart));
}

const losses: Readonly<Record<string, { loss: Tensor; expected: (given: Values) => number }>> = {
  'of a step': { loss: stepLoss(network, B), expected: expectedStepLoss },
  'of the start': { loss: startLoss(network, B), expected: expectedStartLoss },
};

describe("an encoder network's loss", () => {
  for (const [name, { loss, expected }] of Object.entries(losses)) {
    it(`${name} is that of the textbook, and so are its derivatives along each parameter array`, () => {
      const outputs = { loss, ...networkGradients(loss) };
      const found = evaluate<string>({ outputs, feeds: { ...parameters, ...observed, ...minibatch } });
      assert.ok(Math.abs(found.loss.data[0] - expected(parameters)) < 1e-9);
      for (const [array, values] of Object.entries(parameters)) {
        const direction = normals(values.length);
        const moved = (by: number) =>
          expected({ ...parameters, [array]: values.map((value, at) => value + by * direction[at]) });
        const difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        const slope = found[array].data.reduce((sum, value, at) => sum + value * direction[at], 0);
        assert.ok(
          Math.abs(slope - difference) < 1e-6 * (1 + Math.abs(difference)),
          `${array}: ${slope}, ${difference}`,
        );
      }
    });
  }
});

describe('an encoder network', () => {
  it('samples by its means and deviations', () => {
    const feeds = { ...parameters, ...observed, deviate: minibatch.deviate };
    const { latent } = evaluate({ outputs: sampleGraph(network, B), feeds });
    assert.deepEqual(latent.data, sampleOf(told(parameters, observed)));
  });

  it('takes any part of an object, whatever stands where nothing was observed', () => {
    const seen = fc.array(fc.boolean(), { minLength: D, maxLength: D });
    const rubbish = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: D, maxLength: D });
    fc.assert(
      fc.property(seen, rubbish, (isSeen, other) => {
        const precision = Float64Array.from(isSeen, (yes, at) => (yes ? 0.1 + at : 0));
        const value = observed.value.slice(0, D);
        const otherwise = value.map((x, at) => (isSeen[at] ? x : other[at]));
        const first = told(parameters, { value, precision });
        const second = told(parameters, { value: otherwise, precision });
        assert.deepEqual(second, first);
        assert.ok([...first.mean, ...first.deviation].every(Number.isFinite));
      }),
      { numRuns: 50 },
    );
  });

  it('heeds what was observed, more the better it is known, and no value for being enormous', () => {
    const at = (value: number, precision: number) => {
      const only = { value: new Float64Array(D), precision: new Float64Array(D) };
      [only.value[1], only.precision[1]] = [value, precision];
      return told(parameters, only).mean[0];
    };
    const effect = (precision: number) => Math.abs(at(1, precision) - at(0, precision));
    assert.ok(effect(100) > effect(1) && effect(1) > effect(0.01) && effect(0.01) > 0);
    assert.equal(at(1e6, 1), at(1e9, 1));
  });
});
