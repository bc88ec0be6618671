import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { pretendExhibit } from '../../tests/references/pretended-exhibit.ts';
import { loadDataset } from '../dataset/index.node.ts';
import { logGrid } from '../spectra/index.ts';
import { fit } from '../training/index.node.ts';
import { findRunFolders, openExhibits, serveExhibits } from './explore.node.ts';
import { simulateSurvey } from './simulate.node.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightfold-explore-'));
const path = (...names: string[]): string => join(folder, ...names);
const quiet = { log: (line: string): void => assert.fail(line) };

async function survey(name: string, seed: number): Promise<void> {
  await simulateSurvey({ kind: 'galaxies', objects: 160, seed, grid: logGrid(3600, 7000, 60), out: path(name) });
}

async function pca(name: string, dataset: string): Promise<void> {
  const spectra = await loadDataset(path(dataset));
  await fit('pca', spectra, { out: path(name), latents: 2, datasetPath: path(dataset) });
}

describe('opening runs to be explored', () => {
  before(async () => {
    await survey('a/galaxies', 1);
    await survey('b/others', 2);
    await pca('a/pca', 'a/galaxies');
    await pca('b/pca', 'b/others');
    await pca('b/pca-again', 'b/others');
  });

  it('finds them in a folder and two levels down, and nowhere else', () => {
    const found = (...names: string[]): string[] => names.map((name) => path(name));
    assert.deepEqual(findRunFolders(folder), found('a/pca', 'b/pca', 'b/pca-again'));
    assert.deepEqual(findRunFolders(path('b')), found('b/pca', 'b/pca-again'));
    assert.deepEqual(findRunFolders(path('a/pca')), found('a/pca'));
    mkdirSync(path('deep/deeper/deepest'), { recursive: true });
    mkdirSync(path('.hidden'));
    for (const name of ['deep/deeper/deepest', '.hidden']) writeFileSync(path(name, 'run.json'), '{}');
    assert.deepEqual(findRunFolders(folder).length, 3);
  });

  it('makes an exhibit of every dataset, with the runs fitted to it', async () => {
    const source = await openExhibits({ runs: [path('a/pca'), path('b'), path('b/pca')], threads: 1, ...quiet });
    assert.deepEqual(
      source.exhibits().exhibits.map(({ name, objects, runs }) => ({ name, objects, runs })),
      [
        { name: 'galaxies', objects: 160, runs: ['pca'] },
        { name: 'others', objects: 160, runs: ['pca', 'pca-again'] },
      ],
    );
    const { url, port, exhibits, close } = await serveExhibits(source, { port: 0 });
    try {
      assert.equal(url, `http://127.0.0.1:${port}/`);
      assert.equal(exhibits.length, 2);
      for (const address of source.addresses()) {
        const response = await fetch(`${url}data/${address}`);
        assert.equal(response.status, 200, address);
        assert.ok((await response.arrayBuffer()).byteLength > 0, address);
      }
      const place = { method: 'POST', headers: { 'x-file-name': 'nonsense.fits' }, body: 'nonsense' };
      const refused = await fetch(`${url}data/others/runs/pca-again/place`, place);
      assert.equal(refused.status, 422);
      assert.match(JSON.stringify(await refused.json()), /^\{"error":"nonsense\.fits/);
    } finally {
      await close();
    }
  });

  it('says so when a run is shown with another dataset than its own', async () => {
    const said: string[] = [];
    const asked = { runs: [path('a/pca')], dataset: path('b/others'), threads: 1 };
    const source = await openExhibits({ ...asked, log: (line) => said.push(line) });
    assert.deepEqual(source.exhibits().exhibits[0].name, 'others');
    assert.equal(said.length, 1);
    assert.match(said[0], /a\/pca: fitted on another dataset than .*b\/others/);
  });

  it('looks for a dataset beside the run when both were moved, and asks for one that is gone', async () => {
    renameSync(path('b'), path('moved'));
    const source = await openExhibits({ runs: [path('moved/pca')], threads: 1, ...quiet });
    assert.equal(source.exhibits().exhibits[0].name, 'others');
    renameSync(path('moved/others'), path('moved/elsewhere'));
    await assert.rejects(
      openExhibits({ runs: [path('moved/pca')], threads: 1 }),
      /^UserError: .*moved\/pca: its dataset .*b\/others is not there; say with --dataset where it is$/,
    );
  });

  it('names what is not a run, or not a dataset', async () => {
    const refused = (runs: string[], dataset?: string) =>
      openExhibits({ runs, ...(dataset !== undefined && { dataset }) });
    await assert.rejects(refused([path('a/galaxies')]), /^UserError: .*galaxies is a dataset; name it with --dataset/);
    await assert.rejects(refused([path('nothing')]), /^UserError: .*nothing: there is no run here/);
    await assert.rejects(refused([path('a/pca')], path('a/pca')), /^UserError: .*a\/pca is not a dataset folder/);
  });
});

describe('serving an explorer beyond this machine', () => {
  it('makes a token where none is given, another one each time', async () => {
    const servers = [
      await serveExhibits(pretendExhibit(), { address: '0.0.0.0', port: 0 }),
      await serveExhibits(pretendExhibit(), { address: '0.0.0.0', port: 0 }),
      await serveExhibits(pretendExhibit(), { port: 0 }),
    ];
    await Promise.all(servers.map(({ close }) => close()));
    const [one, another, here] = servers.map(({ url }) => new URL(url).searchParams.get('token'));
    assert.match(String(one), /^[\w-]{32}$/);
    assert.notEqual(one, another);
    assert.equal(here, null);
  });
});
