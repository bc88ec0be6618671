import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { numberColumn, readCsv, textColumn } from '../io/index.ts';
import { airToVacuum, logGrid } from '../spectra/index.ts';
import { checkDataset } from './check.ts';
import type { Dataset } from './dataset.ts';
import { importSpectra } from './import.node.ts';
import { observedFraction } from './rows.ts';
import { loadDataset, saveDataset } from './store.node.ts';

const DATA = '../shared/data';
const skip = !existsSync(DATA) && 'no ../shared/data';
const out = mkdtempSync(join(tmpdir(), 'lightfold-real-'));
after(() => rmSync(out, { recursive: true }));

/** Median over objects of the median over pixels where flux is observed. */
function medianFlux({ flux, ivar }: Dataset): number {
  const observed = flux.data.filter((_, i) => ivar.data[i] > 0).sort();
  return observed[observed.length >> 1];
}

describe('real spectra', { skip }, () => {
  it('of SDSS come with the redshift and class that their index gives', async () => {
    const index = readCsv(readFileSync(join(DATA, 'sdss/index.csv')), 'index.csv');
    const redshifts = numberColumn(index, 'z', 'index.csv');
    const known = new Map(textColumn(index, 'file', 'index.csv').map((file, row) => [basename(file ?? ''), row]));
    for (const [folder, preset, objectClass] of [
      ['qso', 'quasars', 'QSO'],
      ['galaxy', 'galaxies', null],
      ['star', 'galaxies', 'star'],
    ] as const) {
      const { dataset, skipped } = await importSpectra([join(DATA, 'sdss', folder)], { preset });
      checkDataset(dataset);
      const { catalogue } = dataset;
      assert.ok(catalogue.id.length > 0);
      for (const { reason } of skipped) assert.match(reason, /normalised|observed/);
      for (const [i, source] of catalogue.source.entries()) {
        const row = known.get(basename(source.split(',')[0]));
        assert.ok(row !== undefined, source);
        const z = redshifts[row] ?? Number.NaN;
        assert.ok(
          Math.abs((catalogue.redshift[i] ?? Number.NaN) - z) < 1e-6 * (1 + z),
          `${source}: z ${catalogue.redshift[i]}`,
        );
        if (objectClass !== null) assert.equal(catalogue.objectClass[i], objectClass);
      }
      assert.ok(medianFlux(dataset) > 0.3 && medianFlux(dataset) < 3, `${folder}: flux ${medianFlux(dataset)}`);
      assert.ok(observedFraction(dataset) > 0.4);
    }
  });

  it('of SDSS take labels from their index', async () => {
    const labelsTable = join(DATA, 'sdss/index.csv');
    const { dataset } = await importSpectra([join(DATA, 'sdss')], {
      preset: 'quasars',
      labelsTable,
      labelNames: ['log_mbh'],
    });
    const { names, ivar } = dataset.catalogue.labels;
    assert.ok(names.includes('log_mbh'));
    assert.ok(ivar.data.some((weight, i) => i % names.length === names.indexOf('log_mbh') && weight > 0));
  });

  it('of every format come in, each with a redshift or a reason', async () => {
    for (const [folder, objects] of [
      ['sdss-spec-lite', 10],
      ['sdss-full-spec', 2],
      ['desi-coadd', 3],
      ['boss-and-desi', 3],
      ['sdss-dr7-spspec', 1],
    ] as const) {
      const options = {
        preset: folder === 'boss-and-desi' ? 'quasars' : 'galaxies',
        normalise: { kind: 'flux' },
      } as const;
      const grid = folder === 'sdss-dr7-spspec' ? ({ preset: 'quasars' } as const) : {};
      const { dataset, skipped } = await importSpectra([join(DATA, 'formats', folder)], { ...options, ...grid });
      checkDataset(dataset);
      assert.equal(dataset.catalogue.id.length, objects, `${folder}: ${JSON.stringify(skipped)}`);
      assert.ok(dataset.catalogue.redshift.every((z) => z !== null));
    }
  });

  it('of the npz files come in whole, with their labels, and survive the store', async () => {
    for (const [name, shape, labels] of [
      ['brown-galaxies', [129, 1751], 0],
      ['desi-bins', [97652, 12], 10],
      ['miles-stars', [785, 4300], 3],
      ['rm-quasars', [31, 1889], 2],
    ] as const) {
      const { dataset, skipped } = await importSpectra([join(DATA, `${name}.npz`)]);
      assert.deepEqual(skipped, []);
      assert.deepEqual([dataset.flux.rows, dataset.flux.columns], shape);
      assert.equal(dataset.catalogue.labels.names.length, labels);
      const path = join(out, name);
      await saveDataset(path, dataset);
      const loaded = await loadDataset(path);
      assert.deepEqual(loaded.catalogue.labels, dataset.catalogue.labels);
      assert.deepEqual(loaded.catalogue.id, dataset.catalogue.id);
      assert.deepEqual(loaded.flux, dataset.flux);
    }
  });

  it('of reverberation-mapped quasars have the gaps and labels that their README states', async () => {
    const { dataset } = await importSpectra([join(DATA, 'rm-quasars.npz')]);
    assert.ok(Math.abs(observedFraction(dataset) - 0.29) < 0.01);
    const { names, value, ivar } = dataset.catalogue.labels;
    assert.deepEqual(names, ['log_mbh', 'log_lbol']);
    assert.ok(Math.abs(value.data[0] - 7.74) < 1e-6);
    assert.ok(Math.abs(1 / Math.sqrt(ivar.data[0]) - 0.17435596) < 1e-6);
  });

  it('of MILES stars can be brought from air to vacuum and onto a coarser grid', async () => {
    const { dataset } = await importSpectra([join(DATA, 'miles-stars.npz')], { air: true });
    assert.ok(Math.abs(dataset.wavelength[0] - airToVacuum(3540.5)) < 1e-9);
    const coarse = await importSpectra([join(DATA, 'miles-stars.npz')], { grid: logGrid(3600, 7400, 500), air: true });
    assert.deepEqual([coarse.dataset.flux.rows, coarse.dataset.flux.columns], [785, 500]);
    assert.ok(Math.abs(medianFlux(coarse.dataset) - 1) < 0.1);
  });
});
