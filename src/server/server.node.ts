import { networkInterfaces } from 'node:os';
import { UserError } from '../base/index.ts';
import type { ExhibitSource } from '../explorer/index.ts';
import { isLoopback } from './access.node.ts';
import { makeApplication } from './application.node.ts';
import { BUILT_PAGE } from './page.node.ts';

export interface ExplorerServerOptions {
  /** Where to listen; 127.0.0.1 unless told. Another machine's readers need a token. */
  readonly address?: string | undefined;
  /** 0 = any that is free; without one, the first free from 7460. */
  readonly port?: number | undefined;
  /** What readers must bring; 8 to 128 letters, digits, `.`, `_`, `~`, `-`. */
  readonly token?: string | undefined;
  /** The built page; where the build puts it unless told. */
  readonly pageFolder?: string | undefined;
  /** Told of bugs, a line each. */
  readonly log?: ((line: string) => void) | undefined;
}

export interface ExplorerServer {
  /** The page, for a browser: with the token when there is one. */
  readonly url: string;
  readonly port: number;
  /** Ends every connection. */
  close(): Promise<void>;
}

const FIRST_PORT = 7460;
const PORTS_TRIED = 100;

/** Connections that wait to be taken: beyond it they would try again, seconds later. */
const BACKLOG = 2048;

/**
 * Serves the explorer's page and what it shows.
 *
 * @throws UserError when the address is not of this machine, lies beyond it without a token, or the port is taken
 * @throws FileError when the page has not been built
 */
export async function createExplorerServer(
  source: ExhibitSource,
  options: ExplorerServerOptions = {},
): Promise<ExplorerServer> {
  const { address = '127.0.0.1', token, pageFolder = BUILT_PAGE, log = () => undefined } = options;
  requireToken(address, token);
  const ports =
    options.port === undefined ? Array.from({ length: PORTS_TRIED }, (_, n) => FIRST_PORT + n) : [options.port];
  for (const port of ports) {
    // One that failed to listen is not asked again: each port gets its own.
    const app = await makeApplication(source, {
      loopbackOnly: isLoopback(address),
      token: token ?? null,
      pageFolder,
      log,
    });
    try {
      await app.listen({ host: address, port, backlog: BACKLOG });
    } catch (error) {
      await app.close();
      if (codeOf(error) === 'EADDRINUSE' && options.port === undefined) continue;
      throw asUserError(error, address, port);
    }
    const bound = app.server.address();
    const taken = typeof bound === 'object' && bound !== null ? bound.port : port;
    const query = token === undefined ? '' : `?token=${token}`;
    return { url: `http://${nameOf(address)}:${taken}/${query}`, port: taken, close: () => app.close() };
  }
  throw new UserError(
    `ports ${FIRST_PORT} to ${FIRST_PORT + PORTS_TRIED - 1} are all taken; name a free one with --port`,
  );
}

function requireToken(address: string, token: string | undefined): void {
  if (token === undefined) {
    if (isLoopback(address)) return;
    throw new UserError(`${address} can be reached from other machines, so a token is needed`);
  }
  if (!/^[\w.~-]{8,128}$/.test(token)) {
    throw new UserError('a token is 8 to 128 letters, digits, ".", "_", "~" or "-"');
  }
}

/** The name that a browser can open: that of a network interface where the server listens at all of them. */
function nameOf(address: string): string {
  if (address !== '0.0.0.0' && address !== '::') return address.includes(':') ? `[${address}]` : address;
  const outward = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4');
  return outward?.address ?? 'localhost';
}

function asUserError(error: unknown, address: string, port: number): unknown {
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} is taken; name another with --port, or leave it out to take one that is free`,
    EACCES: `this user may not listen at port ${port}; name one from 1024 on with --port`,
    EADDRNOTAVAIL: `${address} is not an address of this machine`,
    ENOTFOUND: `${address} is not an address of this machine`,
    EAI_AGAIN: `${address} is not an address of this machine`,
  };
  const sentence = sentences[codeOf(error)];
  return sentence === undefined ? error : new UserError(sentence);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
