import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { readTable } from '../../src/io/index.ts';
import { emptyFolder, lightfold, lightfoldJson } from './command-line.ts';

const folder = emptyFolder();
const path = (name: string): string => join(folder, name);
const table = (name: string) => readTable(readFileSync(path(name)), name);

describe('the commands that look for what is odd and what belongs together', () => {
  before(async () => {
    await lightfoldJson(
      ...['simulate', 'galaxies', '--n', '120', '--seed', '5', '--grid', '3600:7000:120', '--out', path('galaxies')],
    );
    await lightfoldJson('train', 'pca', path('galaxies'), '--latents', '3', '--out', path('pca'));
  });

  it('list outliers with their reasons, and draw them', async () => {
    const { outliers, figure } = await lightfoldJson(
      ...['outliers', path('pca'), path('galaxies'), '--top', '5', '--out', path('odd.csv')],
    );
    assert.ok(Array.isArray(outliers) && outliers.length === 5);
    assert.ok(existsSync(String(figure)));
    const written = await table('odd.csv');
    assert.deepEqual(written.names.slice(0, 4), ['rank', 'id', 'score', 'lof']);
    assert.deepEqual(
      Array.from<unknown>(written.columns.id),
      outliers.map(({ id }) => id),
    );
  });

  it('put every object into a cluster or none, the same for the same seed', async () => {
    const words = ['clusters', path('pca'), path('galaxies'), '--method', 'kmeans', '--k', '3', '--seed', '4'];
    const { clusters, noise } = await lightfoldJson(...words, '--out', path('groups.csv'));
    assert.ok(Array.isArray(clusters) && clusters.length === 3 && noise === 0);
    await lightfoldJson(...words, '--out', path('again.csv'));
    assert.deepEqual((await table('again.csv')).columns, (await table('groups.csv')).columns);
  });

  it('say in a sentence what is wrong with an option', async () => {
    for (const [words, sentence] of [
      [['outliers', path('pca'), path('galaxies'), '--k', '500', '--out', path('a.csv')], /lower --k/],
      [['outliers', path('pca'), path('galaxies'), '--join', 'red', '--out', path('a.csv')], /--join red/],
      [['clusters', path('pca'), path('galaxies'), '--k', '3', '--out', path('a.csv')], /--method kmeans/],
    ] as const) {
      const { code, stderr } = await lightfold(...words);
      assert.equal(code, 2);
      assert.match(stderr, sentence);
      assert.ok(!existsSync(path('a.csv')));
    }
  });
});
