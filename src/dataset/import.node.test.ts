import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { MUTATIONS, mutate } from '../../tests/contracts/mutations.ts';
import { randomDataset } from '../../tests/references/random-dataset.ts';
import { specLite, specLiteId } from '../../tests/references/spec-lite.ts';
import { SURVEY_FILES } from '../../tests/references/survey-files.ts';
import { InterruptedError, Random, row, UserError } from '../base/index.ts';
import { writeFits, writeNpz } from '../io/index.ts';
import { logGrid, normalise, presetGrid, resample, toRestFrame } from '../spectra/index.ts';
import { recogniseAndRead } from '../spectra/surveys/index.ts';
import { checkDataset } from './check.ts';
import { importSpectra } from './import.node.ts';
import { exportNpz } from './npz.ts';
import { loadDataset, saveDataset } from './store.node.ts';

const root = mkdtempSync(join(tmpdir(), 'lightfold-import-'));
after(() => rmSync(root, { recursive: true }));
let folders = 0;

/** A new folder of the given files. */
function folderOf(files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = join(root, `in-${folders++}`);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const reasons = (skipped: readonly { file: string; reason: string }[]): string[] =>
  skipped.map(({ file, reason }) => `${basename(file)}: ${reason}`);

describe('importing survey files', () => {
  it('gives the numbers that the steps give one by one', async () => {
    const bytes = specLite({
      fiber: 7,
      redshift: 0.2,
      flux: (w) => 3 + Math.sin(w / 50),
      ivar: (w) => (w > 6000 && w < 6100 ? 0 : 5),
    });
    const { dataset, skipped } = await importSpectra([folderOf({ 'a.fits': bytes })], { preset: 'galaxies' });
    assert.deepEqual(skipped, []);
    const grid = presetGrid('galaxies');
    const { flux, ivar } = resample(toRestFrame(recogniseAndRead(bytes, 'a.fits').spectra[0]), grid);
    const outcome = normalise(flux, ivar, grid, { kind: 'flux' });
    assert.ok(outcome.ok);
    for (let i = 0; i < grid.length; i++) {
      assert.ok(Math.abs(dataset.flux.data[i] - flux[i]) <= 1e-6 * Math.abs(flux[i]), `flux of pixel ${i}`);
      assert.ok(Math.abs(dataset.ivar.data[i] - ivar[i]) <= 1e-6 * ivar[i], `ivar of pixel ${i}`);
    }
    assert.deepEqual(dataset.wavelength, grid);
  });

  it('keeps a flat spectrum flat, and says by what it was divided, who it is and where it came from', async () => {
    const folder = folderOf({
      'sub/b.fits': specLite({ fiber: 2, subclass: 'AGN' }),
      'a.fits': specLite({ fiber: 1 }),
    });
    const { dataset } = await importSpectra([folder], { preset: 'galaxies', command: 'lightfold import x', seed: 3 });
    const { catalogue, manifest } = dataset;
    for (let i = 0; i < dataset.flux.data.length; i++) {
      if (dataset.ivar.data[i] > 0) assert.ok(Math.abs(dataset.flux.data[i] - 1) < 1e-6);
      else assert.equal(dataset.flux.data[i], 0);
    }
    for (const scale of catalogue.scale) assert.ok(Math.abs(scale - 2) < 1e-6);
    assert.deepEqual(catalogue.id, [specLiteId(1), specLiteId(2)]);
    assert.deepEqual(catalogue.objectClass, ['quiescent', 'narrow-line AGN']);
    assert.deepEqual(catalogue.extra.subclass, [null, 'AGN']);
    assert.deepEqual(catalogue.extra.z_warning, [0, 0]);
    assert.ok(catalogue.source[1].startsWith(join(folder, 'sub/b.fits')));
    assert.equal(manifest.preset, 'galaxies');
    assert.equal(manifest.normalisation, 'flux');
    assert.equal(manifest.provenance.command, 'lightfold import x');
    assert.deepEqual(
      manifest.provenance.inputs.map(({ file, sha256 }) => [basename(file), sha256.length]),
      [
        ['a.fits', 64],
        ['b.fits', 64],
      ],
    );
    const path = join(root, 'kept');
    await saveDataset(path, dataset);
    const loaded = await loadDataset(path);
    assert.deepEqual(loaded.catalogue, catalogue);
    assert.equal(loaded.manifest.provenance.settings.seed, 3);
  });

  it('skips and names what cannot be used, and keeps the rest', async () => {
    const good = specLite({ fiber: 1 });
    const folder = folderOf({
      'a.fits': good,
      'b-truncated.fits': good.subarray(0, 20_000),
      'c-text.fits': 'not FITS at all',
      'd-empty.fits': '',
      'e-same.fits': good,
      'f-far.fits': specLite({ fiber: 6, redshift: 5 }),
      'g-dark.fits': specLite({ fiber: 7, ivar: () => 0 }),
      'h-negative.fits': specLite({ fiber: 8, flux: () => -1 }),
      'i-no-redshift.fits': noRedshift(),
      'j.npz': 'PK not really',
      'k.fits': specLite({ fiber: 11 }),
    });
    const { dataset, skipped } = await importSpectra([folder], { preset: 'galaxies' });
    assert.deepEqual(dataset.catalogue.id, [specLiteId(1), specLiteId(11)]);
    const expected = [
      /^b-truncated\.fits: /,
      /^c-text\.fits: .*FITS/,
      /^d-empty\.fits: /,
      /^e-same\.fits: .*the id 0266-51630-0001 was read before, from .*a\.fits.*; the first is kept/,
      /^f-far\.fits: .*of the grid .*is observed/,
      /^g-dark\.fits: /,
      /^h-negative\.fits: .*not positive/,
      /^i-no-redshift\.fits: .*no redshift/,
      /^j\.npz: /,
    ];
    const found = reasons(skipped);
    assert.equal(found.length, expected.length, found.join('\n'));
    for (const [index, pattern] of expected.entries()) assert.match(found[index], pattern);
    for (const reason of found) assert.doesNotMatch(reason, /unexpected/);
    assert.equal(dataset.manifest.provenance.settings.skipped, 9);
  });

  it('of which nothing can be used ends in one sentence with the first reasons', async () => {
    const folder = folderOf({
      'a.fits': 'x',
      'b.fits': 'y',
      'c.fits': 'z',
      'd.fits': specLite({ fiber: 1, redshift: 9 }),
    });
    await assert.rejects(importSpectra([folder]), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^no object could be imported: .*a\.fits: .*b\.fits: .*c\.fits: .*and 1 more$/);
      return true;
    });
  });

  it('asks for a share of the grid', async () => {
    const folder = folderOf({
      'a.fits': specLite({ fiber: 1 }),
      'b.fits': specLite({ fiber: 2, ivar: (w) => (w < 5000 ? 4 : 0) }),
    });
    const options = { preset: 'galaxies', minimumObserved: 0.5 } as const;
    const { dataset, skipped } = await importSpectra([folder], options);
    assert.deepEqual(dataset.catalogue.id, [specLiteId(1)]);
    assert.match(skipped[0].reason, /50% must be: its spectrum at z = \d\.\d{3} covers \d+–\d+ Å; a --grid/);
  });

  it('chooses the preset by the classes of the objects and says so', async () => {
    const quasar = (fiber: number) => specLite({ fiber, redshift: 1.5, objectClass: 'QSO' });
    const most = folderOf({ 'a.fits': quasar(1), 'b.fits': quasar(2), 'c.fits': specLite({ fiber: 3 }) });
    const { dataset, notes } = await importSpectra([most]);
    assert.deepEqual([dataset.manifest.preset, dataset.manifest.normalisation], ['quasars', 'at@2500']);
    assert.match(
      notes[0],
      /preset quasars \(1220–5000 Å\): of 3 objects looked at, 2 QSO, 1 GALAXY; choose another with --preset galaxies or/,
    );
    const half = folderOf({ 'a.fits': quasar(1), 'b.fits': specLite({ fiber: 2 }) });
    assert.equal((await importSpectra([half])).dataset.manifest.preset, 'galaxies');
    const grid = logGrid(4000, 6000, 50);
    const own = await importSpectra([half], { grid, normalise: { kind: 'median', low: 4500, high: 5000 } });
    assert.deepEqual([own.dataset.manifest.preset, own.dataset.wavelength], [null, grid]);
    assert.equal(own.dataset.manifest.normalisation, 'median@4500:5000');
  });

  it('gives DESI spectra the redshifts of the files beside them', async () => {
    const [id, other] = [39633345008634465n, 7n];
    const folder = folderOf({
      'x/coadd-1-2.fits': desi([id, 8n]),
      'x/redrock-1-2.fits': redshifts('REDSHIFTS', [id], [0.1]),
      'y/spectra-9.fits': desi([other]),
      'y/zcat.fits': redshifts('ZCATALOG', [other], [0.2]),
    });
    const { dataset, skipped } = await importSpectra([folder], { preset: 'galaxies' });
    assert.deepEqual(dataset.catalogue.id, [String(id), '7']);
    assert.deepEqual(dataset.catalogue.redshift, [0.1, 0.2]);
    assert.deepEqual(reasons(skipped).length, 1);
    assert.match(skipped[0].reason, /TARGETID 8.*no redshift/);
    // Named alone, a coadd still finds the redrock file in its folder.
    const alone = await importSpectra([join(folder, 'x/coadd-1-2.fits')], { preset: 'galaxies' });
    assert.deepEqual(alone.dataset.catalogue.redshift, [0.1]);
    assert.equal(alone.dataset.manifest.provenance.inputs.length, 2);
  });

  it('skips an object whose label float32 cannot hold, and keeps the rest', async () => {
    const folder = folderOf({ 'a.fits': specLite({ fiber: 1 }), 'b.fits': specLite({ fiber: 2 }) });
    const labelsTable = join(folder, 'labels.csv');
    writeFileSync(labelsTable, 'file,flux,flux_err\na.fits,8,1e30\nb.fits,7,0.25\n');
    const { dataset, skipped } = await importSpectra([folder], { preset: 'galaxies', labelsTable });
    checkDataset(dataset);
    assert.deepEqual(dataset.catalogue.id, [specLiteId(2)]);
    assert.match(skipped[0].reason, /label "flux" = 8 .* does not fit float32; give its logarithm/);
  });

  it('joins a table of labels, which also fills gaps in redshift, and a table of redshifts, which overrides', async () => {
    const folder = folderOf({
      'a.fits': specLite({ fiber: 1 }),
      'b.fits': noRedshift(),
      'c.fits': specLite({ fiber: 3 }),
    });
    const labelsTable = join(folder, 'labels.csv');
    writeFileSync(labelsTable, 'file,log_mbh,log_mbh_err,z,note\na.fits,8,0.5,9,x\nb.fits,7,0.25,0.05,\n');
    const { dataset } = await importSpectra([folder], { preset: 'galaxies', labelsTable });
    const { redshift, labels, extra } = dataset.catalogue;
    assert.deepEqual(
      redshift.map((z) => z?.toFixed(3)),
      ['0.100', '0.050', '0.100'],
    );
    assert.deepEqual(
      [labels.names, [...labels.value.data], [...labels.ivar.data]],
      [['log_mbh'], [8, 7, 0], [4, 16, 0]],
    );
    assert.deepEqual(extra.note, ['x', null, null]);
    const redshiftTable = join(folder, 'redshifts.csv');
    writeFileSync(redshiftTable, `id,z\n${specLiteId(3)},0.15\n`);
    const corrected = await importSpectra([folder], { preset: 'galaxies', redshifts: redshiftTable });
    assert.deepEqual(
      corrected.dataset.catalogue.redshift.map((z) => z?.toFixed(2)),
      ['0.10', '0.15'],
    );
  });

  it('refuses a table of which no row belongs to an object', async () => {
    const folder = folderOf({ 'a.fits': specLite({ fiber: 1 }), 'labels.csv': 'id,age\nm0001,3\n' });
    const labelsTable = join(folder, 'labels.csv');
    await assert.rejects(importSpectra([folder], { preset: 'galaxies', labelsTable }), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /holds such as "m0001", and the ids of the spectra are such as "0266-51630-0001"/);
      return true;
    });
  });

  it('stops when asked, and reports how far it is', async () => {
    const folder = folderOf({ 'a.fits': specLite({ fiber: 1 }) });
    await assert.rejects(importSpectra([folder], { signal: AbortSignal.abort() }), InterruptedError);
    const reports: number[] = [];
    await importSpectra([folder], { onProgress: ({ done, total }) => reports.push(done / total) });
    assert.equal(reports.at(-1), 1);
  });

  it('never breaks on damaged files: each gives sound objects or a reason', async () => {
    const random = new Random(20250101);
    const originals = Object.entries(SURVEY_FILES);
    const files: Record<string, Uint8Array> = { 'sound.fits': specLite({ fiber: 1 }) };
    for (let i = 0; i < MUTATIONS; i++) {
      const [name, bytes] = originals[i % originals.length];
      files[`${i}-${name}`] = mutate(bytes, random).bytes;
    }
    const folder = folderOf(files);
    const { dataset, skipped } = await importSpectra([folder], { grid: logGrid(3500, 8000, 100) });
    checkDataset(dataset);
    assert.ok(dataset.catalogue.id.includes(specLiteId(1)));
    for (const { reason } of skipped) assert.doesNotMatch(reason, /unexpected/);
  });
});

