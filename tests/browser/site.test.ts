import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openExhibits } from '../../src/workflows/explore.node.ts';
import { exportSite, FOR_A_SITE } from '../../src/workflows/export-site.node.ts';
import { makeSurveys, path, photograph, Visitor, withoutChromium } from './explored.ts';
import { galaxyAsCsv } from './galaxy-file.ts';
import { placeAgain, placeAtFitted } from './placing-steps.ts';

describe('the static site', { skip: withoutChromium, timeout: 600_000 }, () => {
  let visitor: Visitor;
  let server: Server;
  let address: string;

  before(async () => {
    await makeSurveys();
    await exportSite(await openExhibits({ runs: [path('pca'), path('vae')], ...FOR_A_SITE }), path('site'));
    server = plainFileServer(path('site'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    visitor = await Visitor.arrive();
  });

  after(async () => {
    await visitor?.leave();
    server?.close();
  });

  it('shows spectra and what models make of them, and places a file, without anybody to compute', async () => {
    await visitor.open(`${address}#exhibit=galaxies&run=vae&chosen=9`, async (page) => {
      await page.getByRole('tabpanel').getByText('VAE', { exact: true }).first().waitFor();
      await placeAtFitted(page, await galaxyAsCsv(path('galaxies'), path('brought.csv')));
      await photograph(page, 'static-site');
      await placeAgain(page, 0.05);
    });
  });

  it('weighs less than 3 MB gzipped without the runtime of the models', () => {
    const page = readdirSync(path('site'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((file) => !file.startsWith(path('site/data')) && !file.endsWith('.wasm.gz'));
    assert.ok(page.length > 3);
    const weight = page.reduce((total, file) => total + gzipSync(readFileSync(file)).length, 0);
    assert.ok(weight < 3e6, `${weight} bytes`);
  });
});

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

/** As simple as they come: no compression, no headers but the type. */
function plainFileServer(folder: string): Server {
  return createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(folder, name === '/' ? 'index.html' : name);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    response.end(readFileSync(file));
  });
}
