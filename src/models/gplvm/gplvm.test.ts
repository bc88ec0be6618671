import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { CURVED, type CurvedSurvey, curvedSurvey, labelBounds } from '../../../tests/fixtures/models/curved-survey.ts';
import {
  decodedLabels,
  encoded,
  type FittedModel,
  fitDirectly,
  jointlyEncoded,
  predictedLabels,
  runOnnx,
} from '../../../tests/references/fitted-model.ts';
import { type Matrix, zeros } from '../../base/index.ts';
import { evaluate } from '../../graph/index.ts';
import type { FitData } from '../model.ts';
import { EncoderNetwork, toldGraph } from './encoder-network.ts';
import { standardisedRows } from './standardise.ts';

const { pixels: P, latents: Q, labels: K } = CURVED;
const settings = { inducing: 24, epochs: 25, batch: 64 };

function surveys(options: { objects?: number; gain?: number; outlying?: number } = {}) {
  const { objects = 600, ...rest } = options;
  const train = curvedSurvey({ objects, seed: 1, ...rest });
  return { train, valid: curvedSurvey({ objects: 300, seed: 2, ...rest }) };
}

/** What predictions are judged by: labels of other objects, of which a third were not measured. */
const test = curvedSurvey({ objects: 500, seed: 3 });

/** Root mean square of predicted minus true labels, over the least that there could be. */
function errorOverBound(mean: Matrix, survey: CurvedSurvey): number {
  const bounds = labelBounds(survey);
  const ratios = Array.from({ length: K }, (_, k) => {
    let [squares, least] = [0, 0];
    for (let at = k; at < mean.data.length; at += K) {
      squares += (mean.data[at] - survey.trueLabels.data[at]) ** 2;
      least += bounds.data[at];
    }
    return Math.sqrt(squares / least);
  });
  return Math.sqrt(ratios.reduce((sum, ratio) => sum + ratio ** 2 / K, 0));
}

/** Shares of measured labels within one and 1.96 standard deviations of prediction and measurement together. */
function coverage({ mean, variance }: Record<'mean' | 'variance', Matrix>, { labels }: CurvedSurvey) {
  let [within68, within95, count] = [0, 0, 0];
  for (const [at, ivar] of labels.ivar.data.entries()) {
    if (ivar === 0) continue;
    const deviation = Math.abs(labels.value.data[at] - mean.data[at]) / Math.sqrt(variance.data[at] + 1 / ivar);
    count++;
    if (deviation < 1) within68++;
    if (deviation < 1.96) within95++;
  }
  return [within68 / count, within95 / count];
}

function meanOf(values: Iterable<number>): number {
  const all = [...values];
  return all.reduce((sum, value) => sum + value, 0) / all.length;
}

for (const name of ['gplvm', 'shared-gplvm', 'disentangled-gplvm']) {
  describe(`${name} of curved spectra with gaps and labels`, () => {
    let fitted: FittedModel;
    before(async () => {
      fitted = await fitDirectly(name, CURVED, settings, surveys());
    });

    it('predicts labels nearly as well as the spectra allow, with intervals that cover', async () => {
      const predicted = await predictedLabels(fitted, test);
      const ratio = errorOverBound(predicted.mean, test);
      assert.ok(ratio > 0.9 && ratio < 1.3, `${ratio} times the bound`);
      const [within68, within95] = coverage(predicted, test);
      // 700 labels: 1.8% and 0.8% of scatter, and as much again for what the fit itself is off.
      assert.ok(Math.abs(within68 - 0.683) < 0.06, `68% intervals cover ${within68}`);
      assert.ok(Math.abs(within95 - 0.95) < 0.03, `95% intervals cover ${within95}`);
    });

    it('predicts held-out labels better and better while it is fitted', () => {
      const losses = fitted.history.map(({ validLoss }) => validLoss ?? Number.NaN);
      assert.ok(meanOf(losses.slice(-5)) < losses[0] - 0.1, `${losses}`);
      assert.ok(
        fitted.history.every(({ trainLoss, terms }) => [trainLoss, ...Object.values(terms)].every(Number.isFinite)),
      );
    });

    it('rebuilds spectra to their noise', async () => {
      const { latentMean } = await encoded(fitted, test);
      const { flux } = fitted.model.decoder().outputs;
      const rebuilt = await runOnnx(fitted, { flux }, { latent: latentMean.data }, test.flux.rows);
      const deviations: number[] = [];
      for (const [at, ivar] of test.ivar.data.entries()) {
        if (ivar > 0) deviations.push(ivar * (test.flux.data[at] - rebuilt.flux.data[at]) ** 2);
      }
      // Of the 30 pixels that are seen, the latents fit 2.
      assert.ok(Math.abs(meanOf(deviations) - 0.95) < 0.05, `χ²/pixel ${meanOf(deviations)}`);
    });
  });
}

