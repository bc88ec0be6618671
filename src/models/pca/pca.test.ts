import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { lowRankSpectra } from '../../../tests/fixtures/models/low-rank-spectra.ts';
import { type Matrix, Random, zeros } from '../../base/index.ts';
import { evaluate, type Runtime, writeOnnx } from '../../graph/index.ts';
import { createNodeRuntime } from '../../graph/runtime.node.ts';
import { dense, product, symmetricEigen, transposed } from '../../linalg/index.ts';
import type { DirectFitting, FitState, Model, Parameters } from '../model.ts';
import { pca } from './pca.ts';

let runtime: Runtime;
before(() => {
  runtime = createNodeRuntime({ threads: 1 });
});

const plane = { objects: 1200, pixels: 150, components: 3, seed: 11, gaps: 0.5, noise: [0.03, 0.4] as const };
const train = lowRankSpectra({ ...plane, excess: 0.05 });
const valid = lowRankSpectra({ ...plane, excess: 0.05, objects: 400, drawing: 'valid' });
const test = lowRankSpectra({ ...plane, excess: 0.05, objects: 1000, drawing: 'test' });

function fittingOf(model: Model): DirectFitting {
  assert.equal(model.fitting.kind, 'direct');
  return model.fitting;
}

const values = (parameters: Parameters) =>
  Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));

interface Encoded {
  readonly latentMean: Float32Array;
  readonly latentCovariance: Float32Array;
}

async function encode(model: Model, parameters: Parameters, data: { flux: Matrix; ivar: Matrix }): Promise<Encoded> {
  const { latents } = model.shape;
  const { outputs } = model.encoder();
  const session = await runtime.createSession(
    writeOnnx({ name: 'encoder', outputs: { ...outputs }, parameterValues: values(parameters) }),
  );
  const found = {
    latentMean: new Float32Array(data.flux.rows * latents),
    latentCovariance: new Float32Array(data.flux.rows * latents * latents),
  };
  await session.run({ flux: data.flux.data, ivar: data.ivar.data }, found);
  await session.release();
  return found;
}

/** The true coefficients in the coordinates of the fitted basis, N × Q. */
function trueLatents(parameters: Parameters, data: typeof test) {
  const [latents, pixels] = parameters.basis.shape;
  const basis = dense(latents, pixels, Float64Array.from(parameters.basis.data));
  const truth = dense(
    data.truth.rows,
    pixels,
    Float64Array.from(data.truth.data, (x, i) => x - parameters.mean.data[i % pixels]),
  );
  return product(truth, transposed(basis));
}

