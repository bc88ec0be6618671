import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Matrix as HostMatrix, SingularValueDecomposition } from 'ml-matrix';
import { toySurvey } from '../../tests/fixtures/training/toy-survey.ts';
import * as reference from '../../tests/references/infovae.ts';
import { type Matrix, Random, row, zeros } from '../base/index.ts';
import { createNodeRuntime } from '../graph/index.node.ts';
import { findModel, type GradientFitting, type Model, type Parameters, type PreparedFit } from '../models/index.ts';
import { fitByGradient } from './gradient-fit.node.ts';
import { type FitSplits, splitsForFit } from './splits.ts';
import { evenBatches } from './validation.ts';

const runtime = createNodeRuntime({ threads: 1 });
const seed = 11;

describe('training by gradient', () => {
  it('takes the steps that an implementation by hand takes', async () => {
    const sizes = { pixels: 9, latents: 2, hidden: [6, 4], lambda: 5, alpha: 0, priorSamples: 8 };
    const { hidden, lambda, priorSamples } = sizes;
    const own = { hidden, lambda, priorSamples, batch: 5, maxEpochs: 1, learningRate: 0.01 };
    const settings = { ...own, encoder: 'plain' };
    const fitting = gradientFitting(findModel('vae').configure(sizes, settings));
    const prepared = randomRows(13, 7, sizes.pixels);
    const { state, history } = await fitByGradient(
      { ...fitting, prepare: async () => prepared, finish: async () => ({}), calibrate: async () => ({}) },
      splitsOf(prepared),
      { stage: 'training', runtime, random: new Random(seed), onCheckpoint: () => undefined },
    );

    const random = new Random(seed);
    const parameters = float64(fitting.initialParameters(random.stream('initial parameters')));
    const order = random.stream('order of epoch 1').permutation(13);
    const noise = random.stream('minibatch normals');
    const adam = new reference.ReferenceAdam();
    let trainLoss = 0;
    for (const start of [0, 5]) {
      const batch = batchOf(prepared.train, order.subarray(start, start + 5), sizes, noise);
      const { loss, gradient } = reference.lossAndGradient(sizes, parameters, batch);
      adam.update(parameters, gradient, settings.learningRate);
      trainLoss += loss / 2;
    }
    const normals = random.stream('validation normals');
    let validLoss = 0;
    for (const rows of evenBatches(7, 5)) {
      const batch = batchOf(prepared.valid, rows, sizes, normals);
      validLoss += (reference.lossAndGradient(sizes, parameters, batch).loss * rows.length) / 7;
    }
    assert.equal(state.step, 2);
    assert.ok(Math.abs(history[0].trainLoss / trainLoss - 1) < 1e-5, `${history[0].trainLoss} against ${trainLoss}`);
    assert.ok(Math.abs(Number(history[0].validLoss) / validLoss - 1) < 1e-5);
  });

  it('brings a linear autoencoder to the loss of PCA', async () => {
    const spectra = lowRank(120, 10);
    const weight = zeros(120, 10);
    weight.data.fill(4);
    const rows = { spectra, weight };
    const settings = {
      hidden: '[]',
      batch: 120,
      learningRate: 0.02,
      maxEpochs: 4000,
      patience: 30,
      stopAfter: 60,
      minImprovement: 1e-5,
    };
    const fitting = gradientFitting(findModel('ae').configure({ pixels: 10, latents: 2 }, settings));
    const prepared: PreparedFit = { fixed: {}, train: rows, valid: rows };
    const { state } = await fitByGradient(
      { ...fitting, prepare: async () => prepared, finish: async () => ({}), calibrate: async () => ({}) },
      splitsOf(prepared),
      { stage: 'training', runtime, random: new Random(1), onCheckpoint: () => undefined },
    );
    const best = 0.5 * 4 * leftByPca(spectra, 2);
    const reached = Number(state.plateau.best);
    assert.ok(reached > best * (1 - 1e-4) && reached < best * 1.01, `${reached} against ${best}`);
  });

  it('lets the KL term rise over the warm-up, in training but not in validation', async () => {
    const settings = { hidden: '8,4', maxEpochs: 6, warmUp: 4, lambda: 3 };
    const fitting = gradientFitting(findModel('vae').configure({ pixels: 12, latents: 2 }, settings));
    const { history } = await fitByGradient(fitting, splitsForFit(toySurvey(60, 12), 2), {
      stage: 'training',
      runtime,
      random: new Random(1),
      onCheckpoint: () => undefined,
    });
    for (const { step, trainLoss, validLoss, terms } of history) {
      const objective = (split: string, share: number) =>
        terms[`${split} reconstruction`] + share * terms[`${split} divergence`] + 2 * terms[`${split} discrepancy`];
      assert.ok(Math.abs(trainLoss / objective('train', Math.min(1, step / 4)) - 1) < 1e-5, `epoch ${step}`);
      assert.ok(Math.abs(Number(validLoss) / objective('valid', 1) - 1) < 1e-5, `epoch ${step}`);
    }
  });

  it('uses one batch when there are fewer spectra than a batch', async () => {
    const splits = splitsForFit(toySurvey(30, 12), 2);
    const fitting = gradientFitting(
      findModel('vae').configure({ pixels: 12, latents: 2 }, { hidden: '8,4', maxEpochs: 2 }),
    );
    const { state } = await fitByGradient(fitting, splits, {
      stage: 'training',
      runtime,
      random: new Random(1),
      onCheckpoint: () => undefined,
    });
    assert.equal(state.step, 2);
  });
});

