import { randomBytes } from 'node:crypto';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InterruptedError, type LongWorkOptions, UserError } from '../base/index.ts';
import { isDatasetFolder, loadDataset } from '../dataset/index.node.ts';
import type { Dataset } from '../dataset/index.ts';
import { type ExhibitInput, type PrepareOptions, prepareExhibits } from '../explorer/index.node.ts';
import type { ExhibitSource, Exhibits } from '../explorer/index.ts';
import { openRun } from '../inference/index.node.ts';
import type { OpenRun } from '../inference/index.ts';
import { isRunFolder } from '../runs/index.node.ts';
import {
  createExplorerServer,
  type ExplorerServer,
  type ExplorerServerOptions,
  isLoopback,
} from '../server/index.node.ts';

export interface OpenExhibitsOptions extends PrepareOptions {
  /** Run folders, or folders with runs in them; runs of different datasets become several exhibits. */
  readonly runs: readonly string[];
  /** The dataset that all runs are shown with, in place of the one that each was fitted to. */
  readonly dataset?: string;
  readonly threads?: number;
  /** Told what is worth knowing and no error, a sentence at a time. */
  readonly log?: (line: string) => void;
}

/**
 * Opens runs with their datasets and prepares them to be explored.
 *
 * @throws UserError when there is no run, a dataset is missing, or a run does not know its dataset
 * @throws InterruptedError when `options.signal` fires
 */
export async function openExhibits(options: OpenExhibitsOptions): Promise<ExhibitSource> {
  const { runs, dataset, threads, log = () => undefined, ...prepare } = options;
  const inputs = new Map<string, ExhibitInput & { readonly dataset: Dataset; readonly runs: OpenRun[] }>();
  for (const path of runFoldersOf(runs)) {
    const run = await openRun(path, threads === undefined ? {} : { threads });
    const folder = dataset ?? datasetFolderOf(run);
    if (!isDatasetFolder(folder)) throw new UserError(`${folder} is not a dataset folder; --dataset takes one`);
    const key = realpathSync(folder);
    const input = inputs.get(key) ?? { name: folder, dataset: await loadDataset(folder), runs: [] };
    inputs.set(key, input);
    warnOfStranger(run, input, log);
    input.runs.push(run);
  }
  return prepareExhibits([...inputs.values()], prepare);
}

export interface ServeOptions
  extends Pick<ExplorerServerOptions, 'address' | 'port' | 'token' | 'log'>,
    Pick<LongWorkOptions, 'signal'> {}

export interface ServedExplorer extends ExplorerServer {
  readonly exhibits: Exhibits['exhibits'];
}

/**
 * Serves what was prepared until it is closed. Beyond this machine a token is made where none is given.
 *
 * @throws UserError when it cannot listen there, FileError when the page has not been built
 */
export async function serveExhibits(source: ExhibitSource, options: ServeOptions = {}): Promise<ServedExplorer> {
  const { signal, ...where } = options;
  if (signal?.aborted)
    throw new InterruptedError('interrupted before the explorer was served; the same command goes on');
  const here = isLoopback(where.address ?? 'localhost');
  const token = where.token ?? (here ? undefined : randomBytes(24).toString('base64url'));
  const server = await createExplorerServer(source, { ...where, token });
  return { ...server, exhibits: source.exhibits().exhibits };
}

/** Levels of folders in which runs are looked for: `out/vae6`, `vae6` and the folder itself. */
const LEVELS = 2;

/** Run folders in a folder and at most two levels down, by name. */
export function findRunFolders(folder: string, levels: number = LEVELS): string[] {
  if (isRunFolder(folder)) return [folder];
  if (levels === 0) return [];
  return subfoldersOf(folder)
    .map((name) => (folder === '.' ? name : join(folder, name)))
    .flatMap((path) => findRunFolders(path, levels - 1));
}

function subfoldersOf(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules')
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    // A folder that may not be read holds no run that could be opened.
    return [];
  }
}

/** @throws UserError for a path that is no run and holds none, and when there is none at all */
function runFoldersOf(paths: readonly string[]): string[] {
  if (paths.length === 0) {
    const found = findRunFolders('.');
    if (found.length > 0) return found;
    throw new UserError(
      'there is no run in this folder, nor in the two levels below; name one, or make one with train or demo',
    );
  }
  const folders = paths.flatMap((path) => {
    if (isDatasetFolder(path)) throw new UserError(`${path} is a dataset; name it with --dataset, and a run before it`);
    const found = isFolder(path) ? findRunFolders(path) : [];
    if (found.length === 0) throw new UserError(`${path}: there is no run here, nor in the two levels below`);
    return found;
  });
  return [...new Map(folders.map((folder) => [realpathSync(folder), folder])).values()];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * The dataset that a run was fitted to: where run.json says, seen from here, or beside the run when both have moved.
 *
 * @throws UserError when it is in neither place
 */
function datasetFolderOf({ run: { path, description } }: OpenRun): string {
  const told = description.dataset.path;
  if (told === null) {
    throw new UserError(`${path}: it was fitted to a dataset that was never on disk; name one with --dataset`);
  }
  const beside = join(dirname(resolve(path)), basename(told));
  const found = [told, beside].find(isDatasetFolder);
  if (found !== undefined) return found;
  throw new UserError(`${path}: its dataset ${told} is not there; say with --dataset where it is`);
}

function warnOfStranger(
  { run: { path, description } }: OpenRun,
  { name, dataset }: Pick<ExhibitInput, 'name' | 'dataset'>,
  log: (line: string) => void,
): void {
  const { checksum } = dataset.manifest;
  if (checksum === undefined || checksum === description.dataset.checksum) return;
  log(
    `${path}: fitted on another dataset than ${name} (their checksums differ); its splits do not say what it was trained on`,
  );
}
