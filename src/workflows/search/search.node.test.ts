import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { childProgram } from '../../../tests/fixtures/child-program.ts';
import { toySurvey } from '../../../tests/fixtures/training/toy-survey.ts';
import { InterruptedError } from '../../base/index.ts';
import { saveDataset } from '../../dataset/index.node.ts';
import { readCsv } from '../../io/index.ts';
import type { AdvanceRequest } from './messages.ts';
import { type SearchOptions, type SearchOutcome, searchSettings } from './search.node.ts';
import { startTrialWorker, type TrialWorker } from './trial-worker.node.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightfold-search-'));
const dataset = join(folder, 'survey');
before(async () => {
  await saveDataset(dataset, toySurvey(120, 16));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const base = { latents: 2, trials: 10, finalists: 1, threads: 2 };
const trained = { settings: { batch: 16, maxEpochs: 6 } };
const searched = (name: string, more: Partial<SearchOptions> = {}) =>
  searchSettings('vae', dataset, { ...base, out: join(folder, name), ...more });

/** All that must not depend on time, place or processes. */
function standing({ leaderboard }: SearchOutcome) {
  return leaderboard.map(({ results, ...trial }) => ({
    ...trial,
    results: results.map(({ seconds: _, ...result }) => result),
  }));
}

describe('a search', () => {
  let whole: SearchOutcome;
  before(async () => {
    whole = await searched('whole', trained);
  });

  it('trains the best further and keeps only their runs', () => {
    const rungs = whole.leaderboard.map(({ results }) => results.map(({ epochs }) => epochs));
    assert.deepEqual(rungs, [[1, 3, 6], [1, 3], [1, 3], ...Array.from({ length: 7 }, () => [1])]);
    const [best, ...others] = whole.leaderboard;
    assert.equal(whole.best.trial, best.trial);
    assert.deepEqual(readdirSync(join(folder, 'whole', 'runs')), [whole.best.path.split('/').at(-1)]);
    assert.ok(existsSync(join(whole.best.path, 'run.json')));
    const finalErrors = others.slice(2).map(({ results }) => results[0].error);
    assert.deepEqual(
      finalErrors,
      finalErrors.toSorted((a, b) => a - b),
    );
    assert.ok(whole.best.error < finalErrors[0]);
  });

  it('writes a table, best first, and a figure', () => {
    const table = readCsv(readFileSync(whole.table), whole.table);
    assert.deepEqual(
      Array.from(table.columns.trial, Number),
      whole.leaderboard.map(({ trial }) => trial),
    );
    assert.deepEqual(
      Array.from(table.columns.lambda, Number),
      whole.leaderboard.map(({ settings }) => settings.lambda),
    );
    assert.match(readFileSync(whole.figure, 'utf8'), /Latents in use/);
  });

  it('comes out the same from one process as from two', async () => {
    assert.deepEqual(standing(await searched('single', { ...trained, threads: 1 })), standing(whole));
  });

  it('comes out the same after kill -9, whose processes end with it', async () => {
    const out = join(folder, 'killed');
    const script = `
      import { searchSettings } from '@/src/workflows/index.node.js';
      const options = ${JSON.stringify({ ...base, ...trained, out })};
      await searchSettings('vae', ${JSON.stringify(dataset)}, options);`;
    const child = childProgram(script, { stdio: ['ignore', 'ignore', 'pipe'] });
    // stderr is shared with the trial processes: it closes when the last of them is gone.
    const closed = once(child, 'close');
    child.stderr?.resume();
    const arrived = () => existsSync(join(out, 'search.json')) && readFileSync(join(out, 'search.json'), 'utf8');
    while (!/"results":\[{/.test(arrived() || '') && child.exitCode === null) await sleep(5);
    child.kill('SIGKILL');
    await closed;
    assert.equal(child.signalCode, 'SIGKILL');
    assert.ok(!existsSync(join(out, 'leaderboard.csv')), 'it was killed while searching');
    assert.deepEqual(standing(await searched('killed', { ...trained, threads: 1 })), standing(whole));
  });

  it('saves when interrupted and goes on to the same end', async () => {
    const controller = new AbortController();
    const onProgress: SearchOptions['onProgress'] = ({ note = '' }) => {
      if (note.includes('rung 2')) controller.abort();
    };
    const options = { ...trained, threads: 1 };
    await assert.rejects(searched('pieces', { ...options, signal: controller.signal, onProgress }), (error) => {
      assert.ok(error instanceof InterruptedError);
      assert.match(error.message, /10 of 10 trials .* the same command goes on/);
      return true;
    });
    assert.deepEqual(standing(await searched('pieces', options)), standing(whole));
  });

  it('refuses to go on with a search begun otherwise, and begins anew when told to', async () => {
    for (const [more, expected] of [
      [{ trials: 9 }, /trials 10, not 9/],
      [{ settings: { batch: 8 } }, /settings {"batch":16,"maxEpochs":6}, not {"batch":8}/],
      [{ seed: 3 }, /seed 1, not 3.*--overwrite/],
    ] as const) {
      await assert.rejects(searched('whole', { ...trained, ...more }), { name: 'UserError', message: expected });
    }
    const pretended = { startWorker: () => pretending(), overwrite: true };
    assert.equal((await searched('single', pretended)).trials, 10);
  });

  it('refuses models without a search space and folders of something else', async () => {
    const options = { ...base, out: join(folder, 'none') };
    await assert.rejects(searchSettings('pca', dataset, options), { name: 'UserError', message: /pca has no .*vae/ });
    await assert.rejects(searched('survey'), { name: 'FileError', message: /not a search/ });
    assert.ok(!existsSync(options.out));
  });
});

describe('a trial that fails', () => {
  it('is recorded with its reason, and the search goes on', async () => {
    const outcome = await searched('failing', {
      startWorker: () => pretending(({ out }) => /00[237]$/.test(out)),
    });
    assert.equal(outcome.failed, 3);
    const failures = outcome.leaderboard.filter(({ failure }) => failure !== null);
    assert.deepEqual(
      failures.map(({ trial }) => trial),
      [2, 3, 7],
    );
    assert.match(readFileSync(outcome.table, 'utf8'), /the computer caught fire/);
  });

  it('ends the search only when there is no other', async () => {
    const startWorker = () => pretending(() => true);
    await assert.rejects(searched('hopeless', { startWorker }), {
      name: 'UserError',
      message: /all 10 trials failed.*caught fire/,
    });
  });

  it('may take its process along: the next one gets a new process', async () => {
    const pids: number[] = [];
    const worker = startTrialWorker((pid) => pids.push(pid));
    const request = (trial: string, settings: Readonly<Record<string, unknown>>): AdvanceRequest => ({
      kind: 'advance',
      ...{ dataset, model: 'vae', latents: 2, seed: 1, rankBy: 'reconstruction', pauseAfter: 1 },
      ...{ settings: { hidden: [8, 4], ...settings }, out: join(folder, trial) },
    });
    const lost = worker.advance(request('lost', {}), () => undefined);
    process.kill(pids[0], 'SIGKILL');
    assert.deepEqual(await lost, { kind: 'failed', message: 'its process ended with SIGKILL' });
    const diverging = await worker.advance(request('diverging', { learningRate: 1e30 }), () => undefined);
    assert.ok(diverging.kind === 'failed' && /diverged/.test(diverging.message), JSON.stringify(diverging));
    assert.equal((await worker.advance(request('sound', {}), () => undefined)).kind, 'advanced');
    assert.equal(pids.length, 2);
    worker.close();
  });
});

/** Trains nothing: the error is a function of λ and falls with the epochs. */
function pretending(fails: (request: AdvanceRequest) => boolean = () => false): TrialWorker {
  return {
    async advance(request) {
      if (fails(request)) return { kind: 'failed', message: 'the computer caught fire' };
      const epochs = request.pauseAfter ?? 20;
      const error = Number(request.settings.lambda) + 1 / epochs;
      const result = { epochs, bestEpoch: epochs, error, validLoss: error, latentsInUse: 2, posteriorShare: [0, 0] };
      return { kind: 'advanced', result: { ...result, finished: request.pauseAfter === null, seconds: 1 } };
    },
    stop: () => undefined,
    close: () => undefined,
  };
}
