import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BaselineScore, RunScore } from '../analysis/index.ts';
import { scoreLines } from './score-lines.ts';

const labelScore = { n: 40, rmse: 0.1234, mae: 0.1, nlpd: -0.5, coverage68: 0.7, coverage95: 0.96 };

function run(path: string, labels: RunScore['labels']): RunScore {
  return {
    path,
    sameDataset: true,
    model: 'vae',
    latents: 4,
    latentsInUse: 4,
    objects: 40,
    pixels: 4000,
    mse: 0.01,
    chi2PerPixel: 1.01,
    maeFlux: 0.05,
    coverage68: 0.68,
    coverage95: 0.95,
    mseByClass: {},
    objectsByClass: {},
    labels,
  };
}

describe('the tables of scores', () => {
  it('set the runs and then the baselines side by side, label by label', () => {
    const both = { log_mbh: labelScore, redshift: labelScore };
    const baselines: BaselineScore[] = [
      { name: 'pca+ridge', title: 'PCA + ridge', labels: both, chosen: {} },
      { name: 'knn', title: 'nearest neighbours', labels: both, chosen: {} },
    ];
    const lines = scoreLines([run('out/a', both), run('out/b', { redshift: labelScore }), run('out/c', {})], baselines);
    const table = lines.slice(lines.indexOf('') + 1);
    assert.match(table[0], /^label +predicted by +objects +RMSE/);
    assert.deepEqual(
      table.slice(1).map((line) => line.split(/ {2,}/).slice(0, 4)),
      [
        ['log_mbh', 'out/a', '40', '0.123'],
        ['log_mbh', 'PCA + ridge', '40', '0.123'],
        ['log_mbh', 'nearest neighbours', '40', '0.123'],
        ['redshift', 'out/a', '40', '0.123'],
        ['redshift', 'out/b', '40', '0.123'],
        ['redshift', 'PCA + ridge', '40', '0.123'],
        ['redshift', 'nearest neighbours', '40', '0.123'],
      ],
    );
  });

  it('show one line a run where no run predicts labels', () => {
    assert.equal(scoreLines([run('out/a', {}), run('out/b', {})]).length, 3);
  });
});
