import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { pretendRun, pretendSurvey } from '../../../tests/fixtures/analysis/pretend.ts';
import { type Matrix, Random, zeros } from '../../base/index.ts';
import { type Dataset, rowsOfSplit } from '../../dataset/index.ts';
import { createNodeRuntime } from '../../graph/runtime.node.ts';
import { evaluateRuns } from '../evaluate.ts';
import type { FittedRun } from '../fitted-run.ts';

const NOISE = 0.05;

let baselines: { runtime: ReturnType<typeof createNodeRuntime> };
before(() => {
  baselines = { runtime: createNodeRuntime({ threads: 1 }) };
});

/** The pretended survey with the slope of each continuum as a label, missing for every seventh object, and a rare one. */
function labelledSurvey(objects: number): Dataset {
  const survey = pretendSurvey(objects, 4);
  const random = new Random(9);
  const labels = { names: ['slope', 'rare'], value: zeros(objects, 2), ivar: zeros(objects, 2) };
  for (let n = 0; n < objects; n++) {
    const truth = survey.truth?.data[n * survey.flux.columns] ?? Number.NaN;
    labels.value.data[2 * n] = 1 - truth + random.normal(0, NOISE);
    labels.ivar.data[2 * n] = n % 7 === 0 ? 0 : 1 / NOISE ** 2;
    labels.ivar.data[2 * n + 1] = n < 8 ? 1 : 0;
  }
  return { ...survey, catalogue: { ...survey.catalogue, labels } };
}

/** A run that says `value` of every label. */
function labellingRun(survey: Dataset, labels: readonly string[], value = 0): FittedRun {
  const run = pretendRun(survey, 0);
  const constant = (rows: number, of: number): Matrix => ({
    rows,
    columns: labels.length,
    data: new Float32Array(rows * labels.length).fill(of),
  });
  return {
    ...run,
    run: { ...run.run, description: { ...run.run.description, labels } },
    predictLabels: async ({ rows }) => ({ mean: constant(rows, value), variance: constant(rows, 0.1) }),
  };
}

const survey = labelledSurvey(400);

describe('baselines beside a run that predicts labels', () => {
  it('are four, judged on the same objects, and recover what the spectra tell', async () => {
    const {
      runs,
      baselines: found,
      baselineNotes,
    } = await evaluateRuns([labellingRun(survey, ['slope'])], survey, {
      baselines,
    });
    assert.deepEqual(
      found.map(({ name }) => name),
      ['pca+ridge', 'pca+gp', 'pls', 'knn'],
    );
    assert.deepEqual(baselineNotes, [
      'baselines: fitted to 160 training spectra of this dataset, their settings chosen on 80 validation spectra',
    ]);
    const judged = Array.from(rowsOfSplit(survey, 'test')).filter((n) => n % 7 !== 0).length;
    assert.equal(runs[0].labels.slope.n, judged);
    for (const { name, labels, chosen } of found) {
      assert.deepEqual(Object.keys(labels), ['slope']);
      assert.equal(labels.slope.n, judged);
      // The measurement's own noise remains; neighbours in five components are not near in the two that matter.
      const most = name === 'knn' ? 2.6 : 1.6;
      assert.ok(labels.slope.rmse > 0.8 * NOISE && labels.slope.rmse < most * NOISE, `${name} ${labels.slope.rmse}`);
      assert.ok(labels.slope.rmse < 0.4 * runs[0].labels.slope.rmse);
      assert.ok(chosen.slope.components >= 1);
    }
  });

  it('are the same for the same seed', async () => {
    const scores = () => evaluateRuns([labellingRun(survey, ['slope'])], survey, { baselines, split: 'valid' });
    assert.deepEqual((await scores()).baselines, (await scores()).baselines);
  });

  it('learn nothing from the objects that they are judged on', async () => {
    const other = labelledSurvey(400);
    for (const n of rowsOfSplit(other, 'test')) other.catalogue.labels.value.data[2 * n] += 10;
    const { baselines: found } = await evaluateRuns([labellingRun(other, ['slope'])], other, { baselines });
    for (const { labels } of found) assert.ok(labels.slope.mae > 9.9);
  });

  it('leave out, with a word, labels that too few training objects have', async () => {
    const { baselines: found, baselineNotes } = await evaluateRuns([labellingRun(survey, ['slope', 'rare'])], survey, {
      baselines,
    });
    for (const { labels } of found) assert.deepEqual(Object.keys(labels), ['slope']);
    assert.deepEqual(baselineNotes.slice(1), [
      'no baselines for rare: 4 training and 2 validation objects have it, and at least 10 and 3 are needed',
    ]);
    const none = await evaluateRuns([labellingRun(survey, ['rare', 'unknown'])], survey, { baselines });
    assert.deepEqual(none.baselines, []);
    assert.match(none.baselineNotes[1], /^no baselines for unknown: 0 training/);
  });

  it('are not judged on objects that they were fitted to', async () => {
    for (const split of ['train', 'all'] as const) {
      const evaluation = await evaluateRuns([labellingRun(survey, ['slope'])], survey, { baselines, split });
      assert.deepEqual(evaluation.baselines, []);
      assert.equal(evaluation.baselineNotes.length, 1);
      assert.match(evaluation.baselineNotes[0], /^no baselines: they are fitted to the train split/);
    }
  });

  it('are left out where no run predicts labels, and unless asked for', async () => {
    const without = await evaluateRuns([pretendRun(survey, 0)], survey, { baselines });
    assert.deepEqual([without.baselines, without.baselineNotes], [[], []]);
    const unasked = await evaluateRuns([labellingRun(survey, ['slope'])], survey);
    assert.deepEqual([unasked.baselines, unasked.baselineNotes], [[], []]);
  });

  it('say what they are at, and stop when told to', async () => {
    const stages = new Set<string>();
    const stop = new AbortController();
    const options = {
      baselines,
      signal: stop.signal,
      onProgress: ({ stage, done }: { stage: string; done: number }) => {
        stages.add(stage);
        if (stage === 'fitting baselines' && done === 1) stop.abort();
      },
    };
    await assert.rejects(evaluateRuns([labellingRun(survey, ['slope'])], survey, options), {
      name: 'InterruptedError',
    });
    assert.ok(stages.has('weighted PCA') && stages.has('fitting baselines'));
  });
});
