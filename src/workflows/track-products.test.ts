import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pretendRun, pretendSurvey } from '../../tests/fixtures/analysis/pretend.ts';
import { makeTrack } from '../analysis/index.ts';
import { readNpz, writeNpz } from '../io/index.ts';
import { trackArrays, trackTable } from './track-products.ts';

const survey = pretendSurvey(210);
const run = pretendRun(survey, 0);

describe('a track on disk', () => {
  it('is written as arrays that numpy opens and as a long table', async () => {
    const track = await makeTrack(run, survey, { bins: 3 });
    const arrays = readNpz(writeNpz(trackArrays(track)), 'track.npz');
    assert.deepEqual(arrays.get('flux')?.shape, [3, 80]);
    assert.deepEqual(arrays.get('latent')?.shape, [3, 2]);
    const table = trackTable(track);
    assert.equal(table.rows, 3 * 80);
    assert.equal(table.columns.point[80], 'T2');
    assert.equal(table.columns.flux[81], track.points[1].flux[1]);
    assert.equal(table.columns.wavelength[81], survey.wavelength[1]);
  });
});
