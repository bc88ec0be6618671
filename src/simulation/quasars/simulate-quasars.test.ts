import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { Random } from '../../base/index.ts';
import { checkDataset, type Dataset } from '../../dataset/index.ts';
import { pixelAt, shiftOfRedshift, wavelengthsOf } from '../log-wavelength.ts';
import { drawQuasar } from './draw-quasar.ts';
import { broadLineWidths } from './emission-lines.ts';
import { logEddington } from './hidden.ts';
import { quasarOnPixels, quasarTemplate } from './quasar-template.ts';
import { simulateQuasars } from './simulate-quasars.ts';

const OBJECTS = 1000;
const COMPOSITE = '../shared/data/composites/VandenBerk2001.dat';
let dataset: Dataset;

before(() => {
  dataset = simulateQuasars({ objects: OBJECTS, seed: 3 }).dataset;
});

function column(name: string): number[] {
  return Array.from(dataset.catalogue.extra[name], Number);
}

describe('simulated quasars', () => {
  it('are a valid dataset, about a third of whose pixels are unobserved', () => {
    checkDataset(dataset);
    assert.equal(dataset.wavelength.length, 594);
    const observed = dataset.ivar.data.filter((ivar) => ivar > 0).length / dataset.ivar.data.length;
    assert.ok(observed > 0.63 && observed < 0.73, `${observed}`);
  });

  it('are the same for the same seed, whatever their number', () => {
    const again = simulateQuasars({ objects: 10, seed: 3 }).dataset;
    assert.deepEqual(again.flux.data, dataset.flux.data.slice(0, again.flux.data.length));
  });

  it('have a median S/N near 10 and scatter around their truth as their ivar says', () => {
    const snr = Array.from(dataset.catalogue.snr).sort((a, b) => a - b);
    assert.ok(Math.abs(snr[OBJECTS >> 1] - 10) < 1.5);
    const { flux, ivar, truth } = dataset;
    assert.ok(truth);
    let chi2 = 0;
    let observed = 0;
    for (let i = 0; i < flux.data.length; i++) {
      if (!(ivar.data[i] > 0)) continue;
      chi2 += (flux.data[i] - truth.data[i]) ** 2 * ivar.data[i];
      observed++;
    }
    assert.ok(Math.abs(chi2 / observed - 1) < 0.015, `χ² per pixel ${chi2 / observed}`);
  });

  it('have labels that follow from the hidden variables, a tenth of them missing', () => {
    const { names, value, ivar } = dataset.catalogue.labels;
    assert.deepEqual(names, ['log_lbol', 'log_mbh', 'log_edd', 'redshift']);
    names.forEach((name, k) => {
      const truth = column(`true_${name}`);
      const pulls = truth.flatMap((at, i) => {
        const weight = ivar.data[i * names.length + k];
        return weight > 0 ? [(value.data[i * names.length + k] - at) * Math.sqrt(weight)] : [];
      });
      const missing = 1 - pulls.length / OBJECTS;
      assert.ok(missing > 0.06 && missing < 0.14, `${name}: ${missing} missing`);
      const variance = pulls.reduce((sum, pull) => sum + pull * pull, 0) / pulls.length;
      assert.ok(Math.abs(variance - 1) < 0.2, `${name}: ${variance}`);
    });
    const [lbol, mbh, edd] = ['true_log_lbol', 'true_log_mbh', 'true_log_edd'].map(column);
    edd.forEach((ratio, i) => {
      assert.ok(Math.abs(ratio - (lbol[i] - mbh[i] - 38.1)) < 1e-9);
    });
  });

  it('obey the virial relations: mass follows from line width and luminosity (Vestergaard & Osmer 2009)', () => {
    const random = new Random(2);
    for (let k = 0; k < 50; k++) {
      const hidden = { ...drawQuasar(random), widths: 0 };
      const width = measuredWidth(hidden, 2798.75);
      const mass = 6.86 + 2 * Math.log10(width / 1000) + 0.5 * (hidden.logLbol - Math.log10(5.15) - 44);
      assert.ok(Math.abs(mass - hidden.logMbh) < 0.02, `${mass} for ${hidden.logMbh}`);
    }
  });

  it('have C IV lines that weaken with luminosity and shift to the blue with the Eddington ratio', () => {
    const hidden = { ...drawQuasar(new Random(1)), blueshift: 0, logLbol: 46, logMbh: 9 };
    const brighter = { ...hidden, logLbol: 47, logMbh: 10 };
    assert.ok(Math.abs(logEddington(hidden) - logEddington(brighter)) < 1e-9);
    assert.ok(
      height(brighter, 1549.06) * broadLineWidths(brighter).cIV < height(hidden, 1549.06) * broadLineWidths(hidden).cIV,
    );
    const faster = { ...hidden, logMbh: 8 };
    assert.ok(peak(faster, 1500, 1600) < peak(hidden, 1500, 1600) - 1);
  });

  it('come from a template that is one function on the survey’s pixels and at any wavelength', () => {
    const hidden = drawQuasar(new Random(9));
    const range = { first: 35600, count: 4000 };
    const shift = shiftOfRedshift(hidden.redshift);
    const onPixels = quasarOnPixels(hidden, range, shift);
    const rest = wavelengthsOf({ first: range.first - shift, count: range.count });
    const anywhere = quasarTemplate(hidden, rest);
    onPixels.forEach((flux, i) => {
      assert.ok(Math.abs(flux / anywhere[i] - 1) < 1e-5, `${flux} and ${anywhere[i]} at ${rest[i]} Å`);
    });
    assert.ok(pixelAt(rest[0]) > 0);
  });

  it('look in the median like SDSS quasars', { skip: existsSync(COMPOSITE) ? false : `no ${COMPOSITE}` }, () => {
    const composite = readFileSync(COMPOSITE, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .filter(([wavelength, flux]) => wavelength > 800 && flux > 0);
    const { wavelength, truth } = dataset;
    assert.ok(truth);
    const at = (angstrom: number) => wavelength.findIndex((value) => value >= angstrom);
    const reference = at(2500);
    const ratios = Array.from(wavelength, (angstrom, pixel) => {
      const fluxes = Array.from(
        { length: OBJECTS },
        (_, i) => truth.data[i * 594 + pixel] / truth.data[i * 594 + reference],
      );
      fluxes.sort((a, b) => a - b);
      return fluxes[OBJECTS >> 1] / interpolate(composite, angstrom);
    });
    const scale = ratios[reference];
    const squares = ratios.slice(at(1250), at(4500)).map((ratio) => Math.log(ratio / scale) ** 2);
    const rms = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
    assert.ok(rms < 0.08, `rms ${rms} from Vanden Berk et al. (2001)`);
  });
});

type Hidden = Parameters<typeof quasarTemplate>[0];

/** The template with nothing but one line on its power law, by taking the line's family away. */
function lineProfile(hidden: Hidden, wavelength: Float64Array): Float64Array {
  const quiet = { ...hidden, iron: -20, balmer: -20, ebv: 0 };
  const continuum = quasarTemplate({ ...quiet, lines: -20, narrow: -20 }, wavelength);
  return quasarTemplate(quiet, wavelength).map((flux, i) => flux - continuum[i]);
}

function measuredWidth(hidden: Hidden, line: number): number {
  const velocity = Float64Array.from({ length: 4001 }, (_, i) => (i - 2000) * 10);
  const profile = lineProfile(
    hidden,
    velocity.map((v) => line * Math.exp(v / 299792.458)),
  );
  const half = 0.5 * profile[2000];
  let edge = 2000;
  while (profile[edge] > half) edge++;
  return 2 * (velocity[edge - 1] + (10 * (profile[edge - 1] - half)) / (profile[edge - 1] - profile[edge]));
}

function height(hidden: Hidden, line: number): number {
  return (
    lineProfile(hidden, Float64Array.of(line))[0] /
    quasarTemplate({ ...hidden, lines: -20, iron: -20 }, Float64Array.of(line))[0]
  );
}

function peak(hidden: Hidden, low: number, high: number): number {
  const wavelength = Float64Array.from({ length: 1000 }, (_, i) => low + ((high - low) * i) / 999);
  const profile = lineProfile(hidden, wavelength);
  return wavelength[profile.indexOf(Math.max(...profile))];
}

function interpolate(table: readonly number[][], x: number): number {
  let k = 1;
  while (k < table.length - 1 && table[k][0] < x) k++;
  const [[x0, y0], [x1, y1]] = [table[k - 1], table[k]];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}
