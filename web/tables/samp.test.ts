import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import { UserError } from '../../src/base/index.ts';
import { hubAnswers, type Post, readResponse, sendTable, xmlCall } from './samp.ts';

const answer = (struct: string) =>
  `<?xml version='1.0'?><methodResponse><params><param><value>${struct}</value></param></params></methodResponse>`;
const REGISTERED = answer(
  '<struct><member><name>samp.private-key</name><value>k&amp;1</value></member>' +
    '<member><name>samp.hub-id</name><value><string>hub</string></value></member></struct>',
);
const REFUSED =
  '<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>1</int></value></member>' +
  '<member><name>faultString</name><value><string>User declined</string></value></member></struct></value></fault></methodResponse>';

/** A hub that speaks HTTP, with what it was told. */
async function withHub(answers: Readonly<Record<string, string>>, work: (post: Post) => Promise<void>) {
  const told: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      told.push(body);
      const method = /<methodName>(.*?)<\/methodName>/.exec(body)?.[1] ?? '';
      response.end(answers[method] ?? answer(''));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const toHub: Post = async (_url, body) => (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).text();
  try {
    await work(toHub);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  return told;
}

const table = { name: 'my <table>', votable: new TextEncoder().encode('<VOTABLE/>') };

describe('a table sent by SAMP', () => {
  it('registers, tells everybody where the table is, and leaves', async () => {
    const told = await withHub({ 'samp.webhub.register': REGISTERED }, (post) => sendTable(table, post));
    assert.deepEqual(
      told.map((body) => /<methodName>(.*?)<\/methodName>/.exec(body)?.[1]),
      ['samp.webhub.register', 'samp.webhub.notifyAll', 'samp.webhub.unregister'],
    );
    assert.match(told[0], /<name>samp.name<\/name><value><string>Lightfold<\/string>/);
    assert.match(told[1], /<param><value><string>k&amp;1<\/string><\/value><\/param>/);
    assert.match(told[1], /<string>table.load.votable<\/string>/);
    assert.match(told[1], /<name>name<\/name><value><string>my &lt;table&gt;<\/string>/);
    const data = /data:application\/x-votable\+xml;base64,([A-Za-z0-9+/=]+)/.exec(told[1])?.[1] ?? '';
    assert.equal(Buffer.from(data, 'base64').toString(), '<VOTABLE/>');
  });

  it('that the user of the hub refuses is reported in the words of the hub', async () => {
    const told = await withHub({ 'samp.webhub.register': REFUSED }, async (post) => {
      await assert.rejects(
        sendTable(table, post),
        (error) => error instanceof UserError && /User declined/.test(error.message),
      );
    });
    assert.equal(told.length, 1);
  });

  it('leaves the hub also when the table is refused', async () => {
    const answers = { 'samp.webhub.register': REGISTERED, 'samp.webhub.notifyAll': REFUSED };
    const told = await withHub(answers, async (post) => {
      await assert.rejects(sendTable(table, post), UserError);
    });
    assert.match(told[2], /samp.webhub.unregister/);
  });

  it('says what to do when no hub answers, and when the table is too large', async () => {
    const silent = () => Promise.reject(new TypeError('fetch failed'));
    assert.equal(await hubAnswers(silent), false);
    await assert.rejects(sendTable(table, silent), /start TOPCAT/);
    await assert.rejects(sendTable({ name: 't', votable: new Uint8Array(7e6) }, silent), /export a VOTable/);
  });

  it('finds a hub that answers, and takes no other server for one', async () => {
    await withHub({}, async (post) => assert.equal(await hubAnswers(post), true));
    assert.throws(() => readResponse('<html>hello</html>'), /no SAMP hub/);
  });

  it('writes requests as XML-RPC has them', () => {
    assert.equal(
      xmlCall('m', ['a<b', { c: 'd' }]),
      '<?xml version="1.0"?><methodCall><methodName>m</methodName><params><param><value><string>a&lt;b</string></value></param>' +
        '<param><value><struct><member><name>c</name><value><string>d</string></value></member></struct></value></param></params></methodCall>',
    );
  });
});
