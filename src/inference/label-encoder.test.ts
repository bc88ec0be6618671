import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { zeros } from '../base/index.ts';
import { simulateQuasars } from '../simulation/index.ts';
import { logGrid } from '../spectra/index.ts';
import { fit } from '../training/index.node.ts';
import { generateSpectra } from './index.ts';
import { openRun } from './open-run.node.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightfold-labels-'));
const file = (name: string) => join(folder, 'run', name);
after(() => rmSync(folder, { recursive: true, force: true }));

before(async () => {
  const { dataset } = simulateQuasars({ objects: 150, seed: 4, grid: logGrid(1250, 4900, 40) });
  const settings = { inducing: 12, epochs: 3, batch: 32 };
  await fit('shared-gplvm', dataset, { out: file(''), latents: 2, settings, seed: 1, threads: 1 });
});

/** Takes graphs from the list in run.json, so that the run is as one of before they were kept. */
function without(...graphs: readonly string[]): void {
  const written = readFileSync(file('run.json'), 'utf8');
  const description: { files: Record<string, string> } = JSON.parse(written);
  const files = Object.entries(description.files).filter(([name]) => !graphs.includes(name));
  writeFileSync(file('run.json'), JSON.stringify({ ...description, files: Object.fromEntries(files) }));
  after(() => writeFileSync(file('run.json'), written));
}

describe('a run with a graph for labels alone', () => {
  it('generates as one of before that, without opening the joint encoder', async () => {
    const labels = { log_mbh: 9.1, log_lbol: 46.4 };
    const now = await openRun(file(''), { threads: 1 });
    const some = { label: zeros(2, 4), labelIvar: zeros(2, 4) };
    some.label.data[1] = 9;
    some.labelIvar.data[1] = 100;
    const [made, encoded] = [await generateSpectra(now, { labels }), await now.encodeJointly(some)];
    without('label-encoder.onnx');
    const old = await openRun(file(''), { threads: 1 });
    const [before, encodedBefore] = [await generateSpectra(old, { labels }), await old.encodeJointly(some)];
    const pairs = [
      [made.latent.mean, before.latent.mean],
      [made.spectra.mean, before.spectra.mean],
      [made.spectra.variance, before.spectra.variance],
      [encoded.mean, encodedBefore.mean],
      [encoded.covariance, encodedBefore.covariance],
      [encoded.gains?.covariance, encodedBefore.gains?.covariance],
    ];
    for (const [which, [found, expected]] of pairs.entries()) {
      assert.ok(found !== undefined && expected !== undefined);
      for (const [at, value] of expected.data.entries()) {
        assert.ok(Math.abs(found.data[at] - value) < 2e-3 * (1 + Math.abs(value)), `${which} ${at}`);
      }
    }
    assert.deepEqual(made.warnings, before.warnings);
    await Promise.all([now.release(), old.release()]);
  });
});
