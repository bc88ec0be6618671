import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { mostProbable } from '../../../tests/fixtures/simulation/most-probable.ts';
import { Random, row } from '../../base/index.ts';
import type { Dataset } from '../../dataset/index.ts';
import { presetGrid } from '../../spectra/index.ts';
import { drawQuasar } from './draw-quasar.ts';
import { logEddington } from './hidden.ts';
import { createLabelBounds } from './label-bounds.ts';
import { simulateQuasars } from './simulate-quasars.ts';

const OBJECTS = 100;
let dataset: Dataset;

before(() => {
  dataset = simulateQuasars({ objects: OBJECTS, seed: 8 }).dataset;
});

function column(name: string): number[] {
  return Array.from(dataset.catalogue.extra[name], Number);
}

describe('Cramér–Rao bounds of the labels of simulated quasars', () => {
  it('are the scatter of the population at known redshift when nothing is observed', () => {
    const grid = presetGrid('quasars');
    const flux = new Float32Array(grid.length).fill(1);
    // A brightness that nothing tells is the only unknown without a prior: a whisper of information keeps it finite.
    const bounds = createLabelBounds(grid)(
      drawQuasar(new Random(1)),
      flux,
      flux.map(() => 1e-9),
    );
    assert.ok(Math.abs(bounds.crb_log_lbol - 0.38) < 1e-6);
    assert.ok(Math.abs(bounds.crb_log_edd - Math.hypot(0.15 * 0.38, 0.33)) < 1e-6);
    assert.ok(Math.abs(bounds.crb_log_mbh - Math.hypot(0.85 * 0.38, 0.33)) < 1e-6);
  });

  it('shrink with every pixel observed, and with the noise', () => {
    const boundsOf = createLabelBounds(dataset.wavelength);
    const hidden = drawQuasar(new Random(2));
    const truth = row(dataset.truth ?? assert.fail(), 0);
    const everywhere = truth.map(() => 100);
    const half = everywhere.map((ivar, p) => (p < 300 ? ivar : 0));
    const [all, part, quiet] = [everywhere, half, everywhere.map((ivar) => 4 * ivar)].map((ivar) =>
      boundsOf(hidden, truth, ivar),
    );
    for (const name of ['crb_log_lbol', 'crb_log_mbh', 'crb_log_edd'] as const) {
      assert.ok(part[name] > all[name] && all[name] > quiet[name], name);
    }
  });

  it('are how the most probable labels of noisy spectra scatter about the truth', () => {
    const pulls: Record<string, number[]> = { log_lbol: [], log_mbh: [], log_edd: [] };
    const truth = Object.fromEntries(Object.keys(pulls).map((name) => [name, column(`true_${name}`)]));
    const bound = Object.fromEntries(Object.keys(pulls).map((name) => [name, column(`crb_${name}`)]));
    const redshift = column('true_redshift');
    const fit = mostProbable(dataset.wavelength);
    for (let i = 0; i < OBJECTS; i++) {
      const hidden = fit(row(dataset.flux, i), row(dataset.ivar, i), redshift[i]);
      const found: Record<string, number> = {
        log_lbol: hidden.logLbol,
        log_mbh: hidden.logMbh,
        log_edd: logEddington(hidden),
      };
      for (const name of Object.keys(pulls)) pulls[name].push((found[name] - truth[name][i]) / bound[name][i]);
    }
    for (const [name, values] of Object.entries(pulls)) {
      const variance = values.reduce((sum, pull) => sum + pull * pull, 0) / values.length;
      // χ² of 100 objects per object scatters by 0.14.
      assert.ok(variance > 0.65 && variance < 1.4, `${name}: mean square ${variance} in units of the bound's`);
    }
  });
});
