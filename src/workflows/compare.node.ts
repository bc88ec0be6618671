import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Evaluation, errorPoints, evaluateRuns, reportData, trainingHistories } from '../analysis/index.ts';
import { InterruptedError, type LongWorkOptions, type ProgressReport, UserError } from '../base/index.ts';
import { loadDataset } from '../dataset/index.node.ts';
import type { Dataset, Split } from '../dataset/index.ts';
import { openRun } from '../inference/index.node.ts';
import type { OpenRun } from '../inference/index.ts';
import { isFree, writeFileAtomically } from '../io/index.node.ts';
import { tableBytes } from '../io/index.ts';
import { findModel } from '../models/index.ts';
import { type FigureFormat, figureFile } from '../plots/index.node.ts';
import { drawFigures, type FigureData, reportPage } from '../plots/index.ts';
import { fitOrReuse } from '../training/index.node.ts';
import { shapeFor } from '../training/index.ts';
import { comparisonTable } from './comparison-table.ts';
import type { WrittenFigure } from './figures.node.ts';

export interface CompareOptions extends LongWorkOptions {
  /** Folder for the runs, the table, the figures and the page. */
  readonly out: string;
  /** Models by name (models/registry.ts). */
  readonly models: readonly string[];
  /** Numbers of latents; every model is fitted at each. */
  readonly latents: readonly number[];
  /** Settings by model; the rest take their defaults. */
  readonly settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Objects to judge on; `test` unless told. The paper's Fig. 3 judges on its validation set. */
  readonly split?: Split | 'all';
  readonly seed?: number;
  readonly threads?: number;
  /** `svg` unless told. */
  readonly format?: FigureFormat;
  /** The command, for the page. */
  readonly command?: string;
}

