import http from 'node:http';
import { createExplorerServer } from '../../src/server/index.node.ts';
import { pretendExhibit } from '../../tests/references/pretended-exhibit.ts';
import { type Benchmark, digits, median } from '../measure.ts';

/** Objects of a survey as large as the VAE paper's. */
const OBJECTS = 50_000;
const ASKERS = 16;
const REQUESTS = 2000;
const ROUNDS = 3;

/** Answers of the explorer's server a second, asked over sockets by a client in the same process. There is no peer. */
export const explorerServerBenchmark: Benchmark = {
  name: 'explorer-server',
  title: `requests of ${ASKERS} askers on kept connections, asked and answered by one process (no peer)`,
  hasPeer: false,
  async run() {
    const server = await createExplorerServer(pretendExhibit({ objects: OBJECTS }), { port: 0 });
    try {
      return [
        await rate(server.port, 'exhibit.json', '/data/galaxies/exhibit.json'),
        await rate(server.port, 'exhibit.json that the page has (304)', '/data/galaxies/exhibit.json', true),
        await rate(server.port, 'a block of 64 spectra × 1000 pixels', '/data/galaxies/spectra/1.arrow'),
      ];
    } finally {
      await server.close();
    }
  },
};

async function rate(port: number, name: string, path: string, known = false): Promise<string> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: ASKERS });
  const first = await ask(agent, port, path, {});
  const headers = known ? { 'if-none-match': first.tag } : {};
  const rates: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    let left = REQUESTS;
    const asker = async (): Promise<void> => {
      while (left-- > 0) bytes = (await ask(agent, port, path, headers)).bytes;
    };
    await Promise.all(Array.from({ length: ASKERS }, asker));
    rates.push((1000 * REQUESTS) / (performance.now() - start));
  }
  agent.destroy();
  const perSecond = median(rates);
  return `${name}: ${digits(perSecond)} requests/s, ${digits((perSecond * bytes) / 2 ** 20)} MiB/s`;
}

function ask(
  agent: http.Agent,
  port: number,
  path: string,
  headers: http.OutgoingHttpHeaders,
): Promise<{ readonly bytes: number; readonly tag: string }> {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path, agent, headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ bytes, tag: String(response.headers.etag) }));
    });
    request.on('error', reject);
  });
}
