import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { FileError, UserError } from '../base/index.ts';
import type { HistoryEntry } from '../models/index.ts';
import { historyCsv, parseHistory } from './history.ts';
import { hasRunGraph, loadRun, type RunToSave, readRunGraph, saveRun } from './store.node.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightfold-runs-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const wavelength = Float64Array.of(4000, 4001.5, 4003.25);
const toSave: RunToSave = {
  description: {
    software: '0.1.0',
    created: '2026-01-01T00:00:00.000Z',
    model: 'vae',
    labels: ['log_mbh'],
    title: 'VAE',
    latents: 2,
    latentAxes: 'rotated' as const,
    settings: { hidden: [7, 5], lambda: 3.02, name: 'x', flag: true, nothing: null },
    seed: 1,
    threads: 2,
    engine: 'test',
    dataset: {
      path: null,
      checksum: 'abc',
      normalisation: 'flux',
      fluxUnit: '',
      objects: { train: 60, valid: 20, test: 20 },
    },
    grid: { pixels: 3, first: 4000, last: 4003.25 },
    training: { steps: 10, epochs: 5, bestEpoch: 3, seconds: 1.5, trainLoss: 12.5, validLoss: 13 },
    latentsInUse: { count: 1, posteriorShare: [0.01, 0.97] },
  },
  wavelength,
  parameters: {
    'encoder.1.weight': { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    fluxScale: { shape: [], data: Float32Array.of(0.25) },
  },
  history: [
    { step: 1, trainLoss: 20, validLoss: 21.123456789, terms: { 'train divergence': 1e-7 } },
    { step: 2, trainLoss: 12.5, validLoss: null, terms: {} },
  ],
  graphs: { encoder: Uint8Array.of(1, 2, 3), decoder: Uint8Array.of(4, 5) },
  latentSample: {
    latent: { rows: 2, columns: 2, data: Float32Array.of(1, -2, 0.5, 3) },
    objectClass: ['quiescent', null],
  },
};

describe('a run folder', () => {
  it('gives back what was saved', async () => {
    const path = join(folder, 'run');
    const saved = await saveRun(path, toSave);
    const loaded = loadRun(path);
    assert.deepEqual(loaded, saved);
    assert.deepEqual(loaded.parameters, toSave.parameters);
    assert.deepEqual(loaded.history, toSave.history);
    assert.deepEqual(loaded.wavelength, wavelength);
    assert.deepEqual(loaded.latentSample, toSave.latentSample);
    assert.deepEqual([...readRunGraph(loaded, 'decoder')], [4, 5]);
  });

  it('holds a joint encoder and the reach of labels when the model has them, and is read without', async () => {
    const plain = await saveRun(join(folder, 'plain'), toSave);
    assert.equal(hasRunGraph(plain, 'joint-encoder'), false);
    const graphs = { ...toSave.graphs, 'joint-encoder': Uint8Array.of(7, 8) };
    const range = { measured: 60, minimum: 6, maximum: 10.5, low: 7, high: 10, error: 0.3 };
    const description = { ...toSave.description, labelRanges: [range] };
    await saveRun(join(folder, 'joint'), { ...toSave, description, graphs });
    const loaded = loadRun(join(folder, 'joint'));
    assert.equal(hasRunGraph(loaded, 'joint-encoder'), true);
    assert.deepEqual([...readRunGraph(loaded, 'joint-encoder')], [7, 8]);
    assert.deepEqual(loaded.description.labelRanges, [range]);
  });

  it('is refused, in a sentence that names the place, when it is foreign, unfinished, newer or damaged', async () => {
    const refused = (path: string, words: RegExp) =>
      assert.throws(
        () => loadRun(path),
        (error: unknown) => error instanceof FileError && words.test(error.message),
      );
    refused(join(folder, 'nowhere'), /nowhere: there is no such folder/);
    const foreign = join(folder, 'foreign');
    mkdirSync(foreign);
    refused(foreign, /no run\.json/);
    mkdirSync(join(foreign, 'checkpoint'));
    refused(foreign, /not finished.*--resume/);
    for (const [content, words] of [
      ['{', /run\.json: it is not JSON/],
      ['3', /kind: this is not the description/],
      ['{"kind":"something"}', /kind: this is not the description/],
      ['{"kind":"lightfold-run","format":99}', /format 99 is newer/],
      ['{"kind":"lightfold-run","format":1}', /run\.json, software/],
    ] as const) {
      writeFileSync(join(foreign, 'run.json'), content);
      refused(foreign, words);
    }
    const damaged = join(folder, 'damaged');
    await saveRun(damaged, toSave);
    writeFileSync(join(damaged, 'history.csv'), 'step\n');
    refused(damaged, /history\.csv: it was changed or damaged/);
    rmSync(join(damaged, 'parameters.npz'));
    refused(damaged, /parameters\.npz: there is no such file/);
  });

  it('never crashes on a description with any part changed', async () => {
    const path = join(folder, 'mutated');
    await saveRun(path, toSave);
    const file = join(path, 'run.json');
    const original = readFileSync(file, 'utf8');
    fc.assert(
      fc.property(fc.nat(original.length - 1), fc.nat(200), fc.string({ maxLength: 6 }), (at, cut, text) => {
        writeFileSync(file, original.slice(0, at) + text + original.slice(at + cut));
        try {
          loadRun(path);
        } catch (error) {
          assert.ok(error instanceof UserError, String(error));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a history as CSV', () => {
  it('comes back number for number', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    const entry: fc.Arbitrary<HistoryEntry> = fc.record({
      step: fc.nat(),
      trainLoss: finite,
      validLoss: fc.option(finite),
      terms: fc.dictionary(fc.constantFrom('learningRate', 'train divergence', 'x'), finite),
    });
    fc.assert(
      fc.property(fc.array(entry), (history) => {
        assert.equal(historyCsv(parseHistory(historyCsv(history), 'history.csv')), historyCsv(history));
        const [plain, back] = [history, parseHistory(historyCsv(history), 'history.csv')].map((entries) =>
          entries.map(({ terms, ...rest }) => ({ ...rest, terms: Object.entries(terms).sort() })),
        );
        assert.equal(JSON.stringify(back), JSON.stringify(plain));
      }),
      { numRuns: 200 },
    );
  });

  it('is refused by line when broken', () => {
    const header = 'step,trainLoss,validLoss,x\n';
    assert.throws(() => parseHistory('a,b\n', 'h.csv'), /h\.csv, line 1: the columns should begin/);
    assert.throws(() => parseHistory(`${header}1,2,3,4\n1,2,3\n`, 'h.csv'), /line 3/);
    assert.throws(() => parseHistory(`${header}1,many,3,4\n`, 'h.csv'), /line 2/);
  });
});
