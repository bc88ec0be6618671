import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { pretendPage, SCRIPT } from '../../tests/references/explorer-page.ts';
import { type PretendedExhibit, pretendExhibit, READABLE } from '../../tests/references/pretended-exhibit.ts';
import { UserError } from '../base/index.ts';
import { exhibitSchema, exhibitsSchema, placedFileSchema, refusalSchema } from '../explorer/index.ts';
import { type ApplicationOptions, makeApplication } from './application.node.ts';

const folder = pretendPage();
const opened: FastifyInstance[] = [];
after(() => Promise.all(opened.map((app) => app.close())));

async function application(
  source: PretendedExhibit = pretendExhibit(),
  options: Partial<ApplicationOptions> = {},
): Promise<FastifyInstance> {
  const log = (line: string): void => assert.fail(line);
  const app = await makeApplication(source, { loopbackOnly: true, token: null, pageFolder: folder, log, ...options });
  opened.push(app);
  return app;
}

/** The sentence of a refusal, of which there is exactly one. */
function sentenceOf(response: { json(): unknown }): string {
  return refusalSchema.strict().parse(response.json()).error;
}

describe('the resources of an exhibit', () => {
  for (const compressed of [false, true]) {
    it(`are all answered with the bytes of the source, ${compressed ? 'compressed by it' : 'as they are'}`, async () => {
      const source = pretendExhibit({ compressed });
      const app = await application(source);
      for (const address of source.addresses()) {
        const response = await app.inject(`/data/${address}`);
        assert.equal(response.statusCode, 200, address);
        const expected =
          address === 'exhibits.json'
            ? new TextEncoder().encode(JSON.stringify(source.exhibits()))
            : await source.resource(address);
        assert.deepEqual(new Uint8Array(response.rawPayload), expected, address);
        assert.match(String(response.headers['cache-control']), /no-cache/);
      }
      exhibitsSchema.parse((await app.inject('/data/exhibits.json')).json());
      exhibitSchema.parse((await app.inject('/data/galaxies/exhibit.json')).json());
    });
  }

  it('are asked for by HEAD, by tag, and compressed where that helps', async () => {
    const app = await application();
    const url = '/data/galaxies/exhibit.json';
    const whole = await app.inject({ url, headers: { 'accept-encoding': 'identity' } });
    const head = await app.inject({ url, method: 'HEAD' });
    assert.equal(head.statusCode, 200);
    assert.equal(head.headers['content-length'], whole.headers['content-length']);
    assert.equal(head.rawPayload.length, 0);
    const gzipped = await app.inject({ url, headers: { 'accept-encoding': 'br, gzip;q=0.8' } });
    assert.equal(gzipped.headers['content-encoding'], 'gzip');
    assert.ok(gzipped.rawPayload.length < whole.rawPayload.length);
    assert.deepEqual(gunzipSync(gzipped.rawPayload), whole.rawPayload);
    assert.notEqual(gzipped.headers.etag, whole.headers.etag, 'two ways to write it have two tags');
    const again = await app.inject({ url, headers: { 'if-none-match': `"other", W/${whole.headers.etag}` } });
    assert.equal(again.statusCode, 304);
    assert.equal(again.rawPayload.length, 0);
    const refused = await app.inject({ url, headers: { 'accept-encoding': 'gzip;q=0' } });
    assert.equal(refused.headers['content-encoding'], undefined);
    const block = await app.inject({ url: '/data/galaxies/spectra/0.arrow', headers: { 'accept-encoding': 'gzip' } });
    assert.equal(block.headers['content-encoding'], undefined, 'measured numbers hardly compress');
  });

  it('that there are not are refused in a sentence, without asking the source for more than names', async () => {
    const source = pretendExhibit();
    const app = await application(source);
    const refused: readonly (readonly [string, number, RegExp])[] = [
      ['/data/quasars/exhibit.json', 404, /no exhibit quasars/],
      ['/data/galaxies/runs/gplvm/latents.arrow', 404, /galaxies has no run gplvm/],
      ['/data/galaxies/spectra/99.arrow', 404, /no galaxies\/spectra\/99.arrow/],
      ['/data/galaxies/runs/vae6/joint-encoder.onnx', 404, /no galaxies\/runs\/vae6\/joint-encoder.onnx/],
      ['/data/galaxies/spectra/-1.arrow', 400, /^address block: the number of a block/],
      ['/data/galaxies/spectra/00.arrow', 400, /^address block/],
      ['/data/gal%20axies/exhibit.json', 400, /^address exhibit: a name of letters/],
      ['/data/.../exhibit.json', 400, /^address exhibit/],
      ['/data/galaxies/exhibit.json?version=2', 400, /^query: .*version/],
      ['/data/galaxies/parameters.npz', 404, /nothing at \/data\/galaxies\/parameters.npz/],
      ['/data/galaxies/catalogue.arrow.gz', 404, /nothing at/],
      ['/data', 404, /nothing at/],
      ['/data/%zz', 400, /address is not written/],
    ];
    for (const [url, status, sentence] of refused) {
      const response = await app.inject(url);
      assert.equal(response.statusCode, status, url);
      assert.match(sentenceOf(response), sentence);
      assert.ok(response.headers['content-security-policy'], url);
    }
    assert.ok(source.asked.every((address) => /^galaxies\/(spectra\/99|runs\/vae6\/joint)/.test(address)));
    const deleted = await app.inject({ url: '/data/galaxies/exhibit.json', method: 'DELETE' });
    assert.equal(deleted.statusCode, 404);
    sentenceOf(deleted);
  });

  it('that cannot be made are refused with the reason, and a bug is told to the terminal alone', async () => {
    const source = pretendExhibit();
    const lines: string[] = [];
    const app = await application(source, { log: (line) => lines.push(line) });
    source.resource = () => Promise.reject(new UserError('UMAP needs at least 10 objects'));
    const refused = await app.inject('/data/galaxies/runs/vae6/umap.arrow');
    assert.equal(refused.statusCode, 422);
    assert.equal(sentenceOf(refused), 'UMAP needs at least 10 objects');
    assert.deepEqual(lines, []);
    source.resource = () => Promise.reject(new TypeError('secret of /home/someone'));
    const failed = await app.inject('/data/galaxies/grid.arrow');
    assert.equal(failed.statusCode, 500);
    assert.doesNotMatch(sentenceOf(failed), /secret/);
    assert.match(lines[0], /a bug of ours, at GET \/data\/galaxies\/grid.arrow: TypeError: secret/);
  });
});

