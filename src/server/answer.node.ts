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

/** What is known of bytes that were sent before, for as long as their owner keeps them. */
interface Sent {
  readonly hash: string;
  gzipped: Promise<Uint8Array> | null;
}

const sent = new WeakMap<Uint8Array, Sent>();

/** Answers a request with bytes, or with 304 where the asker has them. */
export async function answerWith(request: FastifyRequest, reply: FastifyReply, answer: Answer): Promise<void> {
  const { bytes, type, compressible, cacheControl } = answer;
  const known = knownOf(bytes);
  const gzipped = compressible && bytes.length > WORTH_COMPRESSING && takesGzip(request.headers['accept-encoding']);
  const tag = `"${known.hash}${gzipped ? '-gz' : ''}"`;
  reply.header('etag', tag).header('cache-control', cacheControl);
  if (compressible) reply.header('vary', 'accept-encoding');
  if (hasIt(request.headers['if-none-match'], tag)) return reply.code(304).send();
  reply.header('content-type', type);
  if (!gzipped) return reply.send(asBuffer(bytes));
  known.gzipped ??= compress(bytes);
  return reply.header('content-encoding', 'gzip').send(asBuffer(await known.gzipped));
}

/** Whether an Accept-Encoding header names gzip and does not rule it out. */
export function takesGzip(header: string | string[] | undefined): boolean {
  return String(header ?? '')
    .split(',')
    .some((part) => /^\s*(gzip|\*)\s*(;\s*q=(1|0\.0*[1-9]|0\.[1-9]).*)?$/i.test(part));
}

function knownOf(bytes: Uint8Array): Sent {
  const before = sent.get(bytes);
  if (before !== undefined) return before;
  const made = { hash: createHash('sha256').update(bytes).digest('base64url').slice(0, 27), gzipped: null };
  sent.set(bytes, made);
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