describe('importing npz files', () => {
  const source = randomDataset({ objects: 8, pixels: 40, seed: 1 });
  const renamed = (prefix: string): typeof source => ({
    ...source,
    catalogue: { ...source.catalogue, id: source.catalogue.id.map((id) => `${prefix}-${id}`) },
  });

  it('keeps their grid and fluxes, and puts several files together', async () => {
    const folder = folderOf({ 'a.npz': exportNpz(renamed('a')), 'b.npz': exportNpz(renamed('b')) });
    const { dataset } = await importSpectra([join(folder, '*.npz')]);
    assert.equal(dataset.catalogue.id.length, 16);
    assert.deepEqual(dataset.wavelength, source.wavelength);
    assert.deepEqual(dataset.flux.data, Float32Array.of(...source.flux.data, ...source.flux.data));
    assert.deepEqual(dataset.ivar.data.subarray(320), source.ivar.data);
    assert.deepEqual([...row(dataset.catalogue.labels.ivar, 8)], [...row(source.catalogue.labels.ivar, 0)]);
  });

  it('resamples them when a grid is asked for', async () => {
    const folder = folderOf({ 'a.npz': exportNpz(source) });
    const grid = logGrid(3510, 3620, 20);
    const { dataset } = await importSpectra([folder], { grid });
    assert.deepEqual(dataset.wavelength, grid);
    assert.deepEqual(dataset.catalogue.redshift, source.catalogue.redshift);
  });

  it('with different grids need one to be named', async () => {
    const other = writeNpz({
      wave: { data: Float64Array.of(4000, 4001) },
      flux: { shape: [1, 2], data: Float32Array.of(1, 1) },
      ivar: { shape: [1, 2], data: Float32Array.of(1, 1) },
    });
    const folder = folderOf({ 'a.npz': exportNpz(source), 'b.npz': other });
    await assert.rejects(
      importSpectra([folder]),
      (error) => error instanceof UserError && /--grid/.test(error.message),
    );
  });
});

