import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pretendRun, pretendSurvey } from '../../tests/fixtures/analysis/pretend.ts';
import { selectRows } from '../dataset/index.ts';
import { projectForeign } from './projection.ts';

const survey = pretendSurvey(300);
const run = pretendRun(survey, 0);

describe('projecting foreign spectra into a latent space', () => {
  it('finds the survey’s own objects where they are, as far out as they rank among the rest', async () => {
    const projection = await projectForeign(run, survey, selectRows(survey, [7, 3, 11]));
    const whole = await projectForeign(run, survey, survey);
    assert.deepEqual(
      [...projection.distance],
      [7, 3, 11].map((index) => whole.distance[index]),
    );
    const meanSquare = whole.distance.reduce((sum, d) => sum + d * d, 0) / 300;
    assert.ok(Math.abs(meanSquare - 2) < 1e-5, `the mean square Mahalanobis distance is Q, not ${meanSquare}`);
    const ranks = [...whole.surveyShare].map((share) => Math.round(share * 300)).sort((a, b) => a - b);
    assert.deepEqual(
      ranks,
      Array.from({ length: 300 }, (_, index) => index + 1),
    );
  });

  it('tells what lies outside, by distance and by poor reconstruction', async () => {
    const strange = selectRows(survey, [0, 1]);
    // A slope and line far beyond the survey's, and a spectrum that the model cannot make at all.
    const pixels = strange.flux.columns;
    strange.flux.data.forEach((_, index) => {
      const pixel = index % pixels;
      strange.flux.data[index] = index < pixels ? 1 + 0.1 * (pixel - 40) : pixel % 2;
    });
    const { surveyShare, chi2PerPixel, distance } = await projectForeign(run, survey, strange);
    assert.equal(surveyShare[0], 0);
    assert.ok(distance[0] > 5);
    assert.ok(chi2PerPixel[1] > 20 && chi2PerPixel[1] > 5 * chi2PerPixel[0]);
  });
});
