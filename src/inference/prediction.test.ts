import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  conditional,
  LABELS,
  linearRun,
  type MeasuredOutputs,
  matrixOf,
  PIXELS,
} from '../../tests/fixtures/inference/linear-run.ts';
import { type Matrix, Random, UserError, zeros } from '../base/index.ts';
import { addNormalisationError, fittedGains } from './gain.ts';

const run = linearRun();

/** Objects measured to various degrees: all, nothing, only some labels, only some pixels. */
function objects(): MeasuredOutputs[] {
  const random = new Random(7);
  const seen: readonly ((d: number) => boolean)[] = [
    () => true,
    () => false,
    (d) => d === PIXELS + 1,
    (d) => d < 3,
    (d) => d % 2 === 0,
  ];
  return seen.map((isSeen) => {
    const outputs = Array.from({ length: PIXELS + LABELS }, (_, d) => d);
    return {
      value: outputs.map((d) => (isSeen(d) ? (d < PIXELS ? 1 : 40 + d) + random.normal() : 0)),
      ivar: outputs.map((d) => (isSeen(d) ? random.uniform(1, 30) : 0)),
    };
  });
}

const all = objects();
const pixels = (of: 'value' | 'ivar') => matrixOf(all.map((object) => object[of].slice(0, PIXELS)));
const labels = (of: 'value' | 'ivar') => matrixOf(all.map((object) => object[of].slice(PIXELS)));
const both = { flux: pixels('value'), ivar: pixels('ivar'), label: labels('value'), labelIvar: labels('ivar') };

function assertClose(found: Matrix, expected: readonly (readonly number[])[]): void {
  expected.flat().forEach((value, at) => {
    assert.ok(
      Math.abs(found.data[at] - value) < 1e-4 * (1 + Math.abs(value)),
      `${at}: ${found.data[at]} against ${value}`,
    );
  });
}

describe('predictions of a linear model are conditional Gaussians', () => {
  it('of labels, from spectra and labels, their own measurements included', async () => {
    const { mean, variance } = await run.predictLabelsJointly(both);
    const exact = all.map(conditional);
    assertClose(
      mean,
      exact.map((object) => object.mean.slice(PIXELS)),
    );
    assertClose(
      variance,
      exact.map((object) => object.variance.slice(PIXELS)),
    );
  });

  it('of labels, from spectra alone', async () => {
    const { mean, variance } = await run.predictLabels(both.flux, both.ivar);
    const exact = all.map(({ value, ivar }) =>
      conditional({ value, ivar: ivar.map((weight, d) => (d < PIXELS ? weight : 0)) }),
    );
    assertClose(
      mean,
      exact.map((object) => object.mean.slice(PIXELS)),
    );
    assertClose(
      variance,
      exact.map((object) => object.variance.slice(PIXELS)),
    );
  });

  it('of spectra, from labels alone', async () => {
    const { mean, variance } = await run.predictSpectra({ label: both.label, labelIvar: both.labelIvar });
    const exact = all.map(({ value, ivar }) =>
      conditional({ value, ivar: ivar.map((weight, d) => (d < PIXELS ? 0 : weight)) }),
    );
    assertClose(
      mean,
      exact.map((object) => object.mean.slice(0, PIXELS)),
    );
    assertClose(
      variance,
      exact.map((object) => object.variance.slice(0, PIXELS)),
    );
  });

  it('of pixels that were not observed, from the others', async () => {
    const { mean, variance } = await run.predictSpectra({ flux: both.flux, ivar: both.ivar });
    const partly = 3;
    const exact = conditional({ ...all[partly], ivar: all[partly].ivar.map((weight, d) => (d < PIXELS ? weight : 0)) });
    for (let p = 3; p < PIXELS; p++) {
      assert.ok(Math.abs(mean.data[partly * PIXELS + p] - exact.mean[p]) < 1e-4);
      assert.ok(Math.abs(variance.data[partly * PIXELS + p] / exact.variance[p] - 1) < 1e-4);
    }
  });
});

describe('an observation', () => {
  it('without one measured label gives what the spectra alone give', async () => {
    const { label } = both;
    const without = await run.encodeJointly({ ...both, labelIvar: zeros(label.rows, LABELS) });
    const alone = await run.encode(both.flux, both.ivar);
    assert.deepEqual(without.mean, alone.mean);
    assert.deepEqual(without.covariance, alone.covariance);
  });

  it('is refused in a sentence when it is none, half of a pair, or of another shape', async () => {
    const { flux, ivar } = both;
    const cases = [
      [{}, /neither spectra nor labels/],
      [{ flux }, /flux and ivar belong together/],
      [{ flux, ivar: zeros(1, PIXELS) }, /same shape/],
      [{ label: zeros(2, 2), labelIvar: zeros(2, 2) }, /3 labels and 2 were given/],
      [{ flux, ivar, label: zeros(2, 3), labelIvar: zeros(2, 3) }, /5 objects were given and labels of 2/],
    ] as const;
    for (const [observation, words] of cases) {
      await assert.rejects(
        run.encodeJointly(observation),
        (error: unknown) => error instanceof UserError && words.test(error.message),
      );
    }
  });
});

describe('the error of a normalisation that no pixel tells', () => {
  it('follows the noise of the spectrum that the prediction stands for', () => {
    const predicted = {
      mean: matrixOf([
        [2, 1],
        [2, 1],
        [2, 1],
      ]),
      variance: matrixOf([
        [0, 0],
        [0, 0],
        [0, 0],
      ]),
    };
    const gains = {
      mean: matrixOf([[0], [0], [0.1]]),
      covariance: matrixOf([
        [0, 0.5],
        [0, 0.5],
        [0, 0.02],
      ]),
    };
    const posterior = {
      mean: zeros(3, 1),
      covariance: zeros(3, 1),
      gains,
      observedShare: matrixOf([[0.5], [0.5], [0.5]]),
      labelShare: null,
      ambiguity: null,
    };
    const { fitted, atUnitSnr } = fittedGains(
      posterior,
      matrixOf([
        [0, 0],
        [0, 0],
        [1, 0],
      ]),
    );
    assert.deepEqual([...atUnitSnr], [0.25, 0.25, 0]);
    assert.deepEqual(
      Array.from(fitted?.mean.data ?? [], (value) => Math.fround(value)),
      [0, 0, Math.fround(0.1)],
    );
    // S/N 6 in the one pixel that is observed: var δ = 0.25 / (1 + 36); the second object is observed nowhere.
    addNormalisationError(
      predicted,
      atUnitSnr,
      matrixOf([
        [9, 0],
        [0, 0],
        [9, 9],
      ]),
    );
    const ofGain = 0.25 / 37;
    assertClose(predicted.variance, [
      [4 * ofGain, ofGain],
      [0, 0],
      [0, 0],
    ]);
  });
});
