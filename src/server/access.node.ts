/**
 * Who may come in. On this machine everybody may, but only under a name of this machine: a foreign page whose name was
 * turned to 127.0.0.1 (DNS rebinding) is not let in. With a token, only who brings it: once in the address, then in a cookie
 * that no script reads and no foreign page sends, or as `Authorization: Bearer`.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RefusedRequest } from './refusals.ts';

/** Whether an address, or the host of a request, is this machine's own. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name.endsWith('.localhost') || /^127(\.\d{1,3}){3}$/.test(name) || isLoopbackV6(name);
}

function isLoopbackV6(name: string): boolean {
  return isIPv6(name) && (/^[0:]*:0*1$/.test(name) || /^::ffff:127(\.\d{1,3}){3}$/.test(name));
}

/** @throws RefusedRequest when a server on this machine is asked under another machine's name */
export function requireLoopbackHost(request: FastifyRequest): void {
  const host = (request.headers.host ?? '').replace(/:\d*$/, '');
  if (!isLoopback(host)) {
    throw new RefusedRequest(421, 'this server answers only under a name of its own machine, such as localhost');
  }
}

/** The token in the address of a page, and the name of the cookie that takes its place. */
const IN_ADDRESS = 'token';

export class TokenCheck {
  readonly #expected: Buffer;
  /** Cookies are shared by all ports of a machine: servers with other tokens must not overwrite each other's. */
  readonly #cookie: string;
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
    this.#expected = digest(token);
    this.#cookie = `lightfold-${this.#expected.toString('hex').slice(0, 8)}`;
  }

  /**
   * Lets a request pass, or answers it: a page asked for with the token in its address gets the cookie and goes on
   * without the token.
   *
   * @throws RefusedRequest when the request brings no token, or a wrong one
   */
  admit(request: FastifyRequest, reply: FastifyReply): FastifyReply | null {
    const query = new URLSearchParams(request.url.split('?').slice(1).join('?'));
    const inAddress = query.get(IN_ADDRESS);
    if (inAddress !== null && request.method === 'GET' && this.#isRight(inAddress)) {
      query.delete(IN_ADDRESS);
      return this.#welcome(reply, query.size === 0 ? '/' : `/?${query}`);
    }
    const brought = [bearerOf(request.headers.authorization), cookieOf(request.headers.cookie, this.#cookie)];
    if (brought.some((token) => token !== null && this.#isRight(token))) return null;
    throw new RefusedRequest(
      401,
      'this explorer wants its token: open the address with ?token=… that was printed where it runs',
    );
  }

  /**
   * A page that goes on by itself, not a redirect: a browser sent here by a link on another site would follow that
   * without the cookie, which it keeps from foreign pages.
   */
  #welcome(reply: FastifyReply, target: string): FastifyReply {
    const escaped = target.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
    return reply
      .header('set-cookie', `${this.#cookie}=${this.#token}; Path=/; HttpOnly; SameSite=Strict`)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(
        `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${escaped}"><title>Lightfold</title><a href="${escaped}">Go on to the explorer</a>`,
      );
  }

  /** In the same time whatever was brought. */
  #isRight(token: string): boolean {
    return timingSafeEqual(digest(token), this.#expected);
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function bearerOf(header: string | undefined): string | null {
  return /^Bearer +(\S+)$/i.exec(header ?? '')?.[1] ?? null;
}

function cookieOf(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const [key, ...value] = pair.trim().split('=');
    if (key === name) return value.join('=');
  }
  return null;
}
