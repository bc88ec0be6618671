/**
 * The doors that a request passes, in order: headers of every answer, whether the asker may come in, the route with its
 * schemas, and one place where whatever went wrong becomes a sentence.
 */
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { ExhibitSource } from '../explorer/index.ts';
import { requireLoopbackHost, TokenCheck } from './access.node.ts';
import { API_PAGE, serveApiPage } from './api-page.node.ts';
import { serveData } from './data-routes.node.ts';
import { API_POLICY, PAGE_POLICY, SECURITY_HEADERS } from './headers.ts';
import { servePage } from './page.node.ts';
import { LARGEST_FILE, servePlacing } from './placing.node.ts';
import { refusalOf } from './refusals.ts';

export interface ApplicationOptions {
  /** Requests must name this machine as their host. */
  readonly loopbackOnly: boolean;
  readonly token: string | null;
  /** The built page. */
  readonly pageFolder: string;
  /** Told of bugs, a line each. */
  readonly log: (line: string) => void;
}

/** Milliseconds: for all of a request to arrive, for its headers, and without a byte either way while work goes on. */
const TIMES = { request: 120_000, headers: 20_000, idle: 900_000, keptAlive: 10_000 };

/** @throws FileError when the page has not been built */
export async function makeApplication(source: ExhibitSource, options: ApplicationOptions): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: LARGEST_FILE,
    requestTimeout: TIMES.request,
    connectionTimeout: TIMES.idle,
    keepAliveTimeout: TIMES.keptAlive,
    http: { headersTimeout: TIMES.headers },
    forceCloseConnections: true,
    clientErrorHandler: (error, socket) => answerNoRequest(error, socket),
    frameworkErrors: (error, request, reply) => {
      setHeaders(request, reply);
      refuse(error, request, reply, options.log);
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply, options.log));
  guard(app, options);
  await serveApiPage(app);
  serveData(app, source);
  servePlacing(app, source);
  await servePage(app, options.pageFolder);
  return app;
}

function guard(app: FastifyInstance, { loopbackOnly, token }: ApplicationOptions): void {
  const check = token === null ? null : new TokenCheck(token);
  app.addHook('onRequest', async (request, reply) => {
    setHeaders(request, reply);
    if (loopbackOnly) requireLoopbackHost(request);
    return check?.admit(request, reply) ?? undefined;
  });
}

function setHeaders(request: FastifyRequest, reply: FastifyReply): void {
  const ofApi = request.url === API_PAGE || request.url.startsWith(`${API_PAGE}/`);
  reply.headers({ ...SECURITY_HEADERS, 'content-security-policy': ofApi ? API_POLICY : PAGE_POLICY });
}

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply, log: (line: string) => void): void {
  const refusal = refusalOf(error);
  if (refusal === null) log(`a bug of ours, at ${request.method} ${request.url}: ${stackOf(error)}`);
  const { status, sentence } = refusal ?? {
    status: 500,
    sentence: 'a bug of ours; the terminal of the explorer says more',
  };
  reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ error: sentence }));
}

/** What came is no request at all: the answer is written by hand, since there is nothing that could be routed. */
function answerNoRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, sentence] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'the address or the headers are too long']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'the request took too long to arrive']
        : ['400 Bad Request', 'this is not a request of HTTP'];
  const body = JSON.stringify({ error: sentence });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