describe('the page', () => {
  let app: FastifyInstance;
  before(async () => {
    app = await application();
  });

  it('stands at the root; other addresses without an ending lead there with their state', async () => {
    const page = await app.inject('/?run=vae6');
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /Lightfold/);
    assert.match(String(page.headers['content-type']), /^text\/html/);
    assert.equal(page.headers['cache-control'], 'no-cache');
    const astray = await app.inject('/somewhere/else?run=vae6');
    assert.equal(astray.statusCode, 302);
    assert.equal(astray.headers.location, '/?run=vae6');
    assert.equal((await app.inject('/favicon.ico')).statusCode, 404);
    assert.equal((await app.inject({ url: '/', method: 'POST' })).statusCode, 404);
  });

  it('brings its files, compressed where asked, to be kept for ever when their name has a hash', async () => {
    const url = '/assets/index-DUeBF1Dz.js';
    const plain = await app.inject({ url, headers: { 'accept-encoding': 'identity' } });
    assert.equal(plain.body, SCRIPT);
    assert.match(String(plain.headers['content-type']), /javascript/);
    assert.match(String(plain.headers['cache-control']), /immutable/);
    assert.ok(plain.headers.etag);
    const gzipped = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } });
    assert.equal(gunzipSync(gzipped.rawPayload).toString(), SCRIPT);
    const known = await app.inject({
      url,
      headers: { 'accept-encoding': 'gzip', 'if-none-match': String(gzipped.headers.etag) },
    });
    assert.equal(known.statusCode, 304);
    const head = await app.inject({ url, method: 'HEAD', headers: { 'accept-encoding': 'identity' } });
    assert.equal(Number(head.headers['content-length']), SCRIPT.length);
    const wasm = await app.inject('/assets/decoder-BcD3fGh1.wasm');
    assert.equal(wasm.headers['content-type'], 'application/wasm');
    assert.equal(wasm.rawPayload.length, 4000);
    const far = await app.inject({
      url: '/assets/decoder-BcD3fGh1.wasm',
      remoteAddress: '192.0.2.7',
      headers: { 'accept-encoding': 'gzip' },
    });
    assert.equal(far.headers['content-encoding'], 'gzip', 'across a network its size counts');
  });

  it('that was not built is asked for', async () => {
    await assert.rejects(application(pretendExhibit(), { pageFolder: '/nowhere' }), /nowhere.*run npm run build/);
  });

  it('is told to load nothing from elsewhere, to be framed by nobody, and that threads of WebAssembly may share memory', async () => {
    const { headers } = await app.inject('/');
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval'(;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.match(policy, /connect-src 'self' data: blob: http:\/\/127.0.0.1:21012 http:\/\/localhost:21012(;|$)/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(headers['cross-origin-embedder-policy'], 'require-corp');
    assert.doesNotMatch(policy, /\*/);
  });

  it('of the interface describes every route', async () => {
    const { paths } = (await app.inject('/api/json')).json() as { paths: Record<string, object> };
    assert.deepEqual(Object.keys(paths).sort(), [
      '/data/exhibits.json',
      '/data/{exhibit}/catalogue.arrow',
      '/data/{exhibit}/exhibit.json',
      '/data/{exhibit}/grid.arrow',
      '/data/{exhibit}/runs/{run}/decoder.onnx',
      '/data/{exhibit}/runs/{run}/encoder.onnx',
      '/data/{exhibit}/runs/{run}/joint-encoder.onnx',
      '/data/{exhibit}/runs/{run}/label-encoder.onnx',
      '/data/{exhibit}/runs/{run}/latents.arrow',
      '/data/{exhibit}/runs/{run}/latents.npz',
      '/data/{exhibit}/runs/{run}/place',
      '/data/{exhibit}/runs/{run}/run.json',
      '/data/{exhibit}/runs/{run}/umap.arrow',
      '/data/{exhibit}/spectra/{block}.arrow',
    ]);
    const page = await app.inject('/api');
    assert.equal(page.statusCode, 200);
    assert.doesNotMatch(String(page.headers['content-security-policy']), /wasm|21012/);
    for (const [, file] of page.body.matchAll(/(?:src|href)="([^"]+)"/g)) {
      assert.equal((await app.inject(new URL(file, 'http://localhost/api').pathname)).statusCode, 200, file);
    }
  });
});

