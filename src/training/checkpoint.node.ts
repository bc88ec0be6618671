/**
 * Checkpoints that survive `kill -9` at any moment. The arrays go to a file named after the state they belong to;
 * then state.json, which names that file, is replaced atomically; then older arrays are removed. Whatever moment the
 * process dies at, state.json names complete arrays.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { FileError } from '../base/index.ts';
import { createNpyRowWriter, makeFolder, readFileBytes, readNpyInto, writeFileAtomically } from '../io/index.node.ts';
import type { Parameters } from '../models/index.ts';

export const CHECKPOINT_FOLDER = 'checkpoint';
const STATE_FILE = 'state.json';
const FORMAT = 1;

const historySchema = z
  .array(
    z.object({
      step: z.number(),
      trainLoss: z.number(),
      validLoss: z.number().nullable(),
      terms: z.record(z.string(), z.number()).readonly(),
    }),
  )
  .readonly();

const randomStateSchema = z.object({
  words: z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly(),
  spareNormal: z.number().nullable(),
});

const descentSchema = z.object({
  kind: z.literal('gradient'),
  epoch: z.number(),
  batch: z.number(),
  step: z.number(),
  noise: randomStateSchema,
  sums: z.record(z.string(), z.number()).readonly(),
  plateau: z.object({
    learningRate: z.number(),
    best: z.number().nullable(),
    reference: z.number().nullable(),
    bestEpoch: z.number(),
    epochsSinceBest: z.number(),
    epochsSinceReduction: z.number(),
  }),
  history: historySchema,
  seconds: z.number(),
  finished: z.boolean(),
});

const directSchema = z.object({
  kind: z.literal('direct'),
  step: z.number(),
  history: historySchema,
  seconds: z.number(),
});

/** What must be the same for a fit to be resumed. */
const identitySchema = z.object({
  model: z.string(),
  latents: z.number(),
  settings: z.record(z.string(), z.unknown()).readonly(),
  seed: z.number(),
  threads: z.number(),
  datasetChecksum: z.string(),
});

const stateSchema = z.object({
  kind: z.literal('lightfold-checkpoint'),
  format: z.literal(FORMAT),
  identity: identitySchema,
  progress: z.discriminatedUnion('kind', [descentSchema, directSchema]),
  arraysFile: z.string(),
  arrays: z.array(z.object({ name: z.string(), shape: z.array(z.number().int().nonnegative()) })),
});

export type FitIdentity = z.infer<typeof identitySchema>;
export type FitProgress = z.infer<typeof stateSchema>['progress'];

export interface Checkpoint {
  readonly identity: FitIdentity;
  readonly progress: FitProgress;
  readonly arrays: Parameters;
}

/** Saves the state in which a fit of the run folder `out` stands, in place of the one before. */
export function saveCheckpoint(out: string, { identity, progress, arrays }: Checkpoint): void {
  const folder = join(out, CHECKPOINT_FOLDER);
  makeFolder(folder);
  const before = readdirSync(folder).filter((name) => name.endsWith('.npy'));
  const arraysFile = nameUnlike(before, progress.step);
  const writer = createNpyRowWriter(join(folder, arraysFile), 1);
  for (const { data } of Object.values(arrays)) writer.append(data);
  writer.finish();
  const state: z.infer<typeof stateSchema> = {
    kind: 'lightfold-checkpoint',
    format: FORMAT,
    identity,
    progress,
    arraysFile,
    arrays: Object.entries(arrays).map(([name, { shape }]) => ({ name, shape: [...shape] })),
  };
  writeFileAtomically(join(folder, STATE_FILE), JSON.stringify(state));
  for (const name of before) rmSync(join(folder, name), { force: true });
}

/**
 * The checkpoint in a run folder; null when there is none.
 *
 * @throws FileError when it is damaged
 */
export function readCheckpoint(out: string): Checkpoint | null {
  const folder = join(out, CHECKPOINT_FOLDER);
  const file = join(folder, STATE_FILE);
  if (!existsSync(file)) return null;
  const { identity, progress, arrays, arraysFile } = parseState(new TextDecoder().decode(readFileBytes(file)), file);
  const lengths = arrays.map(({ shape }) => shape.reduce((size, dimension) => size * dimension, 1));
  const all = new Float32Array(lengths.reduce((total, length) => total + length, 0));
  readNpyInto(join(folder, arraysFile), all);
  let start = 0;
  const named = arrays.map(({ name, shape }, index) => {
    const data = all.subarray(start, start + lengths[index]);
    start += lengths[index];
    return [name, { shape, data }] as const;
  });
  return { identity, progress, arrays: Object.fromEntries(named) };
}

export function removeCheckpoint(out: string): void {
  rmSync(join(out, CHECKPOINT_FOLDER), { recursive: true, force: true });
}

function parseState(text: string, file: string): z.infer<typeof stateSchema> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new FileError(
      file,
      '',
      `it is not JSON (${error instanceof Error ? error.message : error}); remove the run and train again`,
    );
  }
  const parsed = stateSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new FileError(
    file,
    path.join('.'),
    `it is not a checkpoint of this version of Lightfold (${message}); remove the run and train again`,
  );
}

/** A save must never write over the arrays that state.json still names. */
function nameUnlike(taken: readonly string[], step: number): string {
  let name = `step-${step}.npy`;
  for (let copy = 2; taken.includes(name); copy++) name = `step-${step}-${copy}.npy`;
  return name;
}
