import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { pretendRun, pretendSurvey } from '../../../tests/fixtures/analysis/pretend.ts';
import { row } from '../../base/index.ts';
import { latentAxes, turnToAxes, turnToLatents } from '../latent-axes.ts';
import { directionLabel, parseDirection } from './direction.ts';
import { makeTrack, type Track } from './track.ts';

const survey = pretendSurvey(210);
const run = pretendRun(survey, 0);

/** The latents of `pretendRun` are the slope of the continuum and the strength of the line. */
function lineStrengths({ latents }: Track): number[] {
  return Array.from({ length: latents.rows }, (_, index) => row(latents, index)[1]);
}

describe('a direction in latent space', () => {
  it('is an axis or a sum of axes, of unit length', () => {
    assert.deepEqual([...parseDirection('2', 3)], [0, 1, 0]);
    assert.deepEqual([...parseDirection(' 3*1 - 4 * 3 ', 3)], [0.6, 0, -0.8]);
    assert.deepEqual([...parseDirection('-1', 1)], [-1]);
    assert.equal(directionLabel(parseDirection('3*1-4*3', 3), 'VAE'), '0.6 VAE 1 − 0.8 VAE 3');
    assert.equal(directionLabel(parseDirection('2', 3), 'VAE'), 'VAE 2');
  });

  for (const text of ['', 'x', '0', '4', '1 2', '1-1', '1+', '2**3']) {
    it(`is refused when it is written "${text}"`, () => {
      assert.throws(() => parseDirection(text, 3), { name: 'UserError', message: /^--along / });
    });
  }
});

describe('axes of falling variance', () => {
  it('lead back to the latents they came from', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.float({ min: -9, max: 9, noNaN: true }), fc.float({ min: -9, max: 9, noNaN: true })), {
          minLength: 3,
          maxLength: 20,
        }),
        (points) => {
          const means = { rows: points.length, columns: 2, data: Float32Array.from(points.flat()) };
          const axes = latentAxes(means);
          const back = turnToLatents(turnToAxes(means, axes), axes);
          means.data.forEach((value, index) => {
            assert.ok(Math.abs(value - back.data[index]) < 1e-4);
          });
        },
      ),
    );
  });
});

describe('a track', () => {
  it('follows the chosen classes bin by bin and decodes each centroid', async () => {
    const track = await makeTrack(run, survey, {
      classes: ['quiescent', 'emission-line'],
      along: '1',
      bins: 4,
      name: 'S',
    });
    const followed = survey.catalogue.objectClass.filter((name) => name === 'quiescent' || name === 'emission-line');
    const counted = track.points.reduce((sum, { objects }) => sum + (objects ?? 0), 0);
    assert.ok(counted <= followed.length && counted >= 0.97 * followed.length, `${counted} of ${followed.length}`);
    assert.equal(track.points[0].name, 'S1');
    assert.equal(track.title, 'Track of quiescent and emission-line along VAE 1');
    // The line's strength varies most, so the track goes along it, one way or the other.
    const strengths = lineStrengths(track);
    const rising = strengths[0] < strengths[strengths.length - 1] ? strengths : [...strengths].reverse();
    assert.deepEqual(
      [...rising].sort((a, b) => a - b),
      rising,
    );
    assert.ok(rising[0] < 0.3 && rising[rising.length - 1] > 1.2, rising.join());
    const { mean } = await run.decode(track.latents);
    for (const [index, { flux }] of track.points.entries()) assert.deepEqual(flux, row(mean, index));
  });

  it('leaves other classes out of its centroids', async () => {
    const { latents, points } = await makeTrack(run, survey, { classes: ['quiescent'], along: '2', bins: 2 });
    assert.equal(points.length, 2);
    for (const index of [0, 1]) assert.ok(Math.abs(row(latents, index)[1]) < 0.1, 'quiescent objects have no line');
  });

  it('alone, goes through the centroid of all objects in equal steps', async () => {
    const track = await makeTrack(run, survey, { alone: true, along: '1', bins: 5 });
    assert.deepEqual([...track.points[2].position], [0, 0]);
    const strengths = lineStrengths(track);
    const steps = strengths.slice(1).map((value, index) => value - strengths[index]);
    for (const step of steps) assert.ok(Math.abs(step - steps[0]) < 1e-5);
    assert.equal(track.followed, null);
  });

  it('refuses a class that is not there, a range without objects and equal objects', async () => {
    await assert.rejects(makeTrack(run, survey, { classes: ['LINER'] }), {
      name: 'UserError',
      message: /LINER.*quiescent/,
    });
    await assert.rejects(makeTrack(run, survey, { range: [50, 60] }), { name: 'UserError', message: /--range/ });
    const still = { ...run, encode: async () => ({ mean: { rows: 210, columns: 2, data: new Float32Array(420) } }) };
    await assert.rejects(makeTrack(still, survey), { name: 'UserError', message: /do not differ/ });
  });
});
