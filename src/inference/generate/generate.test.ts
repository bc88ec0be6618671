import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linearRun, PIXELS } from '../../../tests/fixtures/inference/linear-run.ts';
import { generateSpectra } from './generate.ts';

const run = linearRun();
const [first, second] = run.labels;

describe('generated spectra', () => {
  it('come with the label that was asked for, swept in equal steps, and a band', async () => {
    const made = await generateSpectra(run, { sweep: { name: first, low: 44, high: 46, count: 3 } });
    assert.deepEqual([...(made.swept?.values ?? [])], [44, 45, 46]);
    assert.ok(made.labels !== null);
    const means = [0, 1, 2].map((at) => made.labels?.mean.data[at * run.labels.length] ?? Number.NaN);
    assert.ok(means[0] < means[1] && means[1] < means[2], `${means}`);
    assert.equal(made.spectra.mean.columns, PIXELS);
    assert.ok(made.spectra.variance.data.every((value) => value > 0));
  });

  it('are what the latents decode to where these are given, without spread', async () => {
    const latent = Array.from({ length: run.latents }, (_, q) => 0.5 - q);
    const made = await generateSpectra(run, { latent });
    const decoded = await run.decode({ rows: 1, columns: run.latents, data: Float32Array.from(latent) });
    made.spectra.mean.data.forEach((value, p) => {
      assert.ok(Math.abs(value - decoded.mean.data[p]) < 1e-5);
    });
    assert.equal(made.swept, null);
  });

  it('scatter where draws are asked for, the same for the same seed', async () => {
    const request = { labels: { [first]: 45 }, samples: 4 };
    const [one, same, other] = [
      await generateSpectra(run, request),
      await generateSpectra(run, request),
      await generateSpectra(run, { ...request, seed: 2 }),
    ];
    assert.equal(one.samples?.flux.rows, 4);
    assert.deepEqual(one.samples?.flux.data, same.samples?.flux.data);
    assert.notDeepEqual(one.samples?.flux.data, other.samples?.flux.data);
  });

  it('are refused for a label that the run does not know, which names those it does', async () => {
    const unknown = generateSpectra(run, { labels: { colour: 1 } });
    await assert.rejects(unknown, { name: 'UserError', message: new RegExp(second) });
  });
});
