import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const compress = promisify(gzip);

/** Below it, an answer fits into one packet as it is. */
const WORTH_COMPRESSING = 1400;

export interface Answer {
  readonly bytes: Uint8Array;
  readonly type: string;
  /** Send gzipped to whoever takes that. */
  readonly compressible: boolean;
  readonly cacheControl: string;
}

/** Of bytes that were sent before, for as long as their owner keeps them. */
const hashes = new WeakMap<Uint8Array, string>();

/** What was compressed last, by hash: sources may make the same bytes anew each time they are asked. */
const gzipped = new Map<string, Promise<Uint8Array>>();
const GZIPPED_KEPT = 32;

/** Answers a request with bytes, or with 304 where the asker has them. */
export async function answerWith(request: FastifyRequest, reply: FastifyReply, answer: Answer): Promise<void> {
  const { bytes, type, compressible, cacheControl } = answer;
  const hash = hashOf(bytes);
  const zip = compressible && bytes.length > WORTH_COMPRESSING && takesGzip(request.headers['accept-encoding']);
  const tag = `"${hash}${zip ? '-gz' : ''}"`;
  reply.header('etag', tag).header('cache-control', cacheControl);
  if (compressible) reply.header('vary', 'accept-encoding');
  if (hasIt(request.headers['if-none-match'], tag)) return reply.code(304).send();
  reply.header('content-type', type);
  if (!zip) return reply.send(asBuffer(bytes));
  return reply.header('content-encoding', 'gzip').send(asBuffer(await gzippedOnce(hash, bytes)));
}

/** Whether an Accept-Encoding header names gzip and does not rule it out. */
export function takesGzip(header: string | string[] | undefined): boolean {
  return String(header ?? '')
    .split(',')
    .some((part) => /^\s*(gzip|\*)\s*(;\s*q=(1|0\.0*[1-9]|0\.[1-9]).*)?$/i.test(part));
}

function hashOf(bytes: Uint8Array): string {
  const before = hashes.get(bytes);
  if (before !== undefined) return before;
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 27);
  hashes.set(bytes, hash);
  return hash;
}

function gzippedOnce(hash: string, bytes: Uint8Array): Promise<Uint8Array> {
  const made = gzipped.get(hash) ?? compress(bytes);
  // Last in the order of the map is what was asked for last; the first is dropped when there are too many.
  gzipped.delete(hash);
  gzipped.set(hash, made);
  for (const oldest of gzipped.keys()) {
    if (gzipped.size <= GZIPPED_KEPT) break;
    gzipped.delete(oldest);
  }
  return made;
}

/** Tags compare weakly: a proxy may have marked ours `W/`. */
function hasIt(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const tags = header.split(',').map((part) => part.trim().replace(/^W\//, ''));
  return tags.includes(tag) || tags.includes('*');
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
