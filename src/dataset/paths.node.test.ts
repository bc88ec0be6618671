import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, describe, it } from 'node:test';
import { UserError } from '../base/index.ts';
import { expandPaths } from './paths.node.ts';

const root = mkdtempSync(join(tmpdir(), 'lightfold-paths-'));
after(() => rmSync(root, { recursive: true }));
for (const name of ['b.fits', 'a.fit.gz', 'sub/c.FITS', 'sub/deep/d.npz', 'notes.txt', '.hidden.fits', 'odd[1].fits']) {
  mkdirSync(join(root, name, '..'), { recursive: true });
  writeFileSync(join(root, name), '');
}
symlinkSync(root, join(root, 'sub', 'loop'));
mkdirSync(join(root, 'empty'));

const expand = async (...paths: string[]): Promise<string[]> =>
  (await expandPaths(paths.map((path) => join(root, path)))).map((path) => relative(root, path));

describe('paths given to an import', () => {
  it('find the spectra below a folder, sorted, without hidden files, following no link twice', async () => {
    assert.deepEqual(await expand('.'), ['a.fit.gz', 'b.fits', 'odd[1].fits', 'sub/c.FITS', 'sub/deep/d.npz']);
  });

  it('match globs within a folder and across folders', async () => {
    assert.deepEqual(await expand('*.fits'), ['b.fits', 'odd[1].fits']);
    assert.deepEqual(await expand('?.f*'), ['a.fit.gz', 'b.fits']);
    assert.deepEqual(await expand('**/*.npz'), ['sub/deep/d.npz']);
    assert.deepEqual(
      await expand('s*/**/[d].npz', 'b.fits').catch((error: unknown) => (error as Error).name),
      'UserError',
    );
    assert.deepEqual(await expand('s?b'), ['sub/c.FITS', 'sub/deep/d.npz']);
  });

  it('take a file named outright whatever its ending, and each file once', async () => {
    assert.deepEqual(await expand('notes.txt', 'b.fits', '*.fits'), ['b.fits', 'notes.txt', 'odd[1].fits']);
  });

  it('are refused by name when they lead nowhere', async () => {
    for (const [path, pattern] of [
      ['absent.fits', /absent\.fits: no such file/],
      ['*.csv', /\*\.csv: no file matches/],
      ['empty', /empty: no \.fits/],
      ['absent/*.fits', /no file matches/],
    ] as const) {
      await assert.rejects(expand(path), (error) => error instanceof UserError && pattern.test(error.message));
    }
    await assert.rejects(expandPaths([]), UserError);
  });
});
