import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BaselineScore, RunScore } from '../analysis/index.ts';
import { scoreLines } from './score-lines.ts';

const REAL: RunScore = {
  path: 'runs/vae',
  sameDataset: true,
  model: 'vae',
  latents: 6,
  latentsInUse: 6,
  objects: 10,
  pixels: 1000,
  mse: 0.001234,
  chi2PerPixel: 1.02,
  maeFlux: 0.01,
  coverage68: 0.681,
  coverage95: 0.949,
  mseByClass: {},
  objectsByClass: {},
  labels: {},
};
const MEASURED = { n: 9, rmse: 0.25, robust: 0.2, mae: 0.21, nlpd: -0.5, coverage68: 0.7, coverage95: 0.96 };

describe('the tables of scores in the terminal', () => {
  it('show what is known of a real survey, without columns for the truth', () => {
    const lines = scoreLines([{ ...REAL, labels: { log_mbh: MEASURED } }]);
    assert.deepEqual(lines, [
      'run       model  latents  MSE       χ²/pixel  in 68%  in 95%',
      'runs/vae  vae    6        0.001234  1.020     68.1%   94.9%',
      '',
      'label    predicted by  objects  RMSE   robust  MAE    NLPD   in 68%  in 95%',
      'log_mbh  runs/vae      9        0.250  0.200   0.210  -0.50  70.0%   96.0%',
    ]);
  });

  it('set errors beside truth and bound where a survey is simulated, label by label', () => {
    const truth = { rmseTruth: 0.22, robustTruth: 0.18, coverageTruth68: 0.66, coverageTruth95: 0.94 };
    const labels = {
      log_mbh: { ...MEASURED, ...truth, crbRatio: 1.234, robustCrbRatio: 1.1 },
      redshift: { ...MEASURED, ...truth },
    };
    const simulated = { ...REAL, coverageTruthObserved68: 0.7, coverageTruthObserved95: 0.9, labels };
    const lines = scoreLines([simulated, { ...REAL, labels: { log_mbh: MEASURED } }]);
    assert.match(lines[0], /in 95% {2}truth in 68% {2}in 95%$/);
    assert.match(lines[2], /– {13}–$/);
    assert.deepEqual(lines.slice(-3), [
      'true label  predicted by  RMSE   robust  RMSE/bound  robust/bound  in 68%  in 95%',
      'log_mbh     runs/vae      0.220  0.180   1.23        1.10          66.0%   94.0%',
      'redshift    runs/vae      0.220  0.180   –           –             66.0%   94.0%',
    ]);
  });

  it('set the runs and then the baselines side by side, label by label', () => {
    const both = { log_mbh: MEASURED, redshift: { ...MEASURED, rmseTruth: 0.2 } };
    const baselines: BaselineScore[] = [
      { name: 'pca+ridge', title: 'PCA + ridge', labels: both, chosen: {} },
      { name: 'knn', title: 'nearest neighbours', labels: both, chosen: {} },
    ];
    const runs = [
      { ...REAL, path: 'out/a', labels: both },
      { ...REAL, path: 'out/b', labels: { redshift: MEASURED } },
      { ...REAL, path: 'out/c' },
    ];
    const lines = scoreLines(runs, baselines);
    const tables = lines.slice(lines.indexOf('') + 1).map((line) => line.split(/ {2,}/).slice(0, 2));
    assert.deepEqual(tables, [
      ['label', 'predicted by'],
      ['log_mbh', 'out/a'],
      ['log_mbh', 'PCA + ridge'],
      ['log_mbh', 'nearest neighbours'],
      ['redshift', 'out/a'],
      ['redshift', 'out/b'],
      ['redshift', 'PCA + ridge'],
      ['redshift', 'nearest neighbours'],
      [''],
      ['true label', 'predicted by'],
      ['redshift', 'out/a'],
      ['redshift', 'PCA + ridge'],
      ['redshift', 'nearest neighbours'],
    ]);
  });
});