describe('placing a file', () => {
  const url = '/data/galaxies/runs/vae6/place';
  const headers = { 'x-file-name': 'one.fits', 'content-type': 'application/octet-stream' };
  const payload = Buffer.from(`${READABLE} and more`);

  it('hands its bytes, its name and a redshift to the source and answers what that found', async () => {
    const source = pretendExhibit();
    const app = await application(source);
    const named = encodeURIComponent('C:\\spectra\\Großer Bär.fits');
    const response = await app.inject({
      ...{ url: `${url}?redshift=1.5e-1`, method: 'POST', payload },
      headers: { ...headers, 'x-file-name': named },
    });
    assert.equal(response.statusCode, 200, response.body);
    const placed = placedFileSchema.parse(response.json());
    assert.equal(placed.placed[0].redshift, 0.15);
    const [{ bytes, ...request }] = source.placed;
    assert.deepEqual(request, { exhibit: 'galaxies', run: 'vae6', fileName: 'Großer Bär.fits', redshift: 0.15 });
    assert.deepEqual(Buffer.from(bytes), payload);
    const plain = await app.inject({ url, method: 'POST', payload, headers: { 'x-file-name': '100%.fits' } });
    assert.equal(plain.statusCode, 200, 'a type of the body is not needed, nor a name that is encoded');
    assert.equal(source.placed[1].fileName, '100%.fits');
    assert.ok(!('redshift' in source.placed[1]));
  });

  it('is refused in a sentence for what cannot be placed', async () => {
    const source = pretendExhibit();
    const app = await application(source);
    const refused: readonly (readonly [object, number, RegExp])[] = [
      [{ payload: Buffer.from('nonsense') }, 422, /one.fits: it holds no spectrum/],
      [{ payload: '' }, 400, /the body is empty/],
      [{ headers: {} }, 400, /header x-file-name: the name of the file is needed/],
      [{ headers: { 'x-file-name': 'a/..%2f' } }, 400, /header x-file-name: a name/],
      [{ headers: { 'x-file-name': 'a%0ab' } }, 400, /header x-file-name/],
      [{ headers: { 'x-file-name': 'a'.repeat(300) } }, 400, /header x-file-name/],
      [{ url: `${url}?redshift=far` }, 400, /query redshift: a number/],
      [{ url: `${url}?redshift=-1` }, 400, /query redshift: a redshift above -1/],
      [{ url: `${url}?redshift=1&redshift=2` }, 400, /query redshift/],
      [{ url: `${url}?z=1` }, 400, /query: .*"z"/],
      [{ url: '/data/galaxies/runs/none/place' }, 404, /has no run none/],
      [{ payload: Buffer.alloc(64 * 2 ** 20 + 1) }, 413, /larger than the server takes/],
    ];
    for (const [changed, status, sentence] of refused) {
      const response = await app.inject({ url, method: 'POST', headers, payload, ...changed });
      assert.equal(response.statusCode, status, `${sentence}: ${response.body}`);
      assert.match(sentenceOf(response), sentence);
    }
    assert.equal(source.placed.length, 1, 'the source sees only what passed the schemas');
  });

  it('is done one at a time; beyond a bound the asker is told to come again', async () => {
    const source = pretendExhibit();
    const app = await application(source);
    let [working, most] = [0, 0];
    source.beforePlacing = async () => {
      most = Math.max(most, ++working);
      await new Promise((resolve) => setImmediate(resolve));
      working--;
    };
    const asked = Array.from({ length: 30 }, () => app.inject({ url, method: 'POST', headers, payload }));
    const responses = await Promise.all(asked);
    const counted = (status: number): number => responses.filter(({ statusCode }) => statusCode === status).length;
    assert.equal(most, 1);
    assert.equal(counted(200), 8);
    assert.equal(counted(429), 22);
    const turnedAway = responses.find(({ statusCode }) => statusCode === 429);
    assert.match(String(turnedAway?.headers['retry-after']), /^\d+$/);
    const later = await app.inject({ url, method: 'POST', headers, payload });
    assert.equal(later.statusCode, 200, 'all places are free again');
  });
});
