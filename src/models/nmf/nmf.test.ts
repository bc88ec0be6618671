import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { z } from 'zod';
import { type Matrix, Random, zeros } from '../../base/index.ts';
import { evaluate, type Runtime, writeOnnx } from '../../graph/index.ts';
import { createNodeRuntime } from '../../graph/runtime.node.ts';
import type { FitData, FitState, Model, Parameters } from '../model.ts';
import { nmf } from './nmf.ts';

let runtime: Runtime;
before(() => {
  runtime = createNodeRuntime({ threads: 1 });
});

const rows = z.array(z.array(z.number()));
const reference = z
  .object({
    factorisation: z.object({ flux: rows, components: z.number(), lowestObjective: z.number() }),
    nnls: z.object({ basis: rows, flux: rows, weights: rows, solutions: rows }),
  })
  .parse(JSON.parse(readFileSync('tests/fixtures/models/nmf.json', 'utf8')));

const matrix = (values: readonly (readonly number[])[]): Matrix => ({
  rows: values.length,
  columns: values[0].length,
  data: Float32Array.from(values.flat()),
});

const grid = (pixels: number) => Float64Array.from({ length: pixels }, (_, d) => 4000 + d);

/** Sums of overlapping bumps of random strength, most of them weak, with noise that often drives fluxes below zero. */
function planted(objects: number, pixels: number, components: number, sigma: number, seed: number) {
  const random = new Random(seed);
  const templates = zeros(components, pixels);
  for (let k = 0; k < components; k++) {
    for (let d = 0; d < pixels; d++) {
      const distance = (d - ((k + 0.5) * pixels) / components) / ((0.7 * pixels) / components);
      templates.data[k * pixels + d] = Math.max(0, 1 - distance ** 2);
    }
  }
  const truth: number[] = [];
  const data = { wavelength: grid(pixels), flux: zeros(objects, pixels), ivar: zeros(objects, pixels) };
  for (let n = 0; n < objects; n++) {
    const strengths = Array.from({ length: components }, () => 3 * random.uniform() ** 3);
    truth.push(...strengths);
    for (let d = 0; d < pixels; d++) {
      const at = n * pixels + d;
      const pixelSigma = sigma * random.uniform(0.5, 2);
      let value = random.normal(0, pixelSigma);
      strengths.forEach((strength, k) => {
        value += strength * templates.data[k * pixels + d];
      });
      const lost = random.uniform() < 0.2;
      data.flux.data[at] = lost ? random.normal(0, 30) : value;
      data.ivar.data[at] = lost ? 0 : 1 / pixelSigma ** 2;
    }
  }
  return { data, templates, truth };
}

interface FitExtras {
  readonly signal?: AbortSignal;
  readonly onCheckpoint?: (state: FitState) => Promise<void>;
}

function fit(model: Model, train: FitData, extra: FitExtras = {}, from?: FitState) {
  assert.ok(model.fitting.kind === 'direct');
  return model.fitting.fit(train, train, { runtime, random: new Random(1), ...extra }, from);
}

const valuesOf = (parameters: Parameters) =>
  Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));

async function encode(model: Model, parameters: Parameters, { flux, ivar }: Pick<FitData, 'flux' | 'ivar'>) {
  const { latents } = model.shape;
  const { latentMean: meanTensor, latentCovariance: covarianceTensor } = model.encoder().outputs;
  const outputs = { latentMean: meanTensor, latentCovariance: covarianceTensor };
  const session = await runtime.createSession(
    writeOnnx({ name: 'encoder', outputs, parameterValues: valuesOf(parameters) }),
  );
  const latentMean = new Float32Array(flux.rows * latents);
  const latentCovariance = new Float32Array(flux.rows * latents ** 2);
  await session.run({ flux: flux.data, ivar: ivar.data }, { latentMean, latentCovariance });
  await session.release();
  const feeds = { flux: flux.data, ivar: ivar.data, ...valuesOf(parameters) };
  const exact = evaluate({ outputs, feeds });
  return { latentMean, latentCovariance, exact };
}

/** Parameters of given templates with the weakest of priors: plain weighted NNLS. */
function withoutPrior(templates: Matrix): Parameters {
  const { rows: latents, columns: pixels, data } = templates;
  const filled = (length: number, value: number) => ({
    shape: [length],
    data: new Float32Array(length).fill(value),
  });
  return {
    templates: { shape: [latents, pixels], data },
    background: filled(pixels, 0),
    populationMean: filled(latents, 0),
    populationVariance: filled(latents, 1e12),
    noiseScale: filled(1, 1),
    modelVariance: filled(pixels, 0),
  };
}

