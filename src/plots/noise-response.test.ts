import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { DOMParser } from 'linkedom';
import type { NoiseResponseData, ResponseCurve } from './figure-data.ts';
import { noiseFigure } from './noise-response.ts';

const snr = [5, 20, 80];
const at = (median: number) => ({ low: 0.8 * median, median, high: 1.3 * median });
const curve = (latent: number, inUse = true): ResponseCurve => ({
  latent,
  inUse,
  varianceRatio: [at(8), at(1), at(0.1)],
  expectedRatio: [at(0.6), at(0.9), at(1)],
  bias: [at(0.6), at(0.2), at(0.01)],
});
const data: NoiseResponseData = {
  model: 'VAE',
  objects: 5,
  realisations: 100,
  snr,
  curves: [1, 2, 3].map((k) => curve(k, k < 3)),
};

function drawn(given: NoiseResponseData) {
  const warn = mock.method(console, 'warn', (...words: unknown[]) => assert.fail(`console.warn: ${words.join(' ')}`));
  try {
    return noiseFigure('noise', given);
  } finally {
    warn.mock.restore();
  }
}

describe('the figure of latents under noise', () => {
  it('is one well-formed SVG that names the latents in use and says that there are others', () => {
    const { svg, title } = drawn(data);
    assert.equal(title, 'Latents of VAE under noise, 3 latents');
    assert.equal(new DOMParser().parseFromString(svg, 'image/svg+xml').querySelectorAll('svg > svg').length, 2);
    for (const words of ['VAE 1', 'VAE 2', 'not in use']) assert.ok(svg.includes(`>${words}<`), words);
    assert.ok(!svg.includes('>VAE 3<') && !svg.includes('NaN'));
  });

  it('draws what a posterior must show where the prior is known', () => {
    const unknown = {
      ...data,
      curves: data.curves.map((one) => ({ ...one, expectedRatio: snr.map(() => at(Number.NaN)) })),
    };
    assert.ok(drawn(data).svg.includes('>what a posterior must show<'));
    const { svg } = drawn(unknown);
    assert.ok(!svg.includes('must show') && !svg.includes('NaN'));
  });

  it('draws bars over objects only where there are several', () => {
    const paths = ({ svg }: { svg: string }) => svg.match(/<path/g)?.length ?? 0;
    assert.ok(paths(drawn(data)) > paths(drawn({ ...data, objects: 1 })));
  });

  it('survives variances of zero and latents that are all out of use', () => {
    const flat = { ...curve(1, false), varianceRatio: [at(0), at(0), at(0)] };
    assert.ok(!drawn({ ...data, curves: [flat] }).svg.includes('NaN'));
  });
});
