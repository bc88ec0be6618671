/** What may be done with the folder that a fit is to write. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FileError, UserError } from '../base/index.ts';
import { isFree } from '../io/index.node.ts';
import { isRunFolder, loadRun } from '../runs/index.node.ts';
import type { Run } from '../runs/index.ts';
import { CHECKPOINT_FOLDER, type Checkpoint, type FitIdentity, readCheckpoint } from './checkpoint.node.ts';
import type { FitOptions } from './fit-options.ts';

/** The folder as it is found, and what the fit in it was begun with. */
export type Target =
  | { readonly kind: 'open'; readonly identity: FitIdentity | null; readonly checkpoint: Checkpoint | null }
  | { readonly kind: 'replace'; readonly identity: null; readonly checkpoint: null }
  | { readonly kind: 'finished'; readonly identity: FitIdentity; readonly run: Run };

const EMPTY: Target = { kind: 'open', identity: null, checkpoint: null };

/**
 * @throws FileError when `out` holds something and neither `resume` nor `overwrite` was asked for, or when it holds
 *   something that is no run
 */
export function examineTarget({ out, resume = false, overwrite = false }: FitOptions): Target {
  if (isFree(out)) return EMPTY;
  const finished = isRunFolder(out);
  if (!finished && !existsSync(join(out, CHECKPOINT_FOLDER))) {
    throw new FileError(out, '', 'this folder holds something that is not a run; give --out another name');
  }
  if (overwrite) return { kind: 'replace', identity: null, checkpoint: null };
  if (!resume) {
    throw new FileError(
      out,
      '',
      finished
        ? 'there is a finished run here already; give --out another name, or --overwrite'
        : 'there is an interrupted run here already; go on with --resume, or start anew with --overwrite',
    );
  }
  if (finished) {
    const run = loadRun(out);
    return { kind: 'finished', identity: identityOfRun(run), run };
  }
  const checkpoint = readCheckpoint(out);
  return { kind: 'open', identity: checkpoint?.identity ?? null, checkpoint };
}

/** Removes the run that is to be replaced; not before everything else about the new one has been found in order. */
export function clearTarget(out: string): void {
  rmSync(out, { recursive: true, force: true });
}

function identityOfRun({ description }: Run): FitIdentity {
  const { model, latents, settings, seed, threads, dataset } = description;
  return { model, latents, settings, seed, threads, datasetChecksum: dataset.checksum };
}

/** @throws UserError when a fit of another model was begun in `out` */
export function requireSameModel(begun: FitIdentity, model: string, out: string): void {
  if (begun.model !== model) refuse(out, 'model', begun.model, model);
}

/**
 * Holds what a fit was begun with against what is asked for now. Threads may differ; the weights then do too, in
 * their last digits.
 *
 * @throws UserError naming the first difference
 */
export function requireSameFit(begun: FitIdentity, wanted: FitIdentity, out: string): void {
  const difference = differenceBetween(begun, wanted);
  if (difference === null) return;
  if (difference.what === 'dataset') {
    throw new UserError(`${out} was begun with another dataset than this; resume it with the one it was begun with.`);
  }
  refuse(out, difference.what, difference.before, difference.now);
}

export interface FitDifference {
  readonly what: string;
  readonly before: unknown;
  readonly now: unknown;
}

/** The first thing in which two fits differ, threads apart; null when they are the same. */
export function differenceBetween(begun: FitIdentity, wanted: FitIdentity): FitDifference | null {
  const pairs: FitDifference[] = [
    { what: 'model', before: begun.model, now: wanted.model },
    { what: '--latents', before: begun.latents, now: wanted.latents },
    { what: '--seed', before: begun.seed, now: wanted.seed },
    ...Object.entries(wanted.settings).map(([key, now]) => ({
      what: `setting ${key}`,
      before: begun.settings[key],
      now,
    })),
    { what: 'dataset', before: begun.datasetChecksum, now: wanted.datasetChecksum },
  ];
  return pairs.find(({ before, now }) => JSON.stringify(before) !== JSON.stringify(now)) ?? null;
}

function refuse(out: string, what: string, then: unknown, now: unknown): never {
  throw new UserError(
    `${out} was begun with ${what} ${JSON.stringify(then)}, not ${JSON.stringify(now)}; ` +
      'resume it with what it was begun with, or give --out another name.',
  );
}
