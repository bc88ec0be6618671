import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type Table, tableFromIPC } from 'apache-arrow';
import { toySurvey } from '../../../tests/fixtures/training/toy-survey.ts';
import { type Matrix, type OnProgress, Random, row, zeros } from '../../base/index.ts';
import { loadDataset, saveDataset } from '../../dataset/index.node.ts';
import type { Dataset } from '../../dataset/index.ts';
import { openRun } from '../../inference/index.node.ts';
import type { OpenRun } from '../../inference/index.ts';
import { readRunGraph } from '../../runs/index.node.ts';
import { parseLatentSample, runDescriptionSchema } from '../../runs/index.ts';
import { fit } from '../../training/index.node.ts';
import {
  type ExhibitDescription,
  type ExhibitSource,
  exhibitSchema,
  exhibitsSchema,
  judgeLatent,
  type RunEntry,
  readSpectraBlock,
} from '../index.ts';
import { type PrepareOptions, prepareExhibits } from './exhibits.node.ts';
import { siteGraphs } from './site-graphs.node.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightfold-exhibits-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const PIXELS = 40;
const OBJECTS = 150;

/** With classes, redshifts and a label, each missing here and there. */
function labelledSurvey(): Dataset {
  const survey = toySurvey(OBJECTS, PIXELS);
  const random = new Random(8);
  const [value, ivar] = [zeros(OBJECTS, 1), zeros(OBJECTS, 1)];
  for (let n = 0; n < OBJECTS; n++) {
    if (n % 5 === 0) continue;
    value.data[n] = row(survey.flux, n)[PIXELS >> 1] + 0.1 * random.normal();
    ivar.data[n] = 100;
  }
  const { catalogue } = survey;
  return {
    ...survey,
    catalogue: {
      ...catalogue,
      redshift: catalogue.id.map((_, n) => (n === 3 ? null : 0.1)),
      objectClass: catalogue.id.map((_, n) => (n === 7 ? null : n % 2 === 0 ? 'even' : 'odd')),
      labels: { names: ['log_mbh'], value, ivar },
      extra: {
        true_log_mbh: catalogue.id.map((_, n) => n),
        note: catalogue.id.map((id) => `about ${id}`),
        z1: catalogue.id.map(() => 1),
      },
    },
  };
}

const runs: Record<string, OpenRun> = {};
const datasets: Record<string, Dataset> = {};

async function train(model: string, dataset: string, settings: Record<string, number | number[]>): Promise<void> {
  const datasetPath = join(folder, dataset);
  await fit(model, datasets[dataset], { out: join(folder, model), datasetPath, latents: 2, settings, threads: 1 });
  runs[model] = await openRun(join(folder, model), { threads: 1 });
}

before(async () => {
  await saveDataset(join(folder, 'plain'), toySurvey(OBJECTS, PIXELS));
  await saveDataset(join(folder, 'labelled'), labelledSurvey());
  datasets.plain = await loadDataset(join(folder, 'plain'));
  datasets.labelled = await loadDataset(join(folder, 'labelled'));
  await train('pca', 'plain', {});
  await train('nmf', 'plain', {});
  await train('vae', 'labelled', { hidden: [32, 6], maxEpochs: 5 });
  await train('shared-gplvm', 'labelled', { inducing: 12, epochs: 3 });
});

const prepared = (options: PrepareOptions = {}) =>
  prepareExhibits(
    [
      { dataset: datasets.plain, name: join(folder, 'plain'), title: 'A plain survey', runs: [runs.pca, runs.nmf] },
      { dataset: datasets.labelled, name: join(folder, 'labelled/'), runs: [runs.vae, runs['shared-gplvm']] },
    ],
    options,
  );

async function bytesOf(source: ExhibitSource, address: string): Promise<Uint8Array> {
  const bytes = await source.resource(address);
  assert.ok(bytes !== null, address);
  return bytes;
}

async function described(source: ExhibitSource, name: string): Promise<ExhibitDescription> {
  return exhibitSchema.parse(JSON.parse(new TextDecoder().decode(await bytesOf(source, `${name}/exhibit.json`))));
}

function entryOf({ runs: entries }: ExhibitDescription, name: string): RunEntry {
  const entry = entries.find((candidate) => candidate.name === name);
  assert.ok(entry !== undefined);
  return entry;
}

