import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { UserError } from '../../base/index.ts';
import { checkDataset, type Dataset } from '../../dataset/index.ts';
import { logGrid } from '../../spectra/index.ts';
import { aboveKauffmann, aboveKewley } from './nebular.ts';
import { simulateGalaxies } from './simulate-galaxies.ts';

const OBJECTS = 2000;
let dataset: Dataset;

before(() => {
  dataset = simulateGalaxies({ objects: OBJECTS, seed: 4 }).dataset;
});

function numbers(name: string): (number | null)[] {
  const column: readonly (number | string | null)[] = dataset.catalogue.extra[name];
  return column.map((value) => (typeof value === 'number' ? value : null));
}

function share(predicate: (index: number) => boolean): number {
  return dataset.catalogue.id.filter((_, index) => predicate(index)).length / OBJECTS;
}

describe('simulated galaxies', () => {
  it('are a valid dataset on the preset grid', () => {
    checkDataset(dataset);
    assert.equal(dataset.wavelength.length, 1000);
    assert.equal(dataset.manifest.preset, 'galaxies');
  });

  it('are the same for the same seed, whatever their number, and others for another seed', () => {
    const again = simulateGalaxies({ objects: 15, seed: 4 }).dataset;
    assert.deepEqual(again.flux.data, dataset.flux.data.slice(0, again.flux.data.length));
    assert.deepEqual(again.ivar.data, dataset.ivar.data.slice(0, again.ivar.data.length));
    assert.deepEqual(again.catalogue.labels.value.data, dataset.catalogue.labels.value.data.slice(0, 15 * 5));
    const other = simulateGalaxies({ objects: 15, seed: 5 }).dataset;
    assert.notDeepEqual(other.flux.data, again.flux.data);
  });

  it('come in the classes of Portillo et al. (2020) in about their shares', () => {
    const { objectClass } = dataset.catalogue;
    const bounds: Record<string, [number, number]> = {
      quiescent: [0.52, 0.64],
      'emission-line': [0.27, 0.38],
      'narrow-line AGN': [0.03, 0.08],
      'broad-line AGN': [0.018, 0.042],
    };
    assert.deepEqual(new Set(objectClass), new Set(Object.keys(bounds)));
    for (const [name, [low, high]] of Object.entries(bounds)) {
      const found = share((i) => objectClass[i] === name);
      assert.ok(found > low && found < high, `${name}: ${found}`);
    }
  });

  it('have S/N from 5 to 80 with a median of 14, but for the planted ones', () => {
    const odd = dataset.catalogue.extra.planted_oddity;
    const snr = Array.from(dataset.catalogue.snr)
      .filter((_, i) => odd[i] === null)
      .sort((a, b) => a - b);
    const median = snr[snr.length >> 1];
    assert.ok(Math.abs(median - 14) < 1.5, `median ${median}`);
    assert.ok(snr[0] > 4.5 && snr[snr.length - 1] < 90, `${snr[0]} to ${snr[snr.length - 1]}`);
  });

  it('scatter around their truth as their ivar says', () => {
    const { flux, ivar, truth } = dataset;
    assert.ok(truth);
    let chi2 = 0;
    let observed = 0;
    for (let i = 0; i < flux.data.length; i++) {
      if (!(ivar.data[i] > 0)) continue;
      chi2 += (flux.data[i] - truth.data[i]) ** 2 * ivar.data[i];
      observed++;
    }
    // A strong line beside a masked pixel may leave its grid pixel far from the truth, as in a survey.
    assert.ok(Math.abs(chi2 / observed - 1) < 0.02, `χ² per pixel ${chi2 / observed}`);
    const unobserved = 1 - observed / flux.data.length;
    assert.ok(unobserved > 0.02 && unobserved < 0.15, `${unobserved} unobserved`);
  });

  it('hold about one planted oddity in a hundred', () => {
    const odd = dataset.catalogue.extra.planted_oddity;
    const planted = share((i) => odd[i] !== null);
    assert.ok(planted > 0.004 && planted < 0.018, `${planted}`);
    const kinds = new Set(odd.filter((oddity) => oddity !== null));
    assert.deepEqual(kinds, new Set(['misclassified star', 'calibration step', 'missing chunk', 'low S/N']));
  });

  it('lie on the diagnostic diagram where their populations belong', () => {
    const [n2, o3] = [numbers('true_log_n2'), numbers('true_log_o3')];
    const { true_population } = dataset.catalogue.extra;
    const of = (population: string) => (index: number) => true_population[index] === population;
    const shareOf = (population: string, test: (x: number, y: number) => boolean) => {
      const rows = dataset.catalogue.id.flatMap((_, i) => (of(population)(i) ? [i] : []));
      return rows.filter((i) => test(n2[i] ?? 0, o3[i] ?? 0)).length / rows.length;
    };
    assert.ok(shareOf('star-forming', (x, y) => !aboveKewley(x, y)) > 0.98);
    assert.ok(shareOf('star-forming', (x, y) => !aboveKauffmann(x, y)) > 0.85);
    assert.ok(shareOf('Seyfert 2', aboveKewley) > 0.8);
    assert.ok(shareOf('LINER', aboveKewley) > 0.9);
    assert.ok(shareOf('extreme emission', (_, y) => y > 0.1) > 0.9);
  });

  it('carry labels that are their hidden variables with the errors that they state', () => {
    const { names, value, ivar } = dataset.catalogue.labels;
    const truths: Record<string, (number | null)[]> = {
      log_age: numbers('true_log_age'),
      metallicity: numbers('true_metallicity'),
      ebv: numbers('true_ebv'),
      velocity_dispersion: numbers('true_velocity_dispersion'),
      log_ew_halpha: numbers('true_ew_halpha').map((width) => width && Math.log10(width)),
    };
    assert.deepEqual(names, Object.keys(truths));
    names.forEach((name, column) => {
      const pulls = dataset.catalogue.id.flatMap((_, i) => {
        const weight = ivar.data[i * names.length + column];
        return weight > 0 ? [(value.data[i * names.length + column] - (truths[name][i] ?? 0)) * Math.sqrt(weight)] : [];
      });
      const variance = pulls.reduce((sum, pull) => sum + pull * pull, 0) / pulls.length;
      assert.ok(Math.abs(variance - 1) < 0.15, `${name}: ${variance} over ${pulls.length}`);
      assert.ok(pulls.length < 0.93 * OBJECTS);
    });
  });

  it('refuse a grid beyond their templates with one sentence', () => {
    const grid = logGrid(2000, 8000, 100);
    assert.throws(
      () => simulateGalaxies({ objects: 1, seed: 1, grid }),
      (error) => error instanceof UserError && /does not fit/.test(error.message),
    );
    assert.throws(() => simulateGalaxies({ objects: 0, seed: 1 }), UserError);
  });
});