/** A FITS table of one spectrum that says nothing of its redshift. */
function noRedshift(): Uint8Array {
  const wave = Float64Array.from({ length: 500 }, (_, i) => 3500 + 10 * i);
  return writeFits([
    {
      kind: 'table',
      columns: [
        { name: 'wave', unit: 'Angstrom', values: wave },
        { name: 'flux', values: wave.map(() => 2) },
        { name: 'ivar', values: wave.map(() => 4) },
      ],
    },
  ]);
}

function desi(ids: readonly bigint[]): Uint8Array {
  const pixels = 400;
  const data = new Float32Array(ids.length * pixels).fill(2);
  return writeFits([
    { kind: 'empty' },
    { kind: 'table', name: 'FIBERMAP', columns: [{ name: 'TARGETID', values: BigInt64Array.from(ids) }] },
    {
      kind: 'image',
      name: 'B_WAVELENGTH',
      shape: [pixels],
      data: Float64Array.from({ length: pixels }, (_, i) => 3600 + 15 * i),
    },
    { kind: 'image', name: 'B_FLUX', shape: [ids.length, pixels], data },
    { kind: 'image', name: 'B_IVAR', shape: [ids.length, pixels], data },
  ]);
}

function redshifts(name: string, ids: readonly bigint[], z: readonly number[]): Uint8Array {
  return writeFits([
    { kind: 'empty' },
    {
      kind: 'table',
      name,
      columns: [
        { name: 'TARGETID', values: BigInt64Array.from(ids) },
        { name: 'Z', values: Float64Array.from(z) },
        { name: 'ZWARN', values: new Int32Array(ids.length) },
        { name: 'SPECTYPE', values: ids.map(() => 'GALAXY') },
      ],
    },
  ]);
}
