import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withError } from './object-labels.ts';
import { readoutAt } from './readout.ts';
import { spectraCsv } from './spectra-csv.ts';
import { figureSvg } from './spectrum-figure.ts';
import { drawingOf, type Subject } from './subject.ts';

const wavelength = Float64Array.of(4000, 4001, 4002);
const subject: Subject = {
  key: '0',
  name: 'A, "first"',
  facts: [],
  labels: [],
  redshift: 0.5,
  flux: Float32Array.of(1, Number.NaN, 3),
  error: Float32Array.of(0.5, Number.NaN, 0.25),
  truth: null,
  models: [{ title: 'VAE', band: { flux: Float32Array.of(2, 2, 2), error: Float32Array.of(0.125, 0.125, 0.125) } }],
  warnings: [],
};
const options = { wavelength, frame: 'observed', offset: 1, showTruth: false } as const;

describe('a spectrum drawn', () => {
  it('is shifted to the observed frame, with residuals in units of its noise and its gap', () => {
    const { noisy, residuals, gaps } = drawingOf([subject], options);
    assert.deepEqual(noisy[0].x, Float64Array.of(6000, 6001.5, 6003));
    assert.deepEqual(residuals[0].y, Float32Array.of(-2, Number.NaN, 4));
    assert.deepEqual(gaps, [[6000.75, 6002.25]]);
  });

  it('is read out where the pointer is, and not where no pixel is', () => {
    assert.equal(
      readoutAt(6003.1, [subject], options),
      'rest 4002.0 Å, observed 6003.0 Å · flux 3 ± 0.25, VAE 2 ± 0.125 (4.0 σ)',
    );
    assert.match(readoutAt(6001.5, [subject], options), /not observed/);
    assert.equal(readoutAt(9000, [subject], options), '');
  });

  it('is a table with nothing where nothing was observed', () => {
    const name = (column: string) => `"A, ""first"" ${column}"`;
    assert.deepEqual(spectraCsv(wavelength, [subject], false).split('\n').slice(0, 3), [
      ['wavelength_rest', ...['wavelength_observed', 'flux', 'error', 'VAE', 'VAE error'].map(name)].join(','),
      '4000,6000,1,0.5,2,0.125',
      '4001,6001.5,,,2,0.125',
    ]);
  });

  it('is a figure whose texts are escaped', () => {
    const { noisy, models, gaps } = drawingOf([subject], options);
    const content = { traces: [...noisy, ...models], lines: [], gaps, x: [6000, 6003], y: [0, 4] } as const;
    const part = { content, yLabel: 'flux', height: 100, rules: [0] };
    const svg = figureSvg([part], { width: 400, title: 'a < b & c', xLabel: 'Å', palette: () => 'rgb(1, 2, 3)' });
    assert.match(svg, /a &lt; b &amp; c/);
    assert.equal(svg.match(/<path [^>]*fill-opacity/g)?.length, 3);
    assert.doesNotMatch(svg, /NaN|undefined/);
  });
});

describe('a value with its error', () => {
  it('has as many digits as the error calls for', () => {
    assert.equal(withError(7.2134, 0.142), '7.21 ± 0.14');
    assert.equal(withError(-62.31, 11.2), '−62 ± 11');
    assert.equal(withError(Number.NaN, 1), null);
    assert.equal(withError(3, Number.NaN), '3');
  });
});
