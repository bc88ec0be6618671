import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { SOFTWARE_VERSION } from '../base/index.ts';

export const API_PAGE = '/api';

/** Describes all routes registered after it, at `/api` for people and at `/api/json` for programs. */
export async function serveApiPage(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      info: {
        title: 'Lightfold explorer',
        description: 'What the page of the explorer asks of its server. A static site holds the same as files.',
        version: SOFTWARE_VERSION,
      },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: API_PAGE });
}
