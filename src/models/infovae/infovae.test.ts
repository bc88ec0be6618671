import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as reference from '../../../tests/references/infovae.ts';
import { Random, UserError } from '../../base/index.ts';
import { createNodeRuntime } from '../../graph/index.node.ts';
import { evaluate, gradients, parametersOf, type Tensor, writeOnnx } from '../../graph/index.ts';
import type { GradientFitting, LossGraph, Parameters } from '../model.ts';
import { infovae } from './infovae.ts';

const sizes: reference.InfovaeSizes = {
  pixels: 12,
  latents: 2,
  hidden: [7, 5],
  lambda: 11.2,
  alpha: 0.1,
  priorSamples: 9,
};
const rows = 6;

const { hidden, lambda, alpha, priorSamples } = sizes;
const { fitting } = infovae.configure(sizes, { encoder: 'plain', hidden, lambda, alpha, priorSamples });
const small = requireGradient(fitting);
const initial = small.initialParameters(new Random(3));
const batch = randomBatch(new Random(5));
const expected = reference.lossAndGradient(sizes, float64(initial), batch);

describe('the loss of a small InfoVAE', () => {
  it('is that of an implementation by hand, term by term', () => {
    const { loss, terms } = small.lossGraph(rows);
    const found = evaluate<string>({ outputs: { loss, ...terms }, feeds: { ...float64(initial), ...feedsOf(batch) } });
    for (const name of ['loss', 'reconstruction', 'divergence', 'discrepancy'] as const) {
      assert.ok(Math.abs(found[name].data[0] / expected[name] - 1) < 1e-10, name);
    }
  });

  it('has in float64 the gradient of finite differences and of the implementation by hand', () => {
    const graph = small.lossGraph(rows);
    const derivative = evaluate({ outputs: gradientsOf(graph), feeds: { ...float64(initial), ...feedsOf(batch) } });
    const lossAt = (values: reference.Values) =>
      evaluate({ outputs: { loss: graph.loss }, feeds: { ...values, ...feedsOf(batch) } }).loss.data[0];
    const random = new Random(7);
    for (const name of Object.keys(initial)) {
      const along = normals(initial[name].data.length, random);
      const slope = dot(derivative[name].data, along);
      const moved = (step: number): reference.Values => ({
        ...float64(initial),
        [name]: Float64Array.from(initial[name].data, (value, i) => value + step * along[i]),
      });
      const step = 1e-6;
      const difference = (lossAt(moved(step)) - lossAt(moved(-step))) / (2 * step);
      assert.ok(relative(slope, difference) < 1e-5, `${name}: ${slope} against ${difference}`);
      assert.ok(relative(slope, dot(expected.gradient[name], along)) < 1e-10, name);
    }
  });

  it('has the same gradient in float32 from ONNX Runtime', async () => {
    const outputs = Object.fromEntries(
      Object.entries(gradientsOf(small.lossGraph(rows))).map(([name, tensor]) => [`gradient.${name}`, tensor]),
    );
    const session = await createNodeRuntime({ threads: 1 }).createSession(writeOnnx({ name: 'test', outputs }));
    const fetches = Object.fromEntries(
      Object.entries(initial).map(([name, { data }]) => [`gradient.${name}`, new Float32Array(data.length)]),
    );
    await session.run(float32({ ...float64(initial), ...feedsOf(batch) }), fetches);
    for (const name of Object.keys(initial)) {
      const exact = expected.gradient[name];
      const error = exact.map((value, i) => value - fetches[`gradient.${name}`][i]);
      assert.ok(dot(error, error) < 1e-6 * dot(exact, exact), name);
    }
    await session.release();
  });
});

