import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pretendRun, pretendSurvey } from '../../../tests/fixtures/analysis/pretend.ts';
import { InterruptedError, UserError } from '../../base/index.ts';
import { clustersFigure } from '../../plots/index.ts';
import { findClusters } from './find-clusters.ts';

describe('clusters in latent space', () => {
  const survey = pretendSurvey(200, 2);
  const run = pretendRun(survey, 0);

  for (const method of ['kmeans', 'hdbscan'] as const) {
    it(`set objects with a line apart from those without, by ${method}`, async () => {
      const { cluster, summaries, noise, probability, figureData } = await findClusters(run, survey, {
        method,
        ...(method === 'kmeans' ? { k: 2 } : { minimumClusterSize: 30, minimumSamples: 5 }),
      });
      assert.equal(summaries.length, 2);
      assert.equal(
        summaries.reduce((sum, { size }) => sum + size, noise),
        200,
      );
      const peak = figureData.spectra.map(({ flux }) => flux.reduce((a, b) => Math.max(a, b)));
      const bright = peak[0] > peak[1] ? 0 : 1;
      assert.ok((summaries[bright].classes.quiescent ?? 0) < 0.05 * summaries[bright].size);
      assert.ok(summaries[1 - bright].classes.quiescent > 70);
      assert.ok(cluster.every((own, i) => (own === -1) === (probability[i] === 0)));
    });
  }

  it('are drawn with their mean spectra, noise or none at all', async () => {
    for (const minimumClusterSize of [30, 190]) {
      const { figureData } = await findClusters(run, survey, { method: 'hdbscan', minimumClusterSize });
      const { svg } = clustersFigure('clusters', figureData);
      assert.ok(!/NaN|undefined/.test(svg));
      for (const [index] of figureData.spectra.entries()) assert.ok(svg.includes(`cluster ${index}: `));
    }
  });

  it('refuse more clusters than objects, and stop when told to', async () => {
    await assert.rejects(findClusters(run, survey, { method: 'kmeans', k: 201 }), UserError);
    await assert.rejects(findClusters(run, survey, { method: 'hdbscan', minimumClusterSize: 201 }), UserError);
    const signal = AbortSignal.abort();
    await assert.rejects(findClusters(run, survey, { method: 'hdbscan', signal }), InterruptedError);
  });
});
