/** The resources of the protocol, one route each: what an address may be is written here and nowhere else. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ExhibitSource, exhibitSchema, exhibitsSchema, refusalSchema, resourceName } from '../explorer/index.ts';
import { type Answer, answerWith } from './answer.node.ts';
import { RefusedRequest } from './refusals.ts';

/** Data may be prepared anew under the same address: whoever has them asks whether they still hold. */
const REVALIDATED = 'private, no-cache';

const TYPES = {
  json: 'application/json; charset=utf-8',
  arrow: 'application/vnd.apache.arrow.file',
  onnx: 'application/octet-stream',
  npz: 'application/zip',
  gz: 'application/gzip',
} as const;

const nothing = z.strictObject({});
const exhibitParameters = z.strictObject({ exhibit: resourceName });
const blockParameters = exhibitParameters.extend({
  block: z.string().regex(/^(0|[1-9]\d{0,8})$/, 'the number of a block is needed'),
});
export const runParameters = exhibitParameters.extend({ run: resourceName });

const EXHIBIT_TABLES = [
  ['catalogue.arrow', 'One row an object, columns as the exhibit describes them'],
  ['grid.arrow', 'Wavelengths of the pixels, rest-frame vacuum ångström'],
] as const;

const RUN_FILES = [
  ['latents.arrow', 'One row an object, columns as the run describes them'],
  ['umap.arrow', 'UMAP of the latents'],
  ['latents.npz', 'Latents of training objects, for the redshift scan; of runs that keep them'],
  ['encoder.onnx', 'Spectra to latents'],
  ['decoder.onnx', 'Latents to spectra and labels'],
  ['joint-encoder.onnx', 'Spectra and labels to latents; of joint models alone'],
  ['label-encoder.onnx', 'Labels to latents; of joint models that keep it'],
] as const;

/** @throws RefusedRequest for an exhibit, or a run of it, that there is not */
export function requireKnown(source: ExhibitSource, exhibit: string, run?: string): void {
  const entry = source.exhibits().exhibits.find(({ name }) => name === exhibit);
  if (entry === undefined) throw new RefusedRequest(404, `there is no exhibit ${exhibit}`);
  if (run !== undefined && !entry.runs.includes(run)) {
    throw new RefusedRequest(404, `the exhibit ${exhibit} has no run ${run}`);
  }
}

/** GET of everything under `/data`. */
export function serveData(app: FastifyInstance, source: ExhibitSource): void {
  const ending = source.exhibits().compressed ? '.gz' : '';
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/data/exhibits.json',
    { schema: { summary: 'What there is to see', querystring: nothing, response: documented(exhibitsSchema) } },
    (request, reply) => {
      const bytes = new TextEncoder().encode(JSON.stringify(source.exhibits()));
      return answerWith(request, reply, asAnswer('exhibits.json', bytes));
    },
  );

  routes.get(
    '/data/:exhibit/exhibit.json',
    {
      schema: {
        summary: 'A dataset with the runs that know it',
        params: exhibitParameters,
        querystring: nothing,
        response: documented(exhibitSchema),
      },
    },
    async (request, reply) => {
      const { exhibit } = request.params;
      requireKnown(source, exhibit);
      return answerWith(request, reply, await resource(`${exhibit}/exhibit.json`));
    },
  );

  for (const [file, summary] of EXHIBIT_TABLES) {
    routes.get(
      `/data/:exhibit/${file}${ending}`,
      {
        schema: {
          summary,
          params: exhibitParameters,
          querystring: nothing,
          response: documentedBytes(`${file}${ending}`),
        },
      },
      async (request, reply) => {
        const { exhibit } = request.params;
        requireKnown(source, exhibit);
        return answerWith(request, reply, await resource(`${exhibit}/${file}${ending}`));
      },
    );
  }

  routes.get(
    `/data/:exhibit/spectra/:block.arrow${ending}`,
    {
      schema: {
        summary: 'Flux and error of a block of objects',
        params: blockParameters,
        querystring: nothing,
        response: documentedBytes(`.arrow${ending}`),
      },
    },
    async (request, reply) => {
      const { exhibit, block } = request.params;
      requireKnown(source, exhibit);
      return answerWith(request, reply, await resource(`${exhibit}/spectra/${block}.arrow${ending}`));
    },
  );

  for (const [name, summary] of [...RUN_FILES, ['run.json', 'How the run was made'] as const]) {
    const file = /\.(json|npz)$/.test(name) ? name : `${name}${ending}`;
    routes.get(
      `/data/:exhibit/runs/:run/${file}`,
      { schema: { summary, params: runParameters, querystring: nothing, response: documentedBytes(file) } },
      async (request, reply) => {
        const { exhibit, run } = request.params;
        requireKnown(source, exhibit, run);
        return answerWith(request, reply, await resource(`${exhibit}/runs/${run}/${file}`));
      },
    );
  }

  async function resource(address: string): Promise<Answer> {
    const bytes = await source.resource(address);
    if (bytes === null) throw new RefusedRequest(404, `there is no ${address}`);
    return asAnswer(address, bytes);
  }
}

/** JSON is worth compressing; columns of measured numbers hardly are, and a source that thinks otherwise has done it. */
export function asAnswer(address: string, bytes: Uint8Array): Answer {
  return { bytes, type: typeOf(address), compressible: address.endsWith('.json'), cacheControl: REVALIDATED };
}

/** For the description at /api: answers are bytes made elsewhere, which the framework passes on as they are. */
export function documented<T extends z.ZodType>(schema: T) {
  return { 200: schema, '4xx': refusalSchema };
}

function documentedBytes(name: string) {
  return {
    200: { description: 'bytes', content: { [typeOf(name)]: { schema: z.string().meta({ format: 'binary' }) } } },
    '4xx': refusalSchema,
  };
}

function typeOf(address: string): string {
  const [name] = Object.keys(TYPES).filter((ending) => address.endsWith(`.${ending}`)) as (keyof typeof TYPES)[];
  return TYPES[name];
}
