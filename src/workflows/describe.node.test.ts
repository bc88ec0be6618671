import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { saveRun } from '../runs/index.node.ts';
import { describePath } from './describe.node.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightfold-describe-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const lengthscales = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values, Math.log) });

async function savedRun(name: string, parameters: Record<string, ReturnType<typeof lengthscales>>): Promise<string> {
  const path = join(folder, name);
  await saveRun(path, {
    description: {
      ...{ software: '0.1.0', created: '2026-01-01T00:00:00.000Z', model: 'shared-gplvm', title: 'Shared GPLVM' },
      ...{ labels: ['log_mbh'], latents: 6, latentAxes: 'rotated', settings: {}, seed: 1, threads: 2, engine: 'test' },
      dataset: {
        ...{ path: null, checksum: 'abc', normalisation: 'flux', fluxUnit: '' },
        objects: { train: 60, valid: 20, test: 20 },
      },
      grid: { pixels: 2, first: 4000, last: 4001 },
      training: { steps: 10, epochs: 5, bestEpoch: 3, seconds: 1.5, trainLoss: 12.5, validLoss: 13 },
      latentsInUse: { count: 1, posteriorShare: [0.1, 0.2, 0.3, 0.4, 0.5, 1] },
    },
    wavelength: Float64Array.of(4000, 4001),
    parameters,
    history: [],
    graphs: { encoder: Uint8Array.of(1), decoder: Uint8Array.of(2) },
  });
  return path;
}

describe('what info tells of a run', () => {
  it('names the latents that each decoder depends on most', async () => {
    const { lines, facts } = await describePath(
      await savedRun('gplvm', {
        'spectra.0.0.logLengthscale': lengthscales(4, 2, 8, 10, 16, 32),
        'labels.0.0.logLengthscale': lengthscales(1, 2, 4, 5, 8, 10),
      }),
    );
    const relevance = lines.filter((line) => line.startsWith('relevance'));
    assert.deepEqual(relevance, [
      'relevance   of spectra: z2 0.500, z1 0.250, z3 0.125, z4 0.100, z5 0.0625, … (inverse lengthscales)',
      'relevance   of labels: z1 1.00, z2 0.500, z3 0.250, z4 0.200, z5 0.125, … (inverse lengthscales)',
    ]);
    const { labels } = facts.relevance as Record<string, number[]>;
    assert.equal(labels.length, 6);
    assert.ok(Math.abs(labels[5] - 0.1) < 1e-6);
  });

  it('is silent about relevance where a model has no lengthscales', async () => {
    const { lines, facts } = await describePath(await savedRun('vae', { weight: lengthscales(1) }));
    assert.ok(!lines.some((line) => line.startsWith('relevance')) && !('relevance' in facts));
  });
});