describe('the PCA model', () => {
  for (const method of ['em', 'classical'] as const) {
    describe(`(${method})`, () => {
      const model = pca.configure({ pixels: 150, latents: 3 }, { method });
      let parameters: Parameters;

      before(async () => {
        const fitted = await fittingOf(model).fit(train, valid, { runtime, random: new Random(1) });
        parameters = fitted.parameters;
        const last = fitted.history[fitted.history.length - 1];
        assert.ok(last.validLoss !== null && Math.abs(last.validLoss / last.trainLoss - 1) < 0.15);
      });

      it('has one encoder in ONNX and in the float64 reference', async () => {
        const some = { flux: firstRows(test.flux, 12), ivar: firstRows(test.ivar, 12) };
        const found = await encode(model, parameters, some);
        const { latentMean, latentCovariance } = model.encoder().outputs;
        const expected = evaluate({
          outputs: { latentMean, latentCovariance },
          feeds: { flux: some.flux.data, ivar: some.ivar.data, ...values(parameters) },
        });
        expected.latentMean.data.forEach((value, i) => {
          const sd = Math.sqrt(expected.latentCovariance.data[i * 3 + (i % 3)]);
          assert.ok(Math.abs(found.latentMean[i] - value) < 1e-4 * (Math.abs(value) + sd));
          assert.ok(Math.abs(found.latentCovariance[i * 3 + (i % 3)] / sd ** 2 - 1) < 1e-4);
        });
      });

      it('states latent uncertainties that cover the truth', async () => {
        const { latentMean, latentCovariance } = await encode(model, parameters, test);
        const truth = trueLatents(parameters, test);
        let [within1, within2] = [0, 0];
        truth.data.forEach((value, i) => {
          const sd = Math.sqrt(latentCovariance[i * 3 + (i % 3)]);
          const deviation = Math.abs(latentMean[i] - value) / sd;
          if (deviation < 1) within1++;
          if (deviation < 1.96) within2++;
        });
        const share = (count: number) => count / truth.data.length;
        // The classical components are themselves bent by noise, which no interval of theirs knows.
        const slack = method === 'em' ? 1 : 2;
        assert.ok(Math.abs(share(within1) - 0.683) < 0.03 * slack, `68% interval covers ${share(within1)}`);
        assert.ok(Math.abs(share(within2) - 0.95) < 0.015 * slack, `95% interval covers ${share(within2)}`);
      });

      it('finds the scatter of spectra about the plane', () => {
        const mean = parameters.modelVariance.data.reduce((sum, value) => sum + value, 0) / 150;
        assert.ok(Math.abs(Math.sqrt(mean) / 0.05 - 1) < 0.15, `scatter ${Math.sqrt(mean)}`);
      });

      it('knows nothing of a spectrum without observed pixels but the population', async () => {
        const { latentMean, latentCovariance } = await encode(model, parameters, {
          flux: zeros(1, 150),
          ivar: zeros(1, 150),
        });
        for (let k = 0; k < 3; k++) {
          assert.ok(Math.abs(latentMean[k]) < 1e-4);
          assert.ok(Math.abs(latentCovariance[k * 4] / parameters.componentVariance.data[k] - 1) < 1e-4);
        }
      });

      it('decodes to mean plus components, with its scatter', async () => {
        const { outputs } = model.decoder();
        const { flux, fluxVariance } = evaluate({
          outputs: { flux: outputs.flux, fluxVariance: outputs.fluxVariance },
          feeds: { latent: [0, 2, 0], ...values(parameters) },
        });
        flux.data.forEach((value, d) => {
          const expected = parameters.mean.data[d] + 2 * parameters.basis.data[150 + d];
          assert.ok(Math.abs(value - expected) < 1e-6);
        });
        const scatter = Math.sqrt(fluxVariance.data.reduce((sum, value) => sum + value, 0) / 150);
        assert.ok(Math.abs(scatter / 0.05 - 1) < 0.15, `scatter ${scatter}`);
      });

      it('goes on from a checkpoint as if never stopped', async () => {
        const fit = (
          extra: { signal?: AbortSignal; onCheckpoint?: (state: FitState) => Promise<void> },
          from?: FitState,
        ) => fittingOf(model).fit(train, valid, { runtime, random: new Random(2), ...extra }, from);
        const whole = await fit({});
        const stop = new AbortController();
        const kept: FitState[] = [];
        const onCheckpoint = async (state: FitState) => {
          kept.push(structuredClone(state));
          stop.abort();
        };
        await assert.rejects(fit({ signal: stop.signal, onCheckpoint }), { name: 'InterruptedError' });
        assert.equal(kept.length, 1);
        assert.deepEqual(await fit({}, kept[0]), whole);
      });
    });
  }

  it('em: latent planes of low-S/N, gappy spectra beat those of the classical method', async () => {
    const errors = await Promise.all(
      ['em', 'classical'].map(async (method) => {
        const model = pca.configure({ pixels: 150, latents: 3 }, { method });
        const { parameters } = await fittingOf(model).fit(train, valid, { runtime, random: new Random(1) });
        const basis = dense(3, 150, Float64Array.from(parameters.basis.data));
        const cosines = product(basis, transposed(train.basis));
        return 1 - symmetricEigen(product(cosines, transposed(cosines))).values[2];
      }),
    );
    assert.ok(errors[0] < 0.5 * errors[1], `sin² ${errors[0]} against ${errors[1]}`);
  });

  it('reads settings given as text, and refuses what it does not know', () => {
    const model = pca.configure({ pixels: 10, latents: 2 }, { method: 'classical', maxIterations: '7' });
    assert.deepEqual(model.settings, { method: 'classical', snrCap: 50, maxIterations: 7, tolerance: 1e-6 });
    assert.throws(() => pca.configure({ pixels: 10, latents: 2 }, { colour: 'red' }), {
      name: 'UserError',
      message: /pca has no setting "colour"; its settings are method, snrCap, maxIterations, tolerance/,
    });
    assert.throws(() => pca.configure({ pixels: 10, latents: 2 }, { maxIterations: 'many' }), {
      name: 'UserError',
      message: /maxIterations="many" will not do/,
    });
    assert.throws(() => pca.configure({ pixels: 10, latents: 10 }), { name: 'UserError', message: /from 1 to 9/ });
  });
});

function firstRows(matrix: Matrix, rows: number): Matrix {
  return { rows, columns: matrix.columns, data: matrix.data.subarray(0, rows * matrix.columns) };
}