for (const latentKind of ['point', 'map']) {
  describe(`latents of the kind ${latentKind}`, () => {
    it('predict labels nearly as well as the spectra allow', async () => {
      const fitted = await fitDirectly('shared-gplvm', CURVED, { ...settings, latentKind }, surveys());
      const ratio = errorOverBound((await predictedLabels(fitted, test)).mean, test);
      assert.ok(ratio < 1.35, `${ratio} times the bound`);
    });
  });
}

describe('amortised latents', () => {
  let fitted: FittedModel;
  before(async () => {
    fitted = await fitDirectly('shared-gplvm', CURVED, { ...settings, latentKind: 'amortised' }, surveys());
  });

  it('predict labels nearly as well as the spectra allow, with intervals that cover', async () => {
    const predicted = await predictedLabels(fitted, test);
    const ratio = errorOverBound(predicted.mean, test);
    assert.ok(ratio < 1.35, `${ratio} times the bound`);
    const [within68, within95] = coverage(predicted, test);
    assert.ok(Math.abs(within68 - 0.683) < 0.07 && Math.abs(within95 - 0.95) < 0.035, `${within68}, ${within95}`);
  });

  it('come with a network that tells at once nearly what a fit finds, from any part of an object', async () => {
    const { rows } = test.flux;
    const unknown = { value: zeros(rows, K), ivar: zeros(rows, K) };
    const half = test.ivar.data.map((ivar, at) => (at % P < P / 2 ? ivar : 0));
    const parts = {
      spectra: { spectra: test, labels: unknown, within: 0.2 },
      halves: { spectra: { ...test, ivar: { ...test.ivar, data: half } }, labels: unknown, within: 0.35 },
      labels: { spectra: { ...test, ivar: zeros(rows, P) }, labels: test.labels, within: 0.5 },
    };
    for (const [name, { spectra, labels, within }] of Object.entries(parts)) {
      const { latentMean } = await jointlyEncoded(fitted, spectra, labels);
      const told = await toldAtOnce(fitted, { ...spectra, labels });
      const misses = Math.sqrt(meanOf(told.mean.data.map((mean, at) => (mean - latentMean.data[at]) ** 2)));
      assert.ok(misses < within, `from ${name}: ${misses}`);
    }
  });
});

/** Latents as the network tells them, not refined. */
function toldAtOnce(fitted: FittedModel, data: FitData) {
  const [centre, scale] = ['outputCentre', 'outputScale'].map((name) => fitted.parameters[name].data);
  const { value, precision } = standardisedRows(data, { centre, scale });
  const outputs = toldGraph(new EncoderNetwork(P + K, Q));
  return runOnnx(fitted, outputs, { value: value.data, precision: precision.data }, value.rows);
}

describe('spectra with outlying pixels', () => {
  it('tell labels far better by the likelihood that expects them', async () => {
    const outlying = 0.03;
    const others = curvedSurvey({ objects: 500, seed: 3, outlying });
    const errorBy = async (likelihood: string) => {
      const given = { ...settings, likelihood, gain: false };
      const fitted = await fitDirectly('shared-gplvm', CURVED, given, surveys({ outlying }));
      const predicted = await predictedLabels(fitted, others);
      return { error: errorOverBound(predicted.mean, others), covers: coverage(predicted, others) };
    };
    const [gaussian, student] = [await errorBy('gaussian'), await errorBy('student')];
    assert.ok(student.error < 0.5 * gaussian.error && student.error < 1.7, `${student.error}, ${gaussian.error}`);
    assert.ok(student.covers[0] > 0.6 && student.covers[1] > 0.9, `${student.covers}`);
  });
});

