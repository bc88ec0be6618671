import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { pretendPage } from '../../tests/references/explorer-page.ts';
import { pretendExhibit } from '../../tests/references/pretended-exhibit.ts';
import { refusalSchema } from '../explorer/index.ts';
import { makeApplication } from './application.node.ts';

const REQUESTS = 10_000;
const AT_ONCE = 50;

const nonsense = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).map(encodeURIComponent),
  fc.string({ maxLength: 60 }).map((text) => text.replace(/[\s?#]/g, '')),
  fc.constantFrom(
    '..',
    '%2e%2e',
    '%00',
    '%zz',
    '%',
    '%c0%af',
    ';',
    '*',
    '__proto__',
    'constructor',
    '-1',
    '1e9',
    'NaN',
    '',
  ),
  fc.constantFrom('a'.repeat(101), '9'.repeat(30), `${'%41'.repeat(200)}`, '\u202e', '😀'),
);
const word = fc.oneof(
  { weight: 2, arbitrary: nonsense },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...['data', 'api', 'galaxies', 'spectra', 'runs', 'vae6', 'place', 'exhibit.json', 'catalogue.arrow'],
      ...['0.arrow', 'latents.arrow', 'json', 'static', 'assets', 'exhibits.json', 'yaml', 'encoder.onnx'],
    ),
  },
);
const wrongly = fc.constantFrom(
  '/data/galaxies/runs/vae6/place',
  '/data/galaxies/exhibit.json',
  '/data/galaxies/spectra/0.arrow',
  '/api/json',
);
const address = fc.oneof(
  { weight: 3, arbitrary: fc.array(word, { maxLength: 7 }).map((words) => `/${words.join('/')}`) },
  { weight: 1, arbitrary: wrongly },
);
const query = fc.oneof(
  fc.constant(''),
  fc
    .array(fc.tuple(fc.constantFrom('redshift', 'token', 'z', '__proto__', ''), nonsense), {
      minLength: 1,
      maxLength: 4,
    })
    .map((pairs) => `?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`),
  nonsense.map((text) => `?${text}`),
);
const headers = fc.dictionary(
  fc.constantFrom(
    ...['x-file-name', 'content-type', 'content-length', 'content-encoding', 'accept-encoding', 'if-none-match'],
    ...['authorization', 'cookie', 'range', 'host', 'expect', 'transfer-encoding', 'x-forwarded-for', 'accept'],
  ),
  fc.oneof(
    nonsense,
    fc.constantFrom(
      'application/json',
      'multipart/form-data',
      'text/xml; charset=wrong',
      'localhost',
      'gzip',
      '*',
      '1',
      'bytes=9-1',
    ),
  ),
  { maxKeys: 5 },
);
const request = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'),
  // What is no address to the pretended connection never gets to the server; sockets.node.test.ts writes such ones itself.
  url: fc
    .tuple(address, query)
    .map((parts) => parts.join(''))
    .filter((url) => URL.canParse(url, 'http://localhost')),
  headers,
  payload: fc.option(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    { nil: undefined },
  ),
});

describe('requests that make no sense', () => {
  const opened: FastifyInstance[] = [];
  after(() => Promise.all(opened.map((app) => app.close())));

  it(`are refused in one sentence, ${REQUESTS.toLocaleString('en')} of them, and the server goes on`, async () => {
    const bugs: string[] = [];
    const app = await makeApplication(pretendExhibit(), {
      ...{ loopbackOnly: true, token: null, pageFolder: pretendPage(), log: (line: string) => bugs.push(line) },
    });
    opened.push(app);
    let [asked, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (requests) => {
        const answers = await Promise.all(
          requests.map(({ payload, ...rest }) =>
            app.inject({ ...rest, ...(payload === undefined ? {} : { payload }) }),
          ),
        );
        for (const [n, { statusCode, body }] of answers.entries()) {
          asked++;
          assert.ok(statusCode < 500, `${statusCode} ${body} for ${JSON.stringify(requests[n])}`);
          if (statusCode < 400) continue;
          refused++;
          if (requests[n].method === 'HEAD') continue;
          const { error } = refusalSchema.strict().parse(JSON.parse(body));
          assert.match(error, /^[^\n]{5,}$/, JSON.stringify(requests[n]));
        }
      }),
      { numRuns: REQUESTS / AT_ONCE, endOnFailure: true },
    );
    assert.deepEqual(bugs, []);
    assert.equal(asked, REQUESTS);
    assert.ok(refused > REQUESTS / 2, `${refused} were refused`);
    assert.equal((await app.inject('/data/galaxies/exhibit.json')).statusCode, 200);
  });
});