describe('batches of the validation split', () => {
  it('hold every row once, differ by one row at most, and are none too large', () => {
    for (const [objects, batch] of [
      [1, 64],
      [64, 64],
      [65, 64],
      [129, 64],
      [1000, 64],
    ]) {
      const batches = evenBatches(objects, batch);
      const lengths = batches.map(({ length }) => length);
      assert.deepEqual(
        batches.flatMap((rows) => [...rows]),
        Array.from({ length: objects }, (_, i) => i),
      );
      assert.ok(Math.max(...lengths) <= batch && Math.max(...lengths) - Math.min(...lengths) <= 1);
    }
  });
});

function gradientFitting({ fitting }: Model): GradientFitting {
  if (fitting.kind !== 'gradient') throw new Error('a model that descends is wanted here');
  return fitting;
}

function randomRows(train: number, valid: number, pixels: number): PreparedFit {
  const random = new Random(2);
  const matrix = (rows: number): Matrix => {
    const filled = zeros(rows, pixels);
    random.fillNormal(filled.data);
    return filled;
  };
  const weights = (rows: number): Matrix => {
    const { data, ...shape } = matrix(rows);
    return { ...shape, data: data.map((value) => (value > -1 ? value * value : 0)) };
  };
  const rows = (count: number) => ({ spectra: matrix(count), weight: weights(count) });
  return { fixed: {}, train: rows(train), valid: rows(valid) };
}

/** What the loop itself reads of the splits: how many there are. */
function splitsOf({ train, valid }: PreparedFit): FitSplits {
  const data = ({ spectra }: PreparedFit['train']) => ({
    wavelength: new Float64Array(0),
    flux: spectra,
    ivar: spectra,
  });
  return { train: data(train), valid: data(valid), objects: { train: 0, valid: 0, test: 0 } };
}

function batchOf(
  { spectra, weight }: PreparedFit['train'],
  rows: Uint32Array,
  { latents, priorSamples }: { readonly latents: number; readonly priorSamples: number },
  random: Random,
): reference.Batch {
  const gathered = (matrix: Matrix) => Float64Array.from([...rows].flatMap((index) => [...row(matrix, index)]));
  const normals = (length: number) => Float64Array.from(new Float32Array(length).map(() => random.normal()));
  const [noise, prior] = [normals(rows.length * latents), normals(priorSamples * latents)];
  return { rows: rows.length, spectra: gathered(spectra), weight: gathered(weight), noise, prior };
}

function float64(parameters: Parameters): reference.Values {
  return Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, Float64Array.from(data)]));
}

/** Two directions with scatter 1 and 0.5, and noise of 0.1. */
function lowRank(rows: number, pixels: number): Matrix {
  const random = new Random(4);
  const directions = [0, 1].map(() => Array.from({ length: pixels }, () => random.normal()));
  const spectra = zeros(rows, pixels);
  for (let n = 0; n < rows; n++) {
    const [a, b] = [random.normal(), 0.5 * random.normal()];
    for (let p = 0; p < pixels; p++) {
      spectra.data[n * pixels + p] = a * directions[0][p] + b * directions[1][p] + 0.1 * random.normal();
    }
  }
  return spectra;
}

/** Sum of squares per spectrum that the best plane of a dimension through the mean leaves. */
function leftByPca(spectra: Matrix, components: number): number {
  const rows = Array.from({ length: spectra.rows }, (_, n) => [...row(spectra, n)]);
  const { diagonal } = new SingularValueDecomposition(new HostMatrix(rows).center('column'));
  return diagonal.slice(components).reduce((total, value) => total + value * value, 0) / spectra.rows;
}
