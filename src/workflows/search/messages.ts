/** What the search and the processes that run its trials say to each other. */
import { z } from 'zod';
import { rungResultSchema } from './state.ts';

export const requestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('advance'),
    /** Dataset folder. */
    dataset: z.string(),
    model: z.string(),
    latents: z.number(),
    seed: z.number(),
    settings: z.record(z.string(), z.unknown()).readonly(),
    rankBy: z.string(),
    /** Run folder. */
    out: z.string(),
    /** Epochs in all; null = to the end. */
    pauseAfter: z.number().nullable(),
  }),
  z.object({ kind: z.literal('stop') }),
]);

export const replySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), epochs: z.number() }),
  z.object({ kind: z.literal('advanced'), result: rungResultSchema }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
  z.object({ kind: z.literal('interrupted') }),
  /** No trial can run, whatever its settings. */
  z.object({ kind: z.literal('broken'), message: z.string() }),
]);

export type Request = z.infer<typeof requestSchema>;
export type AdvanceRequest = Extract<Request, { kind: 'advance' }>;
export type Reply = z.infer<typeof replySchema>;