/** A column of numbers; NaN for null. */
function numbersOf(table: Table, name: string): number[] {
  return Array.from({ length: table.numRows }, (_, n) => table.getChild(name)?.get(n) ?? Number.NaN);
}

describe('prepared exhibits', () => {
  it('give bytes at every address that they list, and nothing elsewhere', async () => {
    const source = await prepared();
    const listed = exhibitsSchema.parse(JSON.parse(new TextDecoder().decode(await bytesOf(source, 'exhibits.json'))));
    assert.deepEqual(listed, source.exhibits());
    assert.deepEqual(
      listed.exhibits.map(({ name, title, objects, runs: names }) => ({ name, title, objects, names })),
      [
        { name: 'plain', title: 'A plain survey', objects: OBJECTS, names: ['pca', 'nmf'] },
        { name: 'labelled', title: 'labelled', objects: OBJECTS, names: ['vae', 'shared-gplvm'] },
      ],
    );
    const quick = source.addresses().filter((address) => !address.endsWith('umap.arrow'));
    for (const address of quick) assert.ok((await bytesOf(source, address)).length > 0, address);
    for (const stray of ['', 'plain', '../plain/exhibit.json', 'plain/spectra/99.arrow', 'plain/runs/vae/run.json']) {
      assert.equal(await source.resource(stray), null);
    }
  });

  it('hold every spectrum of the dataset in their blocks', async () => {
    const source = await prepared();
    const { spectraPerBlock, hasTruth } = await described(source, 'plain');
    assert.equal(hasTruth, true);
    const { flux, ivar, truth } = datasets.plain;
    for (let n = 0; n < OBJECTS; n++) {
      const address = `plain/spectra/${Math.floor(n / spectraPerBlock)}.arrow`;
      const block = readSpectraBlock(await bytesOf(source, address), PIXELS);
      assert.deepEqual(row(block.flux, n % spectraPerBlock), row(flux, n));
      assert.deepEqual(row(block.ivar, n % spectraPerBlock), row(ivar, n));
      assert.deepEqual(block.truth && row(block.truth, n % spectraPerBlock), truth && row(truth, n));
    }
  });

  it('describe every column of their tables, with null where nothing is known', async () => {
    const source = await prepared();
    const exhibit = await described(source, 'labelled');
    const catalogue = tableFromIPC(await bytesOf(source, 'labelled/catalogue.arrow'));
    assert.deepEqual(
      catalogue.schema.fields.map((field) => field.name),
      exhibit.columns.map(({ name }) => name),
    );
    const types = new Map(catalogue.schema.fields.map((field) => [field.name, String(field.type)]));
    for (const { name, kind } of exhibit.columns) assert.equal(types.get(name), kind === 'number' ? 'Float64' : 'Utf8');
    const column = (name: string) => exhibit.columns.find((candidate) => candidate.name === name);
    assert.deepEqual(column('log_mbh'), {
      ...{ name: 'log_mbh', title: 'log M_BH', unit: 'M☉', kind: 'number', role: 'label', of: 'log_mbh' },
    });
    assert.equal(column('true_log_mbh')?.role, 'truth');
    assert.equal(column('note')?.kind, 'text');
    assert.equal(column('split')?.kind, 'category');
    // A column of the dataset does not hide one of the run.
    assert.equal(column('z1'), undefined);
    assert.equal(column('z1_given')?.role, 'other');
    assert.ok(Number.isNaN(numbersOf(catalogue, 'z')[3]) && numbersOf(catalogue, 'z')[4] === 0.1);
    assert.ok(Number.isNaN(numbersOf(catalogue, 'log_mbh')[5]) && Number.isNaN(numbersOf(catalogue, 'log_mbh_err')[5]));
    assert.ok(Math.abs(numbersOf(catalogue, 'log_mbh_err')[6] - 0.1) < 1e-6);
    assert.equal(catalogue.getChild('class')?.get(7), null);
  });

  it('tell each run’s latents, turned as its axes say, with what is odd, grouped and predicted', async () => {
    const source = await prepared();
    for (const [exhibit, name] of [
      ['plain', 'pca'],
      ['plain', 'nmf'],
      ['labelled', 'vae'],
      ['labelled', 'shared-gplvm'],
    ]) {
      const { run } = { run: runs[name] };
      const entry = entryOf(await described(source, exhibit), name);
      const table = tableFromIPC(await bytesOf(source, `${exhibit}/runs/${name}/latents.arrow`));
      assert.deepEqual(
        table.schema.fields.map((field) => field.name),
        entry.columns.map((column) => column.name),
      );
      const { flux, ivar } = datasets[exhibit];
      const { mean } = await run.encode(flux, ivar);
      const [z, t] = ['z', 't'].map((prefix) => [1, 2].map((k) => numbersOf(table, `${prefix}${k}`)));
      const { origin, vectors, varianceShare } = entry.axes;
      for (let n = 0; n < OBJECTS; n++) {
        assert.ok(Math.abs(z[0][n] - mean.data[2 * n]) < 1e-5 * (1 + Math.abs(z[0][n])));
        const turned = vectors[0] * (z[0][n] - origin[0]) + vectors[1] * (z[1][n] - origin[1]);
        assert.ok(Math.abs(turned - t[0][n]) < 1e-4 * (1 + Math.abs(turned)), name);
      }
      assert.ok(varianceShare[0] >= varianceShare[1] && Math.abs(varianceShare[0] + varianceShare[1] - 1) < 1e-6);
      assert.equal(entry.labels.length, run.labels.length);
      assert.equal(entry.columns.filter(({ role }) => role === 'predicted').length, run.labels.length);
      assert.equal(entry.jointEncoder, name === 'shared-gplvm');
      assert.ok(entry.outliers.length === OBJECTS && entry.outliers[0].reasons.length > 0);
      const scores = numbersOf(table, 'outlier_score');
      assert.equal(scores[entry.outliers[0].row], Math.max(...scores));
      assert.ok(numbersOf(table, 'chi2').every((value) => value > 0));
      assert.ok(entry.tracks.length > 1);
      for (const { points } of entry.tracks) for (const { latent } of points) assert.equal(latent.length, 2);
      assertSupported(entry, mean);
      assert.equal(entry.bytes.encoder, (await bytesOf(source, `${exhibit}/runs/${name}/encoder.onnx`)).length);
      const sample = parseLatentSample(await bytesOf(source, `${exhibit}/runs/${name}/latents.npz`), name, 2);
      assert.ok(sample.latent.rows > 10);
    }
    const { tracks } = entryOf(await described(source, 'labelled'), 'vae');
    assert.ok(tracks.some(({ title }) => title === 'Track of odd along VAE 1'));
  });

  it('say nothing of the folders of this machine', async () => {
    const source = await prepared();
    const description = await bytesOf(source, 'plain/runs/pca/run.json');
    assert.equal(runDescriptionSchema.parse(JSON.parse(new TextDecoder().decode(description))).dataset.path, 'plain');
    for (const address of ['exhibits.json', 'plain/exhibit.json', 'plain/runs/pca/run.json']) {
      assert.ok(!new TextDecoder().decode(await bytesOf(source, address)).includes(folder));
    }
  });

  it('hold, compressed and compact, the same as they do plain', async () => {
    const [plain, site] = [
      await prepared(),
      await prepared({ placing: 'browser', spectra: 'compact', compressed: true }),
    ];
    assert.ok(site.addresses().every((address) => !/\.(arrow|onnx)$/.test(address)));
    for (const address of ['plain/catalogue.arrow', 'labelled/runs/vae/latents.arrow']) {
      const unpacked = new Uint8Array(gunzipSync(await bytesOf(site, `${address}.gz`)));
      assert.deepEqual(unpacked, new Uint8Array(await bytesOf(plain, address)));
    }
    const { hasTruth, runs: entries } = await described(site, 'plain');
    assert.equal(hasTruth, false);
    assert.equal(entries[0].umap, 'ready');
    assert.equal(entries[0].bytes.decoder, (await bytesOf(site, 'plain/runs/pca/decoder.onnx.gz')).length);
  });

  it('hold models smaller where they rebuild spectra all the same, and joint models as they are', async () => {
    const site = await prepared({ placing: 'browser', spectra: 'compact', compressed: true });
    const held = async (address: string) => new Uint8Array(gunzipSync(await bytesOf(site, `${address}.onnx.gz`)));
    const kept = (run: OpenRun) => new Uint8Array(readRunGraph(run.run, 'decoder'));
    const smaller = await siteGraphs(runs.vae, datasets.labelled);
    assert.deepEqual(await held('labelled/runs/vae/decoder'), new Uint8Array(smaller('decoder')));
    assert.ok(smaller('decoder').length < kept(runs.vae).length);
    const strict = await siteGraphs(runs.vae, datasets.labelled, 0);
    assert.deepEqual(new Uint8Array(strict('decoder')), kept(runs.vae));
    assert.deepEqual(await held('labelled/runs/shared-gplvm/decoder'), kept(runs['shared-gplvm']));
  });

  it('map by UMAP when asked, once for all time', async () => {
    const source = await prepared();
    assert.equal(entryOf(await described(source, 'plain'), 'pca').umap, 'on request');
    const address = 'plain/runs/pca/umap.arrow';
    const [one, other] = await Promise.all([bytesOf(source, address), bytesOf(source, address)]);
    assert.deepEqual(one, other);
    assert.equal(tableFromIPC(one).numRows, OBJECTS);
    assert.equal(entryOf(await described(source, 'plain'), 'pca').umap, 'ready');
    const again = await prepared();
    assert.equal(entryOf(await described(again, 'plain'), 'pca').umap, 'ready');
    assert.deepEqual(await bytesOf(again, address), one);
  });

  it('are made of what was kept beside the run, and anew when that is damaged or of another fit', async () => {
    const before = await described(await prepared(), 'plain');
    const kept = join(folder, 'pca', 'explorer', String(datasets.plain.manifest.checksum), 'findings.npz');
    const intact = readFileSync(kept);
    const past = new Date('2020-01-01');
    utimesSync(kept, past, past);
    const stages: string[] = [];
    const onProgress: OnProgress = ({ stage }) => {
      stages.push(stage);
    };
    assert.deepEqual(await described(await prepared({ onProgress }), 'plain'), before);
    assert.equal(stages.length, 0);
    assert.deepEqual(statSync(kept).mtime, past);
    for (const damaged of [intact.subarray(0, 300), Buffer.from('{}'), readFileSync(keptOf('nmf'))]) {
      writeFileSync(kept, damaged);
      assert.deepEqual(await described(await prepared({ onProgress }), 'plain'), before);
      assert.ok(stages.some((stage) => stage.startsWith('pca: ')));
      assert.equal(readFileSync(kept).length, intact.length);
    }
  });

  it('are shown all the same where nothing can be kept', async () => {
    const kept = join(folder, 'nmf', 'explorer');
    rmSync(kept, { recursive: true, force: true });
    writeFileSync(kept, 'a file where the folder should be');
    assert.equal((await described(await prepared(), 'plain')).runs.length, 2);
    const { checksum: _, ...manifest } = datasets.plain.manifest;
    const unsaved = { ...datasets.plain, manifest };
    const source = await prepareExhibits([{ dataset: unsaved, name: '/', runs: [runs.pca, runs.pca] }]);
    assert.deepEqual(source.exhibits().exhibits[0], {
      ...{ name: 'unnamed', title: 'unnamed', objects: OBJECTS, runs: ['pca', 'pca-2'] },
    });
    assert.ok(!existsSync(join(folder, 'pca', 'explorer', 'undefined')));
    rmSync(kept);
  });

  it('refuse runs that do not know the dataset, and what is not there', async () => {
    const other = toySurvey(50, 30);
    await assert.rejects(prepareExhibits([{ dataset: other, name: 'x', runs: [runs.pca] }]), { name: 'UserError' });
    await assert.rejects(prepareExhibits([]), { name: 'UserError' });
    await assert.rejects(prepareExhibits([{ dataset: other, name: 'x', runs: [] }]), { name: 'UserError' });
    const source = await prepared();
    const request = { exhibit: 'plain', run: 'vae', fileName: 'a.fits', bytes: new Uint8Array(3) };
    await assert.rejects(source.place(request), { name: 'UserError', message: /no run vae of plain/ });
  });
});

function keptOf(run: string): string {
  return join(folder, run, 'explorer', String(datasets.plain.manifest.checksum), 'findings.npz');
}

function assertSupported({ support }: RunEntry, mean: Matrix): void {
  const sample = Float32Array.from(support.sample.flatMap((object) => [...row(mean, object)]));
  let supported = 0;
  for (let n = 0; n < mean.rows; n++) supported += Number(judgeLatent(support, sample, row(mean, n)).supported);
  assert.ok(supported / mean.rows >= 0.97, `${supported}`);
  assert.equal(judgeLatent(support, sample, [1e4, -1e4]).supported, false);
}
