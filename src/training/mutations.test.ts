/** Damaged run folders and checkpoints are refused by name, or what they give is what was saved. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { MUTATIONS, surviveMutations } from '../../tests/contracts/mutations.ts';
import { toySurvey } from '../../tests/fixtures/training/toy-survey.ts';
import { loadRun, readRunGraph } from '../runs/index.node.ts';
import { readCheckpoint, saveCheckpoint } from './checkpoint.node.ts';
import { fit } from './fit.node.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightfold-mutations-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const COUNT = Math.ceil(MUTATIONS / 4);

/** Reads `path` with each file of `within` damaged in turn. */
async function surviveInFolder(path: string, within: string, read: () => void): Promise<Record<string, number>> {
  const refused: Record<string, number> = {};
  for (const name of readdirSync(within)) {
    const original = readFileSync(join(within, name));
    const outcome = await surviveMutations(
      original,
      path,
      (bytes) => {
        writeFileSync(join(within, name), bytes);
        read();
      },
      COUNT,
    );
    writeFileSync(join(within, name), original);
    refused[name] = outcome.refused;
  }
  return refused;
}

describe(`${COUNT} mutants of each file`, () => {
  it('of a run folder never pass for the run that was saved', async () => {
    const out = join(folder, 'run');
    const settings = { hidden: '6', maxEpochs: 1 };
    const run = await fit('vae', toySurvey(60, 12), { out, latents: 2, settings, threads: 1 });
    const graphs = (['encoder', 'decoder'] as const).map((graph) => readRunGraph(run, graph));
    const refused = await surviveInFolder(out, out, () => {
      const loaded = loadRun(out);
      assert.deepEqual({ ...loaded, description: null }, { ...run, description: null });
      assert.deepEqual(
        (['encoder', 'decoder'] as const).map((graph) => readRunGraph(loaded, graph)),
        graphs,
      );
    });
    for (const [name, count] of Object.entries(refused)) {
      assert.ok(count > (name === 'run.json' ? 0.3 : 0.9) * COUNT, `${name}: ${count} refused`);
    }
  });

  it('of a checkpoint give arrays of the shapes it names, or a refusal', async () => {
    const out = join(folder, 'checkpoint');
    const data = Float32Array.from({ length: 60 }, (_, i) => i);
    saveCheckpoint(out, {
      identity: { model: 'vae', latents: 2, settings: {}, seed: 1, threads: 1, datasetChecksum: 'abc' },
      progress: { kind: 'direct', step: 3, history: [], seconds: 1 },
      arrays: {
        'a.weight': { shape: [4, 10], data: data.subarray(0, 40) },
        b: { shape: [20], data: data.subarray(40) },
      },
    });
    await surviveInFolder(out, join(out, 'checkpoint'), () => {
      for (const { shape, data: values } of Object.values(readCheckpoint(out)?.arrays ?? {})) {
        assert.equal(
          values.length,
          shape.reduce((size, axis) => size * axis, 1),
        );
      }
    });
  });
});