export interface Comparison extends Evaluation {
  /** Of all runs, how many were fitted now and how many were there already. */
  readonly trained: number;
  readonly reused: number;
  /** comparison.csv; comparison.json beside it holds the evaluation. */
  readonly table: string;
  readonly figures: readonly WrittenFigure[];
  readonly page: string;
  /** What was set of each model beyond its defaults. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * The comparison of the VAE paper's Fig. 3: every model at every number of latents, fitted to one dataset and scored
 * by class on the same objects. Each model is made as that figure makes it (PCA classical) unless `settings` say
 * otherwise. Runs lie in `runs/` (`vae-6`); those that are there from the same dataset, settings,
 * seed and software are taken as they are, interrupted ones are resumed, others are fitted anew.
 *
 * @param path a dataset folder
 * @throws UserError for unknown models and settings, before anything is fitted
 * @throws InterruptedError when the signal fires; the state is saved by then
 */
export async function compareModels(path: string, options: CompareOptions): Promise<Comparison> {
  refuseTarget(options.out);
  const dataset = await loadDataset(path);
  const plans = plansFor(dataset, options);
  const fits = await fitAll(plans, dataset, path, options);
  const runs: OpenRun[] = [];
  for (const { folder } of plans) runs.push(await openRun(folder, threadsOf(options)));
  const { onProgress, signal } = options;
  const evaluation = await evaluateRuns(runs, dataset, {
    split: options.split ?? 'test',
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  const data = figuresOf(runs, evaluation);
  const page = reportData(runs, dataset, evaluation, data, {
    title: 'Models compared',
    summary: [
      `Each model was fitted to the training spectra of one dataset with ${listed(options.latents.map(String))} latents, and judged on ${JUDGED_ON[options.split ?? 'test']}.`,
    ],
    facts: options.command === undefined ? [] : [{ name: 'Command', value: options.command }],
    datasetPath: path,
  });
  const written = { table: join(options.out, 'comparison.csv'), page: join(options.out, 'index.html') };
  writeFileAtomically(written.table, tableBytes(comparisonTable(evaluation), '.csv'));
  writeFileAtomically(join(options.out, 'comparison.json'), `${JSON.stringify(evaluation, null, 1)}\n`);
  writeFileAtomically(written.page, reportPage(page));
  const settings = Object.fromEntries(plans.map((plan) => [plan.model, plan.settings]));
  return { ...evaluation, ...fits, ...written, settings, figures: await writeDrawn(data, options) };
}

/** What the page says of the objects that errors are measured on. */
const JUDGED_ON: Readonly<Record<Split | 'all', string>> = {
  test: 'spectra it had not seen',
  valid: 'the validation spectra, which had told when training should stop',
  train: 'the very spectra it was fitted to',
  all: 'all spectra, those it was fitted to among them',
};

interface Plan {
  readonly model: string;
  readonly latents: number;
  readonly folder: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Epochs at most; null for a model with its own iterations, which takes seconds. */
  readonly epochs: number | null;
}

/** Every fit with its settings tried, so that a mistake is told before the first one begins. */
function plansFor(dataset: Dataset, { models, latents, settings = {}, out }: CompareOptions): Plan[] {
  if (models.length === 0 || latents.length === 0) throw new UserError('name at least one model and number of latents');
  for (const model of models) findModel(model);
  const stray = Object.keys(settings).find((model) => !models.includes(model));
  if (stray !== undefined) {
    throw new UserError(
      `settings are given for ${stray}, which is not among the models compared: ${models.join(', ')}`,
    );
  }
  const twice = [...models, ...latents].find((entry, index, all) => all.indexOf(entry) !== index);
  if (twice !== undefined) throw new UserError(`${twice} is named twice; name each model and number of latents once`);
  return models.flatMap((model) =>
    latents.map((count): Plan => {
      const definition = findModel(model);
      const own = { ...definition.comparisonSettings, ...settings[model] };
      const { fitting } = definition.configure(shapeFor(dataset, count), own);
      const epochs = fitting.kind === 'gradient' ? fitting.optimisation.maximumEpochs : null;
      return { model, latents: count, folder: join(out, 'runs', `${model}-${count}`), settings: own, epochs };
    }),
  );
}

async function fitAll(
  plans: readonly Plan[],
  dataset: Dataset,
  datasetPath: string,
  options: CompareOptions,
): Promise<{ readonly trained: number; readonly reused: number }> {
  const progress = new ComparisonProgress(plans, options.onProgress);
  let reused = 0;
  for (const [index, { model, latents, folder, settings }] of plans.entries()) {
    try {
      const fitted = await fitOrReuse(model, dataset, {
        out: folder,
        latents,
        settings,
        datasetPath,
        ...threadsOf(options),
        ...(options.seed === undefined ? {} : { seed: options.seed }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        onProgress: (report) => progress.report(index, report),
      });
      if (fitted.reused) reused++;
      progress.finished(index, fitted.reused ? 0 : fitted.run.description.training.epochs);
    } catch (error) {
      if (!(error instanceof InterruptedError)) throw error;
      const left = `${index} of ${plans.length} models are fitted and the state of ${model} with ${latents} latents is saved`;
      throw new InterruptedError(`the comparison was interrupted; ${left}; the same command goes on from there`, {
        cause: error,
      });
    }
  }
  return { trained: plans.length - reused, reused };
}

/**
 * One bar over all fits, in epochs. A fit stops by itself long before its last epoch allowed, so those to come are
 * reckoned at the mean of those that are done; a fit by iterations counts as one epoch.
 */
class ComparisonProgress {
  readonly #plans: readonly Plan[];
  readonly #onProgress: LongWorkOptions['onProgress'];
  readonly #spent: number[] = [];
  readonly #descents: number[] = [];

  constructor(plans: readonly Plan[], onProgress: LongWorkOptions['onProgress']) {
    this.#plans = plans;
    this.#onProgress = onProgress;
  }

  finished(index: number, epochs: number): void {
    const descended = this.#plans[index].epochs !== null;
    this.#spent.push(descended || epochs === 0 ? epochs : 1);
    if (descended && epochs > 0) this.#descents.push(epochs);
  }

  report(index: number, { stage, done, note }: ProgressReport): void {
    const plan = this.#plans[index];
    // Infill, before the first epoch, reports iterations of its own.
    const descending = plan.epochs !== null && stage.startsWith('training');
    const own = descending ? done : 0;
    const spent = this.#spent.reduce((total, epochs) => total + epochs, 0) + own;
    const coming = this.#plans.slice(index).reduce((total, { epochs }) => total + this.#expected(epochs), 0);
    this.#onProgress?.({
      stage: 'comparing models',
      done: spent,
      total: Math.max(spent, spent - own + coming),
      atMost: this.#descents.length === 0,
      note: [
        `${index + 1} of ${this.#plans.length}: ${plan.model} with ${plan.latents} latents`,
        ...(descending && note ? [note] : []),
      ].join(', '),
    });
  }

  #expected(atMost: number | null): number {
    if (atMost === null) return 1;
    const { length } = this.#descents;
    return length === 0 ? atMost : this.#descents.reduce((total, epochs) => total + epochs, 0) / length;
  }
}

/** The error by class and how training went: what a comparison needs, without a latent space per run. */
function figuresOf(runs: readonly OpenRun[], evaluation: Evaluation): FigureData {
  const classes = [...new Set(evaluation.runs.flatMap(({ mseByClass }) => Object.keys(mseByClass)))];
  const nothing = { fluxLabel: '', reconstructions: [], latents: [], traversals: [], labels: [] };
  return { ...nothing, classes, errors: errorPoints(runs, evaluation), histories: trainingHistories(runs) };
}

async function writeDrawn(data: FigureData, { out, format = 'svg' }: CompareOptions): Promise<WrittenFigure[]> {
  const written: WrittenFigure[] = [];
  for (const figure of drawFigures(data)) {
    const { name, bytes } = await figureFile(figure, format);
    writeFileAtomically(join(out, name), bytes);
    written.push({ file: name, title: figure.title, caption: figure.caption });
  }
  return written;
}

function threadsOf({ threads }: CompareOptions): { readonly threads?: number } {
  return threads === undefined ? {} : { threads };
}

/** @throws UserError when the folder holds something else than an earlier comparison */
function refuseTarget(out: string): void {
  if (!isFree(out) && !existsSync(join(out, 'runs')))
    throw new UserError(`${out} holds something that is not a comparison; give --out another name`);
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
