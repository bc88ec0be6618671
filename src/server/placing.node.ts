/** Files that readers bring: read, shifted, encoded and placed by the source, a few at a time. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ExhibitSource, placedFileSchema } from '../explorer/index.ts';
import { Admission, type Ticket } from './admission.ts';
import { answerWith } from './answer.node.ts';
import { asAnswer, documented, requireKnown, runParameters } from './data-routes.node.ts';
import { RefusedRequest } from './refusals.ts';

/** Bytes of a file: of survey files, coadds of some thousand spectra are larger. */
export const LARGEST_FILE = 64 * 2 ** 20;

/** A run takes all cores, so a second at the same time would gain nothing. */
const PLACED_AT_ONCE = 1;

/** Each may hold a file in memory. */
const ADMITTED = 8;

const LONGEST_NAME = 255;

/** A name as its machine gives it, percent-encoded where it holds what headers cannot; folders are left out. */
const fileName = z
  .string({ error: 'the name of the file is needed' })
  .min(1, 'the name of the file is needed')
  .transform((text, context) => {
    const name = decoded(text).split(/[/\\]/).at(-1) ?? '';
    if (name !== '' && name.length <= LONGEST_NAME && !/\p{Cc}/u.test(name)) return name;
    context.addIssue(`a name of a file is needed, of at most ${LONGEST_NAME} letters`);
    return z.NEVER;
  });

const redshift = z
  .string()
  .regex(/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i, 'a number is needed')
  .transform(Number)
  .refine((z) => z > -1 && z <= 100, 'a redshift above -1 and not above 100 is needed');

const schema = {
  summary: 'Read, shift and encode a file of spectra: the bytes as they are, its name in x-file-name',
  consumes: ['application/octet-stream'],
  params: runParameters,
  querystring: z.strictObject({ redshift: redshift.optional() }),
  headers: z.looseObject({ 'x-file-name': fileName }),
  response: documented(placedFileSchema),
};

export function servePlacing(app: FastifyInstance, source: ExhibitSource): void {
  const admission = new Admission(PLACED_AT_ONCE, ADMITTED);
  const tickets = new WeakMap<FastifyRequest, Ticket>();

  app.withTypeProvider<ZodTypeProvider>().post(
    '/data/:exhibit/runs/:run/place',
    {
      schema,
      bodyLimit: LARGEST_FILE,
      // Before the body: who is turned away must not fill the memory first.
      onRequest: async (request, reply) => {
        const ticket = admission.enter();
        if (ticket === null) {
          reply.header('retry-after', '5').header('connection', 'close');
          throw new RefusedRequest(429, 'too many files are being placed already; try again in some seconds');
        }
        tickets.set(request, ticket);
        reply.raw.once('finish', ticket.leave).once('close', ticket.leave);
      },
    },
    async (request, reply) => {
      const { exhibit, run } = request.params;
      requireKnown(source, exhibit, run);
      const { redshift } = request.query;
      const bytes = bytesOf(request.body);
      const asked = { exhibit, run, fileName: request.headers['x-file-name'], bytes };
      const placed = await tickets
        .get(request)
        ?.work(() => source.place({ ...asked, ...(redshift === undefined ? {} : { redshift }) }));
      // Nobody is there any more to be answered.
      if (placed === null || placed === undefined) return reply.hijack();
      const json = new TextEncoder().encode(JSON.stringify(placed));
      return answerWith(request, reply, { ...asAnswer('placed.json', json), cacheControl: 'no-store' });
    },
  );
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array && body.length > 0) return body;
  throw new RefusedRequest(400, 'the body is empty; send the bytes of the file');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
