import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FileError, UserError } from '../../base/index.ts';
import { isFree, readFileBytes, writeFileAtomically } from '../../io/index.node.ts';
import { givenUp, type SearchIdentity, type SearchState, searchStateSchema } from './state.ts';

const STATE_FILE = 'search.json';

/**
 * The search in a folder; null when there is none yet.
 *
 * @throws FileError when the folder holds something else, or a damaged search
 */
export function readSearch(out: string): SearchState | null {
  if (isFree(out)) return null;
  const file = join(out, STATE_FILE);
  if (!existsSync(file)) {
    throw new FileError(out, '', 'this folder holds something that is not a search; give --out another name');
  }
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(readFileBytes(file)));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new FileError(file, '', `it is not JSON (${error.message}); begin anew with --overwrite`);
  }
  const parsed = searchStateSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new FileError(file, path.join('.'), `${message}; it was changed or is of another version`);
}

/** @throws UserError naming the first thing in which the search there differs from what is asked for */
export function requireSameSearch(there: SearchIdentity, wanted: SearchIdentity, out: string): void {
  const found: Readonly<Record<string, unknown>> = there;
  for (const [key, now] of Object.entries(wanted)) {
    const [before, asked] = [JSON.stringify(found[key]), JSON.stringify(now)];
    if (before === asked) continue;
    throw new UserError(
      `${out} holds a search with ${key} ${before}, not ${asked}; give --out another name, or begin anew with --overwrite`,
    );
  }
}

export function saveSearch(out: string, state: SearchState): void {
  writeFileAtomically(join(out, STATE_FILE), `${JSON.stringify(state)}\n`);
}

export function trialFolder(out: string, trial: number): string {
  return join(out, 'runs', `trial-${String(trial).padStart(3, '0')}`);
}

/** Removes the runs of trials that go no further: a hundred checkpoints would take gigabytes. */
export function removeGivenUp(out: string, state: SearchState): void {
  for (const trial of givenUp(state)) rmSync(trialFolder(out, trial), { recursive: true, force: true });
}