describe('a GPLVM of spectra that stand off by gains', () => {
  const planted = { gain: 0.03 };
  const others = curvedSurvey({ objects: 500, seed: 3, ...planted });
  let fitted: FittedModel;
  before(async () => {
    fitted = await fitDirectly('shared-gplvm', CURVED, settings, surveys(planted));
  });

  it('finds them, as well as it says', async () => {
    const { gainMean, gainCovariance } = await encoded(fitted, others);
    const misses = gainMean.data.map((value, n) => value - others.gain[n]);
    const error = Math.sqrt(meanOf(misses.map((miss) => miss * miss)));
    const stated = meanOf(misses.map((miss, n) => (miss * miss) / gainCovariance.data[n * (Q + 1) + Q]));
    assert.ok(error < 0.5 * planted.gain, `${error}`);
    assert.ok(stated > 0.5 && stated < 1.5, `squared misses over their variances: ${stated}`);
  });

  it('does not take the gains for uncertainty of what the latents say', async () => {
    const predicted = await predictedLabels(fitted, others);
    const [within68, within95] = coverage(predicted, others);
    assert.ok(errorOverBound(predicted.mean, others) < 1.45);
    assert.ok(Math.abs(within68 - 0.683) < 0.07 && Math.abs(within95 - 0.95) < 0.035, `${within68}, ${within95}`);
  });

  it('has one encoder in ONNX and in the float64 reference', async () => {
    const rows = 8;
    const some = { flux: firstRows(others.flux, rows), ivar: firstRows(others.ivar, rows) };
    const found = await encoded(fitted, some);
    const values = Object.entries(fitted.parameters).map(([name, { data }]) => [name, data] as const);
    const expected = evaluate<string>({
      outputs: { ...fitted.model.encoder().outputs },
      feeds: { ...Object.fromEntries(values), flux: some.flux.data, ivar: some.ivar.data },
    });
    for (let at = 0; at < rows * Q; at++) {
      const deviation = Math.sqrt(expected.latentCovariance.data[Math.floor(at / Q) * Q * Q + (at % Q) * (Q + 1)]);
      const miss = Math.abs(found.latentMean.data[at] - expected.latentMean.data[at]);
      assert.ok(miss < 0.01 * deviation, `latent ${at}: ${miss} of ${deviation}`);
    }
    for (const name of ['latentCovariance', 'gainMean', 'gainCovariance', 'observedShare']) {
      const scale = Math.max(...expected[name].data.map(Math.abs));
      for (const [at, value] of expected[name].data.entries()) {
        assert.ok(Math.abs(found[name].data[at] - value) < 2e-3 * scale, `${name} ${at}`);
      }
    }
  });

  it('has a joint encoder that is the encoder when no label is given', async () => {
    const { rows } = others.flux;
    const none = { value: zeros(rows, K), ivar: zeros(rows, K) };
    const [joint, alone] = [await jointlyEncoded(fitted, others, none), await encoded(fitted, others)];
    assert.deepEqual(Object.keys(joint).sort(), Object.keys(alone).sort());
    for (const name of ['latentMean', 'latentCovariance', 'gainMean'] as const) {
      for (const [at, value] of alone[name].data.entries()) {
        assert.ok(Math.abs(joint[name].data[at] - value) < 1e-3 * (1 + Math.abs(value)), `${name} ${at}`);
      }
    }
  });

  it('has a joint encoder that labels bring nearer to the other label, also without a spectrum', async () => {
    const { rows } = others.flux;
    const first = { value: others.trueLabels, ivar: zeros(rows, K) };
    for (let n = 0; n < rows; n++) first.ivar.data[n * K] = 1e4;
    const blind = { ...others, ivar: zeros(rows, P) };
    const errorOf = async (encodedBy: Promise<Record<string, Matrix>>) => {
      const { latentMean, latentCovariance } = await encodedBy;
      const { mean } = await decodedLabels(fitted, { mean: latentMean, covariance: latentCovariance });
      const misses = Array.from({ length: rows }, (_, n) => mean.data[n * K + 1] - others.trueLabels.data[n * K + 1]);
      return Math.sqrt(meanOf(misses.map((miss) => miss * miss)));
    };
    const alone = await errorOf(encoded(fitted, others));
    const both = await errorOf(jointlyEncoded(fitted, others, first));
    const labelOnly = await errorOf(jointlyEncoded(fitted, blind, first));
    const nothing = await errorOf(encoded(fitted, blind));
    assert.ok(both < alone && alone < labelOnly && labelOnly < 0.99 * nothing, `${[both, alone, labelOnly, nothing]}`);
  });
});

function firstRows({ columns, data }: Matrix, rows: number): Matrix {
  return { rows, columns, data: data.subarray(0, rows * columns) };
}
