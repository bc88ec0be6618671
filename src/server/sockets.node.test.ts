/** What only a real connection shows: addresses as they are written, many askers at once, ports, what is left behind. */
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { pretendPage, SECRET } from '../../tests/references/explorer-page.ts';
import { type PretendedExhibit, pretendExhibit, READABLE } from '../../tests/references/pretended-exhibit.ts';
import { createExplorerServer, type ExplorerServer, type ExplorerServerOptions } from './index.node.ts';

const folder = pretendPage();
const place = '/data/galaxies/runs/vae6/place';
const opened: ExplorerServer[] = [];
after(() => Promise.all(opened.map((server) => server.close())));

async function served(source: PretendedExhibit, options: ExplorerServerOptions = {}): Promise<ExplorerServer> {
  const log = (line: string): void => assert.fail(line);
  const server = await createExplorerServer(source, { port: 0, pageFolder: folder, log, ...options });
  opened.push(server);
  return server;
}

interface Asked extends http.RequestOptions {
  readonly payload?: Uint8Array | string;
}

function ask(
  { port }: ExplorerServer,
  path: string,
  { payload, ...options }: Asked = {},
): Promise<{ readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          ...{ status: response.statusCode ?? 0, headers: response.headers },
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', reject);
    request.end(payload);
  });
}

describe('a served explorer', () => {
  let source: PretendedExhibit;
  let server: ExplorerServer;
  before(async () => {
    source = pretendExhibit();
    server = await served(source);
  });

  it('shows nothing beside its own files, however the way there is written', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ways = ['..', '%2e%2e', '.%2e', '%252e%252e', '..%00', '%c0%ae%c0%ae', '..;'];
    const slashes = ['/', '%2f', '\\', '%5c', '%252f', '//', '/./'];
    for (const start of ['/', '/assets/', '/data/galaxies/', '/api/static/']) {
      for (const way of ways) {
        for (const slash of slashes) {
          for (const target of ['secret.txt', 'web/.hidden.js', 'etc/passwd']) {
            const path = `${start}${`${way}${slash}`.repeat(start.split('/').length)}${target.replaceAll('/', slash)}`;
            const { status, body } = await ask(server, path, { agent });
            assert.ok(status >= 300 && status < 500, `${status} ${path}`);
            assert.ok(!body.includes(SECRET) && !body.includes('root:'), path);
          }
        }
      }
    }
    agent.destroy();
    for (const path of ['/.hidden.js', '/%2ehidden.js', '/assets/../.hidden.js', '/secret.txt', '/../secret.txt']) {
      assert.equal((await ask(server, path)).status, 404, path);
    }
    assert.equal((await ask(server, '//elsewhere.example/astray')).headers.location, '/');
  });

  it('answers to names of its own machine alone', async () => {
    for (const host of [
      'localhost',
      'LOCALHOST:1234',
      '127.0.0.1',
      '127.8.9.1:80',
      '[::1]:7460',
      'lightfold.localhost',
    ]) {
      assert.equal((await ask(server, '/', { headers: { host } })).status, 200, host);
    }
    for (const host of ['elsewhere.example', '127.0.0.1.elsewhere.example', '0.0.0.0', '192.0.2.1', '[2001:db8::1]']) {
      const { status, body } = await ask(server, '/data/exhibits.json', { headers: { host } });
      assert.equal(status, 421, host);
      assert.match(body, /^\{"error":"this server answers only under a name of its own machine/);
    }
  });

  it('answers a thousand who ask at once, of which each gets what it asked for', async () => {
    const agent = new http.Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
    const paths = ['/', '/data/exhibits.json', '/data/galaxies/exhibit.json', '/data/galaxies/spectra/1.arrow', place];
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async (_, n) => {
        const path = paths[n % paths.length];
        const posted = { method: 'POST', headers: { 'x-file-name': 'one.fits' }, payload: READABLE };
        return { path, ...(await ask(server, path, { agent, ...(path === place ? posted : {}) })) };
      }),
    );
    assert.equal(answers.length, 1000);
    for (const { path, status } of answers) {
      if (path === place) assert.ok(status === 200 || status === 429, String(status));
      else assert.equal(status, 200, path);
    }
    assert.ok(answers.some(({ path, status }) => path === place && status === 200));
    assert.equal((await ask(server, '/data/exhibits.json')).status, 200, 'and goes on answering');
  });

  it('gives the place of an asker who goes away before the file is whole to the next', async () => {
    const head = `POST ${place} HTTP/1.1\r\nhost: localhost\r\nx-file-name: a.fits\r\ncontent-length: 1000\r\n\r\nSIM`;
    const sockets = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = net.connect(server.port, '127.0.0.1');
        socket.on('error', () => undefined);
        await new Promise((resolve) => socket.once('connect', resolve));
        socket.write(head);
        return socket;
      }),
    );
    const posted = { method: 'POST', headers: { 'x-file-name': 'b.fits' }, payload: READABLE };
    while ((await ask(server, place, posted)).status !== 429);
    for (const socket of sockets) socket.destroy();
    while ((await ask(server, place, posted)).status !== 200);
  });

  it('says what is wrong with bytes that are no request, and goes on', async () => {
    for (const bytes of ['nonsense\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', `GET /${'a'.repeat(40_000)} HTTP/1.1\r\n\r\n`]) {
      const answer = await new Promise<string>((resolve) => {
        const socket = net.connect(server.port, '127.0.0.1', () => socket.end(bytes));
        let text = '';
        socket.on('data', (chunk) => (text += chunk));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(text));
      });
      assert.match(answer, /^HTTP\/1\.1 4\d\d .*\{"error":"[^"]+"\}$/s);
    }
    assert.equal((await ask(server, '/')).status, 200);
  });

  it('keeps nothing of files that were refused', async () => {
    const payload = Buffer.alloc(2 ** 20, 1);
    const refusedOften = async (times: number): Promise<void> => {
      for (let n = 0; n < times; n++) {
        const { status } = await ask(server, place, { method: 'POST', headers: { 'x-file-name': 'x' }, payload });
        assert.equal(status, 422);
        // The pretended source remembers what it was shown.
        source.placed.length = 0;
      }
    };
    await refusedOften(20);
    const before = process.memoryUsage();
    await refusedOften(300);
    const { heapUsed, rss } = process.memoryUsage();
    assert.ok(heapUsed - before.heapUsed < 100 * 2 ** 20, `heap grew by ${(heapUsed - before.heapUsed) / 2 ** 20} MiB`);
    assert.ok(rss - before.rss < 200 * 2 ** 20, `memory grew by ${(rss - before.rss) / 2 ** 20} MiB`);
  });
});

