import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { emptyFolder, lightfold, lightfoldJson, started } from './command-line.ts';

const folder = emptyFolder();
const path = (name: string): string => join(folder, name);

describe('lightfold explore', () => {
  before(async () => {
    const grid = ['--grid', '3600:7000:60', '--out', path('galaxies')];
    await lightfoldJson('simulate', 'galaxies', '--n', '160', '--seed', '5', ...grid);
    await lightfoldJson('train', 'pca', path('galaxies'), '--latents', '2', '--out', path('pca'));
  });

  it('prints where it listens, serves until Ctrl-C, and ends well with a word of farewell', async () => {
    const { firstLine, finished, kill } = started(['explore', path('pca'), '--port', '0', '--json']);
    const { url, port, exhibits } = JSON.parse(await firstLine) as Record<string, unknown>;
    assert.equal(url, `http://127.0.0.1:${port}/`);
    assert.deepEqual(exhibits, [{ name: 'galaxies', title: 'galaxies', objects: 160, runs: ['pca'] }]);
    const page = await fetch(String(url));
    assert.match(await page.text(), /<title>Lightfold<\/title>/);
    const taken = await lightfold('explore', path('pca'), '--port', String(port));
    assert.equal(taken.code, 2);
    assert.match(taken.stderr, new RegExp(`^lightfold: port ${port} is taken; name another with --port[^\n]*\n$`, 'm'));
    kill('SIGINT');
    const { code, stdout, stderr } = await finished;
    assert.equal(code, 0);
    assert.equal(stdout.trim().split('\n').length, 1);
    assert.match(stderr, /goodbye\n$/);
    assert.doesNotMatch(stderr, /stopping/);
  });

  it('refuses in one sentence what it cannot serve', async () => {
    const refused: readonly (readonly [readonly string[], RegExp])[] = [
      [[path('galaxies')], /is a dataset; name it with --dataset/],
      [[path('pca'), '--port', '65536'], /--port takes a number of at most 65535/],
      [[path('pca'), '--token', 'no!'], /--token takes 8 to 128/],
    ];
    for (const [words, sentence] of refused) {
      const { code, stdout, stderr } = await lightfold('explore', ...words);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, sentence);
      assert.match(stderr, /^lightfold: [^\n]+\n$/);
    }
  });
});
