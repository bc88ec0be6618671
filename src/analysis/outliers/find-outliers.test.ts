import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pretendRun, pretendSurvey } from '../../../tests/fixtures/analysis/pretend.ts';
import { InterruptedError, Random, row, UserError } from '../../base/index.ts';
import { outliersFigure } from '../../plots/index.ts';
import { findOutliers } from './find-outliers.ts';
import { outlierFigureData } from './outlier-figure-data.ts';

/** Four objects made odd in ways that surveys know; the join lies at 6900 Å observed. */
const JOIN = 6900;
const planted = { gap: 23, step: 41, noise: 66, bump: 87 };

function oddSurvey() {
  const survey = pretendSurvey(300, 3);
  const random = new Random(9);
  row(survey.ivar, planted.gap).fill(0, 45, 70);
  row(survey.flux, planted.gap).fill(0, 45, 70);
  survey.catalogue.snr[planted.step] = 40;
  for (const object of Object.values(planted)) {
    const snr = object === planted.noise ? 0.8 : 40;
    const [flux, ivar] = [row(survey.flux, object), row(survey.ivar, object)];
    const truth = row(survey.truth ?? survey.flux, object);
    survey.catalogue.snr[object] = snr;
    for (let p = 0; p < flux.length; p++) {
      const step = object === planted.step && survey.wavelength[p] * 1.1 > JOIN ? 1.4 : 1;
      const bump = object === planted.bump && p > 28 && p < 34 ? 1 : 0;
      if (ivar[p] > 0) ivar[p] = snr ** 2;
      if (ivar[p] > 0) flux[p] = step * truth[p] + bump + random.normal() / snr;
    }
  }
  return survey;
}

describe('the search for outliers', () => {
  const survey = oddSurvey();
  const run = pretendRun(survey, 0);

  it('finds what is odd and says why, first of all the cause', async () => {
    const outliers = await findOutliers(run, survey, { top: 6, joins: [JOIN] });
    const reasons = new Map(outliers.map((outlier) => [outlier.row, outlier.reasons.map(({ kind }) => kind)]));
    assert.equal(reasons.get(planted.gap)?.[0], 'missing chunk');
    assert.equal(reasons.get(planted.step)?.[0], 'discontinuity');
    assert.equal(reasons.get(planted.noise)?.[0], 'low S/N');
    assert.ok(reasons.get(planted.bump)?.includes('poor reconstruction'));
    const step = outliers.find((outlier) => outlier.row === planted.step)?.reasons[0].sentence ?? '';
    assert.match(step, /rises by \d+% at the detector join near 6900 Å/);
    assert.ok(outliers.every(({ score }, i) => i === 0 || score <= outliers[i - 1].score));
  });

  it('ranks by the local outlier factor alone when asked, with the same factors', async () => {
    const byFactor = await findOutliers(run, survey, { method: 'lof', top: 300 });
    assert.equal(byFactor.length, 300);
    assert.ok(byFactor.every(({ lof }, i) => i === 0 || lof <= byFactor[i - 1].lof));
    const combined = await findOutliers(run, survey, { top: 300 });
    const factors = new Map(byFactor.map(({ id, lof }) => [id, lof]));
    assert.ok(combined.every(({ id, lof }) => factors.get(id) === lof));
  });

  it('shows what the residuals have that is new, by DEMUD', async () => {
    const picks = await findOutliers(run, survey, { method: 'demud', top: 2 });
    assert.deepEqual(new Set(picks.map((pick) => pick.row)), new Set([planted.bump, planted.step]));
  });

  it('draws the first of them with their reasons', async () => {
    const outliers = await findOutliers(run, survey, { top: 4, joins: [JOIN] });
    const { svg } = outliersFigure('odd', await outlierFigureData(run, survey, outliers, 3));
    for (const { id } of outliers.slice(0, 3)) assert.ok(svg.includes(id));
    assert.ok(!/NaN|undefined/.test(svg));
  });

  it('refuses more neighbours than objects, another grid, and stops when told to', async () => {
    await assert.rejects(findOutliers(run, survey, { k: 300 }), UserError);
    await assert.rejects(findOutliers(run, { ...survey, wavelength: survey.wavelength.slice(1) }), UserError);
    await assert.rejects(findOutliers(run, survey, { signal: AbortSignal.abort() }), InterruptedError);
  });
});
