import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type LongWorkOptions, Random, SOFTWARE_VERSION, UserError } from '../../base/index.ts';
import { describeDataset } from '../../dataset/index.node.ts';
import { writeFileAtomically } from '../../io/index.node.ts';
import { tableBytes } from '../../io/index.ts';
import { findModel, MODELS, type ModelShape, type SearchSpace, type Settings } from '../../models/index.ts';
import { type FigureFormat, figureFile } from '../../plots/index.node.ts';
import { searchFigure } from '../../plots/index.ts';
import { climb } from './climb.node.ts';
import { leaderboardTable, searchData } from './leaderboard.ts';
import { beginSearch, ranked, type SearchIdentity, type SearchState, type Trial } from './state.ts';
import { readSearch, requireSameSearch, saveSearch, trialFolder } from './store.node.ts';
import { startTrialWorker, type TrialWorker } from './trial-worker.node.ts';

export interface SearchOptions extends LongWorkOptions {
  /** Folder of the search; a search that was begun there is gone on with. */
  readonly out: string;
  /** Settings to draw; 100 unless told. */
  readonly trials?: number;
  /** Q; 6 unless told. */
  readonly latents?: number;
  /** Settings held fixed in all trials, also such as would otherwise be drawn. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Of the draws and of every training; 1 unless told. */
  readonly seed?: number;
  /** Trials trained at once, each on one thread; as many as there are cores unless told. */
  readonly threads?: number;
  /** Trials trained to their end, whose runs are kept; 3 unless told. */
  readonly finalists?: number;
  /** Epochs after which the first trials are given up; 1 unless told. */
  readonly firstRung?: number;
  /** Begin anew, removing the search that is there. */
  readonly overwrite?: boolean;
  /** Of the figure; `svg` unless told. */
  readonly format?: FigureFormat;
  /** What trials run in, in place of processes. */
  readonly startWorker?: () => TrialWorker;
}

export interface SearchOutcome {
  readonly trials: number;
  readonly failed: number;
  readonly best: {
    readonly trial: number;
    /** The settings that were drawn or held fixed. */
    readonly config: Settings;
    readonly validLoss: number;
    /** What trials are ranked by. */
    readonly error: number;
    readonly latentsInUse: number;
    /** Its run folder. */
    readonly path: string;
  };
  /** Over all the times that the search was gone on with. */
  readonly seconds: number;
  /** All trials, best first. */
  readonly leaderboard: readonly Trial[];
  readonly table: string;
  readonly figure: string;
}

/** Going on to the best third, as Li et al. (2020) do. */
const ETA = 3;
const DEFAULT_LATENTS = 6;

/**
 * Random search with successive halving over the space that a model declares (VAE paper, section 3; Li et al. 2020).
 * Trials are ranked by the validation term that the space names, which does not contain what is searched. The outcome
 * depends on the seed, not on the number of processes or their speed, nor on where it was interrupted or killed.
 *
 * @param path a dataset folder
 * @throws UserError when the model has nothing to search, or `out` holds another search
 * @throws InterruptedError when the signal fires; the state is saved by then
 */
export async function searchSettings(modelName: string, path: string, options: SearchOptions): Promise<SearchOutcome> {
  const manifest = describeDataset(path);
  const shape = { pixels: manifest.pixels, latents: options.latents ?? DEFAULT_LATENTS };
  const space = spaceOf(modelName, shape);
  const { held, maximumEpochs } = heldFixed(modelName, shape, options.settings);
  const { trials = 100, seed = 1, finalists = 3, firstRung = 1 } = options;
  const identity: SearchIdentity = {
    ...{ software: SOFTWARE_VERSION, model: modelName, latents: shape.latents, seed, dataset: manifest.checksum },
    ...{ trials, firstRung, eta: ETA, finalists, settings: held },
  };
  const begun = takeUp(options, identity, space);
  const threads = Math.min(options.threads ?? availableParallelism(), identity.trials);
  const start = options.startWorker ?? startTrialWorker;
  const { onProgress, signal } = options;
  const state = await climb(begun, {
    ...{ out: options.out, datasetPath: path, rankBy: space.rankBy },
    maximumEpochs,
    workers: Array.from({ length: threads }, () => start()),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  return written(state, space, options);
}

/** @throws UserError when the model does not say what is worth searching */
function spaceOf(modelName: string, shape: ModelShape): SearchSpace {
  const space = findModel(modelName).searchSpace?.(shape);
  if (space !== undefined) return space;
  const others = Object.values(MODELS).filter((model) => model.searchSpace !== undefined);
  throw new UserError(
    `${modelName} has no settings worth a random search; those that have are ${others.map(({ name }) => name).join(', ')}`,
  );
}

/** The settings that all trials share, as the model reads them, and the epochs that they allow a trial. */
function heldFixed(modelName: string, shape: ModelShape, given: Readonly<Record<string, unknown>> = {}) {
  const { fitting, settings } = findModel(modelName).configure(shape, given);
  if (fitting.kind !== 'gradient') throw new Error(`${modelName} has a search space but does not train by epochs`);
  const held = Object.fromEntries(Object.keys(given).map((key) => [key, settings[key]]));
  return { held, maximumEpochs: fitting.optimisation.maximumEpochs };
}

/** The search as it stands in its folder, or a new one. */
function takeUp({ out, overwrite = false }: SearchOptions, identity: SearchIdentity, space: SearchSpace): SearchState {
  const there = readSearch(out);
  if (there !== null && !overwrite) {
    requireSameSearch(there.identity, identity, out);
    return there;
  }
  const begun = beginSearch(identity, space, new Random(identity.seed).stream('search'));
  if (there !== null) rmSync(out, { recursive: true, force: true });
  saveSearch(out, begun);
  return begun;
}

async function written(state: SearchState, space: SearchSpace, options: SearchOptions): Promise<SearchOutcome> {
  const { out, format = 'svg' } = options;
  const leaderboard = ranked(state.trials);
  const failed = leaderboard.filter(({ failure }) => failure !== null);
  const [first] = leaderboard;
  const result = first.results.at(-1);
  if (first.failure !== null || result === undefined) {
    throw new UserError(`all ${leaderboard.length} trials failed, the first of them because: ${failed[0].failure}`);
  }
  const model = findModel(state.identity.model);
  const { name, bytes } = await figureFile(searchFigure(searchData(state, space, model.title)), format);
  const files = { table: join(out, 'leaderboard.csv'), figure: join(out, name) };
  writeFileAtomically(files.table, tableBytes(leaderboardTable(state, space), '.csv'));
  writeFileAtomically(join(out, 'leaderboard.json'), `${JSON.stringify(leaderboard, null, 1)}\n`);
  writeFileAtomically(files.figure, bytes);
  return {
    trials: leaderboard.length,
    failed: failed.length,
    best: {
      trial: first.trial,
      config: first.settings,
      validLoss: result.validLoss,
      error: result.error,
      latentsInUse: result.latentsInUse,
      path: trialFolder(out, first.trial),
    },
    seconds: state.seconds,
    leaderboard,
    ...files,
  };
}
