import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { MUTATIONS, surviveMutations } from '../../tests/contracts/mutations.ts';
import { randomDataset } from '../../tests/references/random-dataset.ts';
import { FileError, UserError } from '../base/index.ts';
import { readNpy } from '../io/index.ts';
import { checkDataset } from './check.ts';
import type { Dataset } from './dataset.ts';
import { describeDataset, isDatasetFolder, loadDataset, saveDataset } from './store.node.ts';

const root = mkdtempSync(join(tmpdir(), 'lightfold-store-'));
after(() => rmSync(root, { recursive: true }));
let folders = 0;
const fresh = (): string => join(root, `dataset-${folders++}`);

/** What must survive storage: everything but the checksum that storage adds. */
function contents({ manifest, ...rest }: Dataset): unknown {
  const { checksum, ...kept } = manifest;
  return { ...rest, manifest: kept };
}

describe('a stored dataset', () => {
  it('is loaded as it was saved, whatever it holds', async () => {
    const shape = fc.record({
      objects: fc.integer({ min: 1, max: 30 }),
      pixels: fc.integer({ min: 1, max: 12 }),
      seed: fc.nat(),
      labels: fc.constantFrom([], ['log_mbh'], ['a', 'b b', 'ç']),
      truth: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(shape, fc.integer({ min: 1, max: 31 }), async (options, rowsPerShard) => {
        const dataset = randomDataset(options);
        const path = fresh();
        await saveDataset(path, dataset, { rowsPerShard });
        assert.deepEqual(contents(await loadDataset(path)), contents(dataset));
        assert.deepEqual(contents(await loadDataset(path, { verify: 'sizes' })), contents(dataset));
      }),
      { numRuns: 40 },
    );
  });

  it('keeps texts and numbers that are hard on file formats', async () => {
    const base = randomDataset({ objects: 4, pixels: 3, seed: 1 });
    const dataset: Dataset = {
      ...base,
      catalogue: {
        ...base.catalogue,
        id: ['1', '39627733927462346', 'α "quoted", \n', ' '],
        redshift: [null, 0, -0.001, 1e-300],
        objectClass: [null, null, null, null],
        extra: { all_null: [null, null, null, null], empty: ['', null, 'x', ''], big: [2 ** 40, -1, null, 0.1] },
      },
    };
    const path = fresh();
    await saveDataset(path, dataset);
    assert.deepEqual((await loadDataset(path)).catalogue, dataset.catalogue);
  });

  it('without objects keeps its grid', async () => {
    const path = fresh();
    await saveDataset(path, randomDataset({ objects: 0, pixels: 5, seed: 1 }));
    const { flux, wavelength } = await loadDataset(path);
    assert.deepEqual([flux.rows, flux.columns, wavelength.length], [0, 5, 5]);
  });

  it('is cut into shards that numpy reads, in the order of the catalogue', async () => {
    const dataset = randomDataset({ objects: 10, pixels: 4, seed: 2, truth: true });
    const path = fresh();
    const manifest = await saveDataset(path, dataset, { rowsPerShard: 4 });
    assert.deepEqual(manifest.shards.truth, ['truth-0000.npy', 'truth-0001.npy', 'truth-0002.npy']);
    const last = readNpy(readFileSync(join(path, 'flux-0002.npy')), 'flux-0002.npy');
    assert.deepEqual([last.dtype, last.shape], ['f4', [2, 4]]);
    assert.deepEqual(last.data, dataset.flux.data.slice(32));
  });

  it('is described by its manifest without reading the spectra', async () => {
    const dataset = randomDataset({ objects: 20, pixels: 6, seed: 3 });
    const path = fresh();
    await saveDataset(path, dataset);
    const manifest = describeDataset(path);
    assert.deepEqual(
      manifest.labels.map(({ name }) => name),
      ['log_mbh', 'log_lbol'],
    );
    assert.equal(
      manifest.labels[0].measured,
      dataset.catalogue.labels.ivar.data.filter((w, i) => i % 2 === 0 && w > 0).length,
    );
    assert.deepEqual(manifest.splits, { test: 4, train: 12, valid: 4 });
    assert.equal(manifest.grid.spacing, 'logarithmic');
    assert.ok(isDatasetFolder(path));
    assert.ok(!isDatasetFolder(root));
  });

  it('is named by a checksum of its data alone', async () => {
    const dataset = randomDataset({ objects: 5, pixels: 4, seed: 4 });
    const [first, second, other] = [fresh(), fresh(), fresh()];
    await saveDataset(first, dataset);
    const renamed = { ...dataset.manifest, provenance: { ...dataset.manifest.provenance, created: 'later' } };
    await saveDataset(second, { ...dataset, manifest: renamed });
    await saveDataset(other, randomDataset({ objects: 5, pixels: 4, seed: 5 }));
    assert.equal(describeDataset(first).checksum, describeDataset(second).checksum);
    assert.notEqual(describeDataset(first).checksum, describeDataset(other).checksum);
    assert.equal((await loadDataset(first)).manifest.checksum, describeDataset(first).checksum);
  });

  it('is never overwritten unasked, and nothing but a dataset is overwritten when asked', async () => {
    const path = fresh();
    await saveDataset(path, randomDataset({ objects: 3, pixels: 4, seed: 6 }));
    const next = randomDataset({ objects: 4, pixels: 4, seed: 7 });
    await assert.rejects(
      saveDataset(path, next),
      (error) => error instanceof FileError && /exists/.test(error.message),
    );
    await saveDataset(path, next, { overwrite: true });
    assert.equal((await loadDataset(path)).flux.rows, 4);
    const foreign = mkdtempSync(join(root, 'foreign-'));
    writeFileSync(join(foreign, 'thesis.tex'), 'years of work');
    await assert.rejects(saveDataset(foreign, next, { overwrite: true }), /is not a dataset/);
    assert.ok(existsSync(join(foreign, 'thesis.tex')));
    assert.equal((await saveDataset(mkdtempSync(join(root, 'empty-')), next)).objects, 4);
  });

  it('is refused before a byte is written when it contradicts itself', async () => {
    const sound = randomDataset({ objects: 3, pixels: 4, seed: 8 });
    const flux = { ...sound.flux, data: sound.flux.data.slice().fill(Number.NaN, 5, 6) };
    const ivar = { ...sound.ivar, data: sound.ivar.data.slice().fill(-1, 7, 8) };
    const { catalogue } = sound;
    const cases: [Dataset, RegExp][] = [
      [{ ...sound, flux }, /flux of object object-1 \(row 1\), pixel 1 is NaN/],
      [{ ...sound, ivar }, /ivar of object object-1 \(row 1\), pixel 3 is -1/],
      [{ ...sound, wavelength: sound.wavelength.slice(1) }, /flux is 3 × 4/],
      [{ ...sound, wavelength: sound.wavelength.slice().reverse() }, /does not rise/],
      [{ ...sound, catalogue: { ...catalogue, id: ['a', 'b', 'a'] } }, /id a stands in rows 0 and 2/],
      [{ ...sound, catalogue: { ...catalogue, id: ['a', '', 'b'] } }, /empty id/],
      [{ ...sound, catalogue: { ...catalogue, redshift: [0, Number.NaN, null] } }, /redshift of object object-1/],
      [{ ...sound, catalogue: { ...catalogue, split: ['train'] } }, /column "split" has 1 entries/],
      [{ ...sound, catalogue: { ...catalogue, extra: { log_mbh_err: [1, 2, 3] } } }, /named "log_mbh_err"/],
      [{ ...sound, catalogue: { ...catalogue, extra: { z: [1, 2, 3] } } }, /named "z"/],
    ];
    for (const [dataset, pattern] of cases) {
      const path = fresh();
      await assert.rejects(
        saveDataset(path, dataset),
        (error) => error instanceof UserError && pattern.test(error.message),
      );
      assert.ok(!existsSync(path));
    }
    assert.deepEqual(
      readdirSync(root).filter((name) => name.includes('partial')),
      [],
    );
  });
});

describe('a damaged dataset folder', () => {
  const sound = randomDataset({ objects: 6, pixels: 4, seed: 9 });

  async function damaged(damage: (folder: string) => void): Promise<string> {
    const path = fresh();
    await saveDataset(path, sound, { rowsPerShard: 4 });
    damage(path);
    return path;
  }

  const edit = (path: string, change: (text: string) => string): void => {
    const file = join(path, 'manifest.json');
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  };

  const cases: [string, (folder: string) => void, RegExp][] = [
    ['missing', (path) => rmSync(path, { recursive: true }), /no such dataset; make one/],
    ['without manifest', (path) => unlinkSync(join(path, 'manifest.json')), /it is not a dataset: it has no manifest/],
    ['without a shard', (path) => unlinkSync(join(path, 'ivar-0001.npy')), /ivar-0001\.npy: .*missing; restore/],
    ['without its catalogue', (path) => unlinkSync(join(path, 'catalogue.parquet')), /catalogue\.parquet: .*missing/],
    ['with a truncated shard', (path) => truncate(join(path, 'flux-0000.npy')), /flux-0000\.npy: it has 191 bytes/],
    ['with a changed number', (path) => flip(join(path, 'flux-0001.npy')), /flux-0001\.npy: its contents have changed/],
    ['with half a manifest', (path) => edit(path, (text) => text.slice(0, 300)), /manifest\.json: .*not JSON/],
    [
      'of a later format',
      (path) => edit(path, (t) => t.replace('"format": 1', '"format": 2')),
      /"format": is 2; .*Update/,
    ],
    [
      'of another kind',
      (path) => edit(path, (t) => t.replace('lightfold-dataset', 'lightfold-run')),
      /"lightfold-run"/,
    ],
    [
      'that leads elsewhere',
      (path) => edit(path, (t) => t.replaceAll('flux-0000.npy', '../flux.npy')),
      /shards\.flux\.0/,
    ],
    [
      'with a wrong count',
      (path) => edit(path, (t) => t.replace('"objects": 6', '"objects": 7')),
      /6 rows and the manifest says 7|hold 6 rows/,
    ],
    [
      'with a wrong width',
      (path) => edit(path, (t) => t.replace('"pixels": 4', '"pixels": 5')),
      /vector of 5|expected .* of 5/,
    ],
    [
      'with exchanged checksums',
      (path) => edit(path, (t) => t.replace(/"checksum": "./, '"checksum": "g')),
      /checksum/,
    ],
  ];
  for (const [name, damage, pattern] of cases) {
    it(`${name} is refused, naming the part`, async () => {
      const path = await damaged(damage);
      await assert.rejects(loadDataset(path), (error) => {
        assert.ok(error instanceof FileError, String(error));
        assert.match(error.message, pattern);
        assert.ok(error.message.startsWith(path));
        return true;
      });
    });
  }

  it('never crashes the loader and never passes for a sound one', async () => {
    const path = await damaged(() => undefined);
    const copy = fresh();
    cpSync(path, copy, { recursive: true });
    for (const name of readdirSync(path)) {
      const original = readFileSync(join(path, name));
      const outcome = await surviveMutations(
        original,
        copy,
        async (bytes) => {
          writeFileSync(join(copy, name), bytes);
          const loaded = await loadDataset(copy);
          // Whatever else a manifest may be made to say, the data are those that were saved.
          assert.deepEqual({ ...loaded, manifest: null }, { ...sound, manifest: null });
        },
        name === 'manifest.json' ? MUTATIONS : MUTATIONS / 4,
      );
      writeFileSync(join(copy, name), original);
      if (name !== 'manifest.json')
        assert.ok(outcome.refused > 0.9 * (MUTATIONS / 4), `${name}: ${JSON.stringify(outcome)}`);
    }
  });

  it('trusted for its checksums still holds sound numbers or is refused', async () => {
    const path = await damaged(() => undefined);
    for (const name of ['catalogue.parquet', 'flux-0000.npy', 'ivar-0001.npy', 'wavelength.npy']) {
      const original = readFileSync(join(path, name));
      await surviveMutations(
        original,
        path,
        async (bytes) => {
          writeFileSync(join(path, name), bytes);
          checkDataset(await loadDataset(path, { verify: 'sizes' }));
        },
        MUTATIONS / 4,
      );
      writeFileSync(join(path, name), original);
    }
  });
});

describe('Python', () => {
  const python = process.env.LIGHTFOLD_PYTHON;
  const skip = python === undefined && 'no LIGHTFOLD_PYTHON (a python with numpy and pyarrow)';

  it('opens a dataset by the example in examples/open_dataset.py', { skip }, async () => {
    const dataset = randomDataset({ objects: 9, pixels: 5, seed: 10 });
    const path = fresh();
    await saveDataset(path, dataset, { rowsPerShard: 4 });
    const { stdout, stderr, status } = spawnSync(python ?? '', ['examples/open_dataset.py', path], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /9 objects, 5 pixels from 3500 to 3514 A, flux/);
    let [sum, weight] = [0, 0];
    for (let i = 2; i < 45; i += 5) {
      sum += dataset.flux.data[i] * dataset.ivar.data[i];
      weight += dataset.ivar.data[i];
    }
    const printed = Number(stdout.trim().split(' ').at(-1));
    assert.ok(Math.abs(printed - sum / weight) < 1e-5, `${printed} against ${sum / weight}`);
  });
});

function truncate(file: string): void {
  writeFileSync(file, readFileSync(file).subarray(0, -1));
}

function flip(file: string): void {
  const bytes = readFileSync(file);
  bytes[bytes.length - 2] ^= 1;
  writeFileSync(file, bytes);
}
