import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Matrix, Random, zeros } from '../base/index.ts';
import { readSpectraBlock, type SpectraBlock, spectrumOfBlock, writeSpectraBlock } from './spectra-block.ts';

/** Noisy spectra of very different brightness and noise, with gaps. */
function someSpectra(seed: number, rows: number, pixels: number): SpectraBlock {
  const random = new Random(seed);
  const [flux, ivar, truth] = [zeros(rows, pixels), zeros(rows, pixels), zeros(rows, pixels)];
  for (let n = 0; n < rows; n++) {
    const brightness = 10 ** random.uniform(-3, 6);
    const noise = brightness * 10 ** random.uniform(-6, 1);
    for (let p = 0; p < pixels; p++) {
      const i = n * pixels + p;
      truth.data[i] = brightness * (1 + Math.sin(p / 7));
      if (random.uniform() < 0.2) continue;
      const error = noise * 10 ** random.uniform(-1, 1);
      flux.data[i] = truth.data[i] + error * random.normal();
      ivar.data[i] = error ** -2;
    }
  }
  return { flux, ivar, truth };
}

const block = fc
  .tuple(fc.integer(), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 70 }))
  .map(([seed, rows, pixels]) => someSpectra(seed, rows, pixels));

function rowOf(matrix: Matrix, n: number): number[] {
  return Array.from(matrix.data.subarray(n * matrix.columns, (n + 1) * matrix.columns));
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

describe('blocks of spectra', () => {
  it('come back bit for bit as float32', () => {
    fc.assert(
      fc.property(block, fc.boolean(), (given, hasTruth) => {
        const written = hasTruth ? given : { ...given, truth: null };
        assert.deepEqual(readSpectraBlock(writeSpectraBlock(written, 'float32'), given.flux.columns), written);
      }),
    );
  });

  it('come back from the compact form within half a step of flux, and as well observed as before', () => {
    fc.assert(
      fc.property(block, (given) => {
        const back = readSpectraBlock(writeSpectraBlock(given, 'compact'), given.flux.columns);
        assert.equal(back.truth, null);
        for (let n = 0; n < given.flux.rows; n++) {
          const [flux, ivar] = [rowOf(given.flux, n), rowOf(given.ivar, n)];
          const errors = ivar.filter((weight) => weight > 0).map((weight) => 1 / Math.sqrt(weight));
          const brightest = Math.max(...flux.map(Math.abs));
          const step = Math.max(medianOf(errors) / 8, brightest / 32767);
          const widest = Math.max(...errors) / Math.min(...errors);
          rowOf(back.flux, n).forEach((value, p) => {
            assert.ok(ivar[p] === 0 || Math.abs(value - flux[p]) <= 0.5001 * step + 1e-6 * brightest);
          });
          rowOf(back.ivar, n).forEach((weight, p) => {
            if (ivar[p] === 0) assert.equal(weight, 0);
            else assert.ok(Math.abs(Math.log(weight / ivar[p])) <= Math.log(widest) / 62 + 1e-4);
          });
        }
      }),
    );
  });

  it('take three bytes a pixel in the compact form', () => {
    const bytes = writeSpectraBlock(someSpectra(1, 64, 1000), 'compact');
    assert.ok(bytes.length < 64 * 3 * 1000 + 4000, `${bytes.length}`);
  });

  it('can be read from anywhere within a larger buffer', () => {
    const given = someSpectra(3, 2, 5);
    const bytes = writeSpectraBlock(given, 'float32');
    const within = new Uint8Array(bytes.length + 3);
    within.set(bytes, 3);
    assert.deepEqual(readSpectraBlock(within.subarray(3), 5), given);
  });

  it('show gaps as gaps', () => {
    const flux = { rows: 1, columns: 3, data: new Float32Array([1, 0, 3]) };
    const ivar = { rows: 1, columns: 3, data: new Float32Array([4, 0, 1]) };
    const { flux: shown, error, truth } = spectrumOfBlock({ flux, ivar, truth: null }, 0);
    assert.deepEqual([...shown], [1, Number.NaN, 3]);
    assert.deepEqual([...error], [0.5, Number.NaN, 1]);
    assert.equal(truth, null);
  });

  it('are refused in a sentence when they are damaged or of another grid', () => {
    const bytes = writeSpectraBlock(someSpectra(5, 3, 40), 'compact');
    const readable = { name: 'UserError', message: /load the page anew/ };
    assert.throws(() => readSpectraBlock(bytes.subarray(0, 200), 40), readable);
    assert.throws(() => readSpectraBlock(new Uint8Array([1, 2, 3]), 40), readable);
    assert.throws(() => readSpectraBlock(new Uint8Array(0), 40), readable);
    assert.throws(() => readSpectraBlock(bytes, 50), readable);
  });
});