describe('where an explorer listens', () => {
  it('is this machine unless told, at a port that is free unless one was named', async () => {
    const first = await served(pretendExhibit());
    assert.equal(first.url, `http://127.0.0.1:${first.port}/`);
    await assert.rejects(served(pretendExhibit(), { port: first.port }), /^UserError: port \d+ is taken; name another/);
    const { port: _any, ...free } = { port: 0, pageFolder: folder };
    const [one, another] = [
      await createExplorerServer(pretendExhibit(), free),
      await createExplorerServer(pretendExhibit(), free),
    ];
    opened.push(one, another);
    assert.notEqual(one.port, another.port);
    assert.equal((await ask(another, '/')).status, 200);
  });

  it('is another address only with a token, and only one of this machine', async () => {
    await assert.rejects(served(pretendExhibit(), { address: '0.0.0.0' }), /^UserError: 0.0.0.0 can be reached.*token/);
    await assert.rejects(served(pretendExhibit(), { token: 'short' }), /^UserError: a token is 8 to 128/);
    await assert.rejects(
      served(pretendExhibit(), { address: '192.0.2.1', token: 'long-enough' }),
      /not an address of this/,
    );
  });
});

describe('a token', () => {
  const token = 'a.token_of~this-test';
  let server: ExplorerServer;
  before(async () => {
    server = await served(pretendExhibit(), { address: '0.0.0.0', token });
  });

  it('is asked for by everything', async () => {
    for (const path of [
      '/',
      '/data/exhibits.json',
      '/api',
      '/api/json',
      '/assets/index-DUeBF1Dz.js',
      '/nothing.js',
      place,
    ]) {
      const { status, body, headers } = await ask(server, path);
      assert.equal(status, 401, path);
      assert.match(body, /^\{"error":"this explorer wants its token/);
      assert.ok(headers['content-security-policy']);
    }
    for (const wrong of ['', 'a.token_of~this-tes', `${token}x`, token.toUpperCase()]) {
      assert.equal((await ask(server, `/?token=${wrong}`)).status, 401, wrong);
      assert.equal((await ask(server, '/', { headers: { authorization: `Bearer ${wrong}` } })).status, 401, wrong);
    }
  });

  it('in the address becomes a cookie that scripts and foreign pages do not get', async () => {
    assert.ok(server.url.endsWith(`:${server.port}/?token=${token}`), server.url);
    const welcome = await ask(server, `/?run=%22%3E%3Cscript&token=${token}`);
    assert.equal(welcome.status, 200);
    assert.match(welcome.body, /content="0; url=\/\?run=%22%3E%3Cscript"/);
    assert.doesNotMatch(welcome.body, /a\.token/);
    const [cookie] = welcome.headers['set-cookie'] ?? [];
    assert.match(cookie, /; HttpOnly; SameSite=Strict$/);
    const held = `theme=dark; ${cookie.split(';')[0]}`;
    assert.match((await ask(server, '/', { headers: { cookie: held, host: 'elsewhere.example' } })).body, /Lightfold/);
    assert.equal((await ask(server, '/data/exhibits.json', { headers: { cookie: held } })).status, 200);
  });

  it('is taken as Authorization: Bearer from programs', async () => {
    const headers = { authorization: `Bearer ${token}` };
    assert.equal((await ask(server, '/data/galaxies/exhibit.json', { headers })).status, 200);
  });
});
