import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pretendPage } from '../../tests/references/explorer-page.ts';
import { pretendExhibit } from '../../tests/references/pretended-exhibit.ts';
import { InterruptedError, type ProgressReport } from '../base/index.ts';
import type { ExhibitSource } from '../explorer/index.ts';
import { exportSite, requireSiteTarget } from './export-site.node.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightfold-site-'));
const page = pretendPage();
after(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(dirname(page), { recursive: true, force: true });
});

const pretended = pretendExhibit({ compressed: true });
const listed = new TextEncoder().encode(JSON.stringify(pretended.exhibits()));
const source: ExhibitSource = {
  ...pretended,
  resource: async (address) => (address === 'exhibits.json' ? listed : pretended.resource(address)),
};

describe('exporting a site', () => {
  it('writes the page, and every resource where the page asks for it', async () => {
    const site = join(folder, 'first');
    const reports: ProgressReport[] = [];
    const { files, bytes } = await exportSite(source, site, { page, onProgress: (report) => reports.push(report) });
    for (const address of source.addresses()) {
      const written = new Uint8Array(readFileSync(join(site, 'data', address)));
      assert.deepEqual(written, await source.resource(address));
      assert.ok(files.includes(`data/${address}`));
    }
    assert.deepEqual(readFileSync(join(site, 'index.html')), readFileSync(join(page, 'index.html')));
    assert.ok(files.includes('index.html'));
    assert.equal(
      bytes,
      files.reduce((sum, file) => sum + statSync(join(site, file)).size, 0),
    );
    assert.deepEqual([reports[0].done, reports.at(-1)?.done], [0, source.addresses().length]);
  });

  it('replaces a site only when that is asked for, and nothing else ever', async () => {
    const site = join(folder, 'second');
    await exportSite(source, site, { page });
    writeFileSync(join(site, 'old.txt'), 'old');
    await assert.rejects(exportSite(source, site, { page }), { name: 'FileError', message: /--overwrite/ });
    await exportSite(source, site, { page, overwrite: true });
    assert.ok(!existsSync(join(site, 'old.txt')));
    const thesis = join(folder, 'thesis');
    mkdirSync(thesis);
    writeFileSync(join(thesis, 'chapter-1.tex'), 'In the beginning');
    await assert.rejects(exportSite(source, thesis, { page, overwrite: true }), {
      name: 'FileError',
      message: /not an exported site/,
    });
    assert.deepEqual(readdirSync(thesis), ['chapter-1.tex']);
  });

  it('leaves nothing behind when it is interrupted or a resource cannot be made', async () => {
    const interrupted = exportSite(source, join(folder, 'third'), { page, signal: AbortSignal.abort() });
    await assert.rejects(interrupted, InterruptedError);
    const broken = { ...source, addresses: () => [...source.addresses(), 'galaxies/missing.arrow.gz'] };
    await assert.rejects(exportSite(broken, join(folder, 'third'), { page }), RangeError);
    assert.ok(readdirSync(folder).every((name) => !name.includes('third')));
  });

  it('says before the work that the page has not been built', () => {
    const missing = () => requireSiteTarget(join(folder, 'fourth'), { page: join(folder, 'no-page') });
    assert.throws(missing, { name: 'FileError', message: /npm run build/ });
  });
});