describe('the NMF model', () => {
  it('finds planted templates from noisy spectra with gaps', async () => {
    const { data, templates } = planted(600, 60, 4, 0.3, 3);
    for (const updates of ['blocks', 'nearly'] as const) {
      const model = nmf.configure({ pixels: 60, latents: 4 }, { updates, tolerance: 1e-6 });
      const { parameters } = await fit(model, data);
      for (let k = 0; k < 4; k++) {
        const best = Math.max(...[0, 1, 2, 3].map((j) => cosine(templates, k, parameters.templates.data, j)));
        assert.ok(best > 0.995, `${updates}: template ${k} found with cosine ${best}`);
      }
    }
  });

  it('ends no higher than the best of scikit-learn’s NMF on non-negative data of equal weights', async () => {
    const { flux, components, lowestObjective } = reference.factorisation;
    const data = matrix(flux);
    const model = nmf.configure(
      { pixels: data.columns, latents: components },
      { background: false, snrCap: 1e9, tolerance: 1e-8, maxIterations: 3000 },
    );
    const ivar = { ...data, data: data.data.map(() => 1) };
    const { history } = await fit(model, { wavelength: grid(data.columns), flux: data, ivar });
    const objective = history[history.length - 1].trainLoss * data.rows;
    assert.ok(Math.abs(objective / lowestObjective - 1) < 1e-3, `${objective} against ${lowestObjective}`);
  });

  for (const updates of ['blocks', 'nearly', 'shift'] as const) {
    for (const background of [false, true]) {
      it(`never raises χ² from one iteration to the next (${updates}${background ? ', background' : ''})`, async () => {
        const { data } = planted(150, 40, 3, 0.5, 4);
        const settings = { updates, background, start: 'random', maxIterations: 40 };
        const { history, parameters } = await fit(nmf.configure({ pixels: 40, latents: 3 }, settings), data);
        assert.ok(history.length > 5 && history[history.length - 1].trainLoss < 0.9 * history[0].trainLoss);
        history.slice(1).forEach(({ trainLoss }, at) => {
          assert.ok(trainLoss <= history[at].trainLoss * (1 + 1e-6), `${trainLoss} after ${history[at].trainLoss}`);
        });
        assert.ok([...parameters.templates.data, ...parameters.background.data].every((value) => value >= 0));
        assert.equal(
          parameters.background.data.some((value) => value > 0),
          background,
        );
      });
    }
  }

  it('takes noise about zero for nothing when negatives are kept, for light when they are clipped', async () => {
    const random = new Random(8);
    const [objects, pixels] = [400, 50];
    const flux = {
      rows: objects,
      columns: pixels,
      data: Float32Array.from({ length: objects * pixels }, () => random.normal()),
    };
    const ivar = { ...flux, data: flux.data.map(() => 1) };
    const levelOf = async (negatives: string, updates: string) => {
      const model = nmf.configure({ pixels, latents: 1 }, { background: false, negatives, updates, start: 'random' });
      const { parameters } = await fit(model, { wavelength: grid(pixels), flux, ivar });
      const { latentMean } = await encode(model, { ...parameters, ...flatTemplate(pixels) }, { flux, ivar });
      return latentMean.reduce((sum, value) => sum + value / objects, 0);
    };
    // A coefficient ≥ 0 of sigma 1/√50 about zero: mean 0.4/√50 = 0.056; a clipped normal has mean 0.40.
    for (const updates of ['blocks', 'nearly', 'shift']) {
      assert.ok(Math.abs((await levelOf('keep', updates)) - 0.056) < 0.02);
    }
    assert.ok(Math.abs((await levelOf('clip', 'blocks')) - 0.399) < 0.02);
  });

  it('solves weighted problems with gaps as scipy’s NNLS does, in ONNX and in the float64 reference', async () => {
    const { basis, flux, weights, solutions } = reference.nnls;
    const model = nmf.configure({ pixels: basis[0].length, latents: basis.length }, { snrCap: 1e9 });
    const found = await encode(model, withoutPrior(matrix(basis)), { flux: matrix(flux), ivar: matrix(weights) });
    solutions.flat().forEach((solution, at) => {
      assert.ok(Math.abs(found.exact.latentMean.data[at] - solution) < 1e-6, `${at}: ${solution}`);
      assert.ok(Math.abs(found.latentMean[at] - solution) < 2e-4 * (1 + solution), `${at}: ${found.latentMean[at]}`);
      assert.ok(found.latentMean[at] >= 0);
    });
  });

  it('states for a coefficient held at zero how far above zero it may be', async () => {
    for (const flux of [0, -0.3, -1, -2, -5, -20]) {
      const parameters = withoutPrior(matrix([[2, 0]]));
      const data = { flux: matrix([[flux, 0]]), ivar: matrix([[1, 1]]) };
      const { latentMean, latentCovariance } = await encode(
        nmf.configure({ pixels: 2, latents: 1 }, { snrCap: 1e9 }),
        parameters,
        data,
      );
      let [weight, second] = [0, 0];
      for (let x = 0.00005; x < 5; x += 0.0001) {
        const density = Math.exp(-0.5 * (flux - 2 * x) ** 2 + 0.5 * flux ** 2);
        weight += density;
        second += density * x * x;
      }
      assert.equal(latentMean[0], 0);
      assert.ok(Math.abs(latentCovariance[0] / (second / weight) - 1) < 0.1, `flux ${flux}: ${latentCovariance[0]}`);
    }
  });

  it('covers the true strengths of spectra that follow it', async () => {
    const { data, templates, truth } = planted(500, 60, 3, 0.4, 6);
    const model = nmf.configure({ pixels: 60, latents: 3 });
    const { exact, latentMean, latentCovariance } = await encode(model, withoutPrior(templates), data);
    // The float64 reference agrees with ONNX here too.
    assert.ok(latentMean.every((value, at) => Math.abs(value - exact.latentMean.data[at]) < 1e-3));
    let within = 0;
    latentMean.forEach((value, at) => {
      const deviation = Math.sqrt(latentCovariance[3 * at + (at % 3)]);
      if (Math.abs(value - truth[at]) < deviation) within++;
    });
    const share = within / latentMean.length;
    assert.ok(share > 0.65 && share < 0.8, `68% intervals cover ${share}`);
  });

  it('goes on from a checkpoint as if never stopped', async () => {
    const { data } = planted(120, 40, 3, 0.3, 5);
    const model = nmf.configure({ pixels: 40, latents: 3 }, { maxIterations: 30, background: true });
    const whole = await fit(model, data);
    for (const stopAt of [1, 6]) {
      const stop = new AbortController();
      const kept: FitState[] = [];
      const onCheckpoint = async (state: FitState) => {
        kept.push(structuredClone(state));
        if (state.step === stopAt) stop.abort();
      };
      await assert.rejects(fit(model, data, { signal: stop.signal, onCheckpoint }), { name: 'InterruptedError' });
      assert.equal(kept.length, stopAt);
      assert.deepEqual(await fit(model, data, {}, kept[stopAt - 1]), whole);
    }
  });

  it('refuses what cannot be factorised in one sentence', async () => {
    const model = nmf.configure({ pixels: 40, latents: 3 });
    const { data } = planted(20, 40, 3, 0.3, 5);
    const blind = { ...data, ivar: zeros(20, 40) };
    await assert.rejects(fit(model, blind), { name: 'UserError', message: /no observed pixel/ });
    const few = planted(3, 40, 3, 0.3, 5).data;
    await assert.rejects(fit(model, few), { name: 'UserError', message: /more than 3 training spectra; there are 3/ });
    const wild = { ...data, flux: { ...data.flux, data: data.flux.data.map((value) => value * 1e18) } };
    await assert.rejects(fit(nmf.configure({ pixels: 40, latents: 3 }, { snrCap: 1e15 }), wild), {
      name: 'UserError',
      message: /too large for float32/,
    });
  });
});

const flatTemplate = (pixels: number): Parameters => ({
  templates: { shape: [1, pixels], data: new Float32Array(pixels).fill(1) },
  populationMean: { shape: [1], data: Float32Array.of(0) },
  populationVariance: { shape: [1], data: Float32Array.of(1e12) },
});

function cosine(one: Matrix, k: number, other: Float32Array, j: number): number {
  const { columns } = one;
  let [dot, first, second] = [0, 0, 0];
  for (let d = 0; d < columns; d++) {
    const [a, b] = [one.data[k * columns + d], other[j * columns + d]];
    dot += a * b;
    first += a * a;
    second += b * b;
  }
  return dot / Math.sqrt(first * second);
}
