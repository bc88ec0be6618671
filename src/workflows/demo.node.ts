import { join } from 'node:path';
import { type RunScore, reportData } from '../analysis/index.ts';
import type { LongWorkOptions } from '../base/index.ts';
import { loadDataset, saveDataset } from '../dataset/index.node.ts';
import type { Dataset } from '../dataset/index.ts';
import { prepareExhibits } from '../explorer/index.node.ts';
import type { ExhibitSource } from '../explorer/index.ts';
import { openRun } from '../inference/index.node.ts';
import type { OpenRun } from '../inference/index.ts';
import { writeFileAtomically } from '../io/index.node.ts';
import { reportPage } from '../plots/index.ts';
import { simulateGalaxies } from '../simulation/index.ts';
import { fit } from '../training/index.node.ts';
import { type WrittenFigure, writeFigures } from './figures.node.ts';

export interface DemoOptions extends LongWorkOptions {
  /** Folder for the dataset, the runs, the figures and the page. */
  readonly out: string;
  /** Simulated galaxies; 4000 unless told. */
  readonly objects?: number;
  /** Of every random choice; 1 unless told. */
  readonly seed?: number;
  readonly threads?: number;
  /** Told what is being done, a sentence at a time. */
  readonly log?: (line: string) => void;
}

export interface DemoOutcome {
  readonly dataset: string;
  readonly runs: readonly RunScore[];
  readonly figures: readonly WrittenFigure[];
  /** The page that shows them. */
  readonly page: string;
  /** Runs and dataset, prepared to be explored (`serveExhibits`); what takes long stands beside the runs. */
  readonly exhibits: ExhibitSource;
}

const OBJECTS = 4000;
const SEED = 1;

/** The paper's recipe, cut short where a demonstration has nothing more to gain. */
const SHORT = { maxEpochs: 60, minImprovement: 0.001 };

/** What is fitted: every model at the same numbers of latents, so that the error figure compares them. */
const FITS = [
  { model: 'pca', latents: 2, settings: {} },
  { model: 'pca', latents: 6, settings: {} },
  { model: 'vae', latents: 2, settings: SHORT },
  { model: 'vae', latents: 6, settings: SHORT },
] as const;

/**
 * Simulate, train, evaluate, draw, tell it on one page, and prepare it to be explored: the whole way through the house,
 * without a network.
 */
export async function runDemo(options: DemoOptions): Promise<DemoOutcome> {
  const { out, seed = SEED, log = () => undefined } = options;
  const dataset = await simulated(options, seed, log);
  const runs: OpenRun[] = [];
  for (const { model, latents, settings } of FITS) {
    const folder = join(out, `${model}${latents}`);
    log(`training ${model} with ${latents} latents`);
    await fit(model, dataset.spectra, {
      ...engineOptions(options),
      out: folder,
      latents,
      settings,
      seed,
      overwrite: true,
      datasetPath: dataset.path,
    });
    runs.push(await openRun(folder, engineOptions(options)));
  }
  log('evaluating and drawing');
  const longWork = longWorkOf(options);
  const figures = join(out, 'figures');
  const written = await writeFigures(runs, dataset.spectra, { out: figures, format: 'svg', ...longWork });
  const report = reportData(runs, dataset.spectra, written.evaluation, written.data, {
    title: 'Galaxy spectra in a few numbers',
    summary: [
      `${dataset.spectra.flux.rows} galaxy spectra were simulated as the SDSS would see them. PCA and an InfoVAE (Portillo et al. 2020) learned to write each as 2 or 6 numbers, and were judged on spectra that neither had seen.`,
    ],
    facts: [{ name: 'Seed', value: String(seed) }],
    datasetPath: dataset.path,
  });
  const page = join(out, 'index.html');
  writeFileAtomically(page, reportPage(report));
  log('preparing the explorer');
  const exhibits = await prepareExhibits([{ dataset: dataset.spectra, name: dataset.path, runs }], longWork);
  return { dataset: dataset.path, runs: written.evaluation.runs, figures: written.figures, page, exhibits };
}

async function simulated(
  options: DemoOptions,
  seed: number,
  log: (line: string) => void,
): Promise<{ readonly path: string; readonly spectra: Dataset }> {
  const objects = options.objects ?? OBJECTS;
  const path = join(options.out, 'galaxies');
  log(`simulating ${objects} galaxies`);
  const { dataset } = simulateGalaxies({ objects, seed, ...longWorkOf(options) });
  await saveDataset(path, dataset, { overwrite: true });
  return { path, spectra: await loadDataset(path) };
}

function longWorkOf({ onProgress, signal }: LongWorkOptions): LongWorkOptions {
  return { ...(onProgress === undefined ? {} : { onProgress }), ...(signal === undefined ? {} : { signal }) };
}

function engineOptions(options: DemoOptions): LongWorkOptions & { threads?: number } {
  return { ...longWorkOf(options), ...(options.threads === undefined ? {} : { threads: options.threads }) };
}
