import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random, zeros } from '../base/index.ts';
import { figureFile } from './index.node.ts';
import { type ProjectionData, projectionFigure, type TrackData, trackFigure } from './index.ts';

const random = new Random(3);
const wavelength = Float64Array.from({ length: 50 }, (_, p) => 4000 + 40 * p);

function cloud(rows: number, columns: number) {
  const positions = zeros(rows, columns);
  random.fillNormal(positions.data);
  return positions;
}

function track(latents: number, peak: number): TrackData {
  const axes = Array.from({ length: latents }, (_, k) => ({ label: `VAE ${k + 1}`, varianceShare: 1 / latents }));
  const points = [-1, 0, 1].map((at, index) => ({
    name: `S${index + 1}`,
    low: at,
    high: at + 1,
    objects: 10 * (index + 1),
    position: new Float32Array(latents).fill(at),
    flux: Float32Array.from(wavelength, (w) => 1 + (w === 5000 ? peak * index : 0)),
    fluxDeviation: new Float32Array(50),
  }));
  const objectClass = Array.from({ length: 200 }, (_, n) => (n % 3 === 0 ? 'QSO' : null));
  const space = { model: 'VAE', latents, axes, position: cloud(200, latents), objectClass };
  const along = new Float64Array(latents);
  along[0] = 1;
  return {
    title: 'Track of all objects along VAE 1',
    ...{ model: 'VAE', followed: [], along, alongLabel: 'VAE 1', space, points, wavelength, lines: [] },
  };
}

describe('the figure of a track', () => {
  for (const latents of [1, 2, 6]) {
    it(`draws the path in up to two panels and every spectrum, for ${latents} latents`, async () => {
      const figure = trackFigure('track', track(latents, 0.1));
      for (const name of ['S1', 'S2', 'S3', '20 obj.']) assert.ok(figure.svg.includes(`>${name}<`), name);
      const panels = figure.svg.match(/>VAE 1 \(/g)?.length ?? 0;
      assert.equal(panels, Math.min(2, latents - 1));
      assert.ok((await figureFile(figure, 'png')).bytes.length > 5000);
    });
  }

  it('cuts a line that would press the spectra flat, and writes its peak', () => {
    assert.ok(trackFigure('track', track(2, 40)).svg.includes('>81<'));
    assert.ok(!trackFigure('track', track(2, 0)).svg.includes('>1<'));
  });
});

describe('the figure of projected spectra', () => {
  it('shows the foreign classes beside the survey, even a single object', async () => {
    const axes = ['VAE 1', 'VAE 2'].map((label) => ({ label, varianceShare: 0.5 }));
    const data: ProjectionData = {
      ...{ model: 'VAE', latents: 2, axes, survey: cloud(100, 2), foreign: cloud(2, 2) },
      foreignClass: ['star', null],
    };
    const figure = projectionFigure('projection', data);
    for (const kind of ['the survey (100)', 'star, projected (1)', 'projected (1)']) {
      assert.ok(figure.svg.includes(`>${kind}<`), kind);
    }
    assert.ok((await figureFile(figure, 'png')).bytes.length > 5000);
  });
});