describe('the settings of the InfoVAE', () => {
  it("default to the paper's Table 1", () => {
    const settingsFor = (latents: number) => infovae.configure({ pixels: 1000, latents }).settings;
    assert.deepEqual(pick(settingsFor(2)), {
      hidden: [1663, 42],
      lambda: 11.2,
      batch: 64,
      learningRate: 1e-3,
      alpha: 0,
    });
    assert.deepEqual(pick(settingsFor(4)), {
      hidden: [1134, 64],
      lambda: 21.2,
      batch: 64,
      learningRate: 1e-3,
      alpha: 0,
    });
    assert.deepEqual(pick(settingsFor(6)), {
      hidden: [703, 94],
      lambda: 3.02,
      batch: 64,
      learningRate: 1e-3,
      alpha: 0,
    });
    assert.deepEqual(pick(settingsFor(10)), {
      hidden: [549, 110],
      lambda: 7.72,
      batch: 64,
      learningRate: 1e-3,
      alpha: 0,
    });
  });

  it('lie between and beyond the table without jumps', () => {
    for (const latents of [1, 3, 5, 8, 12, 20, 40]) {
      const { hidden } = infovae.configure({ pixels: 1000, latents }).settings;
      assert.ok(Array.isArray(hidden));
      const [first, second] = hidden.map(Number);
      assert.ok(first >= second && second > latents && first <= 2000, `${latents}: ${first}, ${second}`);
    }
    assert.deepEqual(infovae.configure({ pixels: 20, latents: 2 }).settings.hidden, [256, 42]);
  });

  it('are read from words, and unknown or ill-valued ones refused in one sentence', () => {
    const shape = { pixels: 50, latents: 2 };
    const { settings } = infovae.configure(shape, { hidden: '30,20', lambda: '5', maxEpochs: '3' });
    assert.deepEqual([settings.hidden, settings.lambda, settings.maxEpochs], [[30, 20], 5, 3]);
    assert.deepEqual(infovae.configure(shape, { hidden: '30' }).settings.hidden, [30]);
    const refused = (given: Record<string, unknown>, words: RegExp) =>
      assert.throws(
        () => infovae.configure(shape, given),
        (error: unknown) => error instanceof UserError && words.test(error.message),
      );
    refused({ lamda: 3 }, /no setting "lamda".*lambda, alpha/);
    refused({ batch: 'many' }, /batch="many"/);
    refused({ learningRate: -1 }, /learningRate=-1/);
    refused({ hidden: '30,0' }, /hidden="30,0"/);
  });

  it('are each described', () => {
    for (const { key, description } of infovae.describeSettings({ pixels: 1000, latents: 6 })) {
      assert.ok(description.length > 10, key);
    }
  });
});

function requireGradient(of: ReturnType<typeof infovae.configure>['fitting']): GradientFitting {
  if (of.kind !== 'gradient') throw new Error('the InfoVAE descends');
  return of;
}

function gradientsOf({ loss, terms }: LossGraph): Record<string, Tensor> {
  const found = parametersOf([loss, ...Object.values(terms)]);
  const derivatives = gradients(loss, [...found.values()]);
  return Object.fromEntries([...found.keys()].map((name, index) => [name, derivatives[index]]));
}

function randomBatch(random: Random): reference.Batch {
  const { pixels, latents, priorSamples } = sizes;
  return {
    rows,
    spectra: normals(rows * pixels, random),
    weight: normals(rows * pixels, random).map((value) => (value > -1 ? value * value : 0)),
    noise: normals(rows * latents, random),
    prior: normals(priorSamples * latents, random),
  };
}

function feedsOf({ spectra, weight, noise, prior }: reference.Batch): reference.Values {
  return { spectra, weight, noise, prior };
}

function float64(parameters: Parameters): reference.Values {
  return Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, Float64Array.from(data)]));
}

function float32(values: reference.Values): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(values).map(([name, data]) => [name, Float32Array.from(data)]));
}

function normals(length: number, random: Random): Float64Array {
  return Float64Array.from({ length }, () => random.normal());
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}

function relative(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), 1e-12);
}

function pick({ hidden, lambda, batch, learningRate, alpha }: Readonly<Record<string, unknown>>) {
  return { hidden, lambda, batch, learningRate, alpha };
}
