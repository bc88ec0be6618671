/** The built page: which files there are is found out once, and a request is only ever looked up among them. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FileError } from '../base/index.ts';
import { isLoopback } from './access.node.ts';
import { answerWith, takesGzip } from './answer.node.ts';
import { RefusedRequest } from './refusals.ts';

/** Where the build puts the page; the same from the sources and from what is built of them. */
export const BUILT_PAGE = fileURLToPath(new URL('../../dist/web', import.meta.url));

const FIRST_FILE = 'index.html';

const TEXT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.map': 'application/json; charset=utf-8',
};

/** Compressed only for readers on other machines: on this one, reading it as it is takes less time. */
const LARGE_TYPES: Readonly<Record<string, string>> = { '.wasm': 'application/wasm' };

/** The build names these by a hash of what they hold. */
const HASHED = /^assets\/.+-[\w-]{8,}\.\w+$/;

/** For callers to ask before long work. @throws FileError when the page has not been built */
export function requireBuiltPage(folder: string = BUILT_PAGE): void {
  if (existsSync(join(folder, FIRST_FILE))) return;
  throw new FileError(folder, '', "the explorer's page has not been built; run npm run build");
}

/** @throws FileError when the page has not been built */
export async function servePage(app: FastifyInstance, folder: string): Promise<void> {
  requireBuiltPage(folder);
  const files = new Set(filesIn(folder));
  const texts = new Map<string, Promise<Uint8Array>>();
  await app.register(fastifyStatic, { root: folder, serve: false, dotfiles: 'deny', cacheControl: false });

  app.setNotFoundHandler(async (request, reply) => {
    const path = pathOf(request);
    if (/^\/(data|api)(\/|$)/.test(path) || (request.method !== 'GET' && request.method !== 'HEAD')) {
      throw new RefusedRequest(404, `there is nothing at ${path.slice(0, 200)} to ${request.method}`);
    }
    const name = path === '/' ? FIRST_FILE : path.slice(1);
    if (files.has(name)) return answerFile(name, request, reply);
    if (extname(name) !== '') throw new RefusedRequest(404, `the page has no file ${name.slice(0, 200)}`);
    // The page lives at the root, and asks for its files beside itself; whatever else was typed leads there.
    return reply.header('cache-control', 'no-store').redirect(`/${queryOf(request)}`);
  });

  async function answerFile(name: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const cacheControl = HASHED.test(name) ? 'private, max-age=31536000, immutable' : 'no-cache';
    const ending = extname(name);
    const type = TEXT_TYPES[ending] ?? (isLoopback(request.ip) ? undefined : LARGE_TYPES[ending]);
    if (type === undefined || !takesGzip(request.headers['accept-encoding'])) {
      return reply.header('cache-control', cacheControl).header('vary', 'accept-encoding').sendFile(name);
    }
    let bytes = texts.get(name);
    if (bytes === undefined) {
      bytes = readFile(join(folder, name));
      texts.set(name, bytes);
    }
    return answerWith(request, reply, { bytes: await bytes, type, compressible: true, cacheControl });
  }
}

/** Names as they stand in addresses; none of hidden files. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !name.split('/').some((part) => part.startsWith('.')));
}

function queryOf({ url }: FastifyRequest): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at);
}

/** The path that an address asks for, decoded once; `/` for one that cannot be. */
function pathOf({ url }: FastifyRequest): string {
  try {
    return decodeURIComponent(url.split('?')[0]);
  } catch {
    return '/';
  }
}
