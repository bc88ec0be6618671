import { SOFTWARE_VERSION } from '../base/index.ts';
import { type Dataset, observedFraction } from '../dataset/index.ts';
import type { FigureData, ReportData, ReportFact, ReportScore } from '../plots/index.ts';
import type { Evaluation, RunScore } from './evaluate.ts';
import type { FittedRun } from './fitted-run.ts';
import { runTitles } from './run-titles.ts';

export interface ReportOptions {
  readonly title: string;
  /** What was done, a paragraph each; the outcome is added. */
  readonly summary?: readonly string[];
  /** Further facts: seed, command. */
  readonly facts?: readonly ReportFact[];
  /** The dataset as the user named it. */
  readonly datasetPath: string;
  /** When the page is made; now unless told. */
  readonly date?: Date;
}

/** Everything the page of `lightfold demo` tells, from the evaluation and the figures of some runs. */
export function reportData(
  runs: readonly FittedRun[],
  dataset: Dataset,
  evaluation: Evaluation,
  figures: FigureData,
  options: ReportOptions,
): ReportData {
  const titles = runTitles(runs);
  const { split, objects } = evaluation;
  return {
    title: options.title,
    summary: [...(options.summary ?? []), outcome(evaluation.runs, titles)],
    facts: [...datasetFacts(dataset, options), ...modelFacts(evaluation.runs, titles), ...(options.facts ?? [])],
    scores: evaluation.runs.map((run, index) => scoreOf(run, titles[index])),
    scoredOn:
      split === 'all' ? `all ${grouped(objects)} objects` : `the ${grouped(objects)} objects of the ${split} split`,
    figures,
  };
}

function scoreOf(run: RunScore, title: string): ReportScore {
  const { latents, mse, mseByClass, chi2PerPixel, maeFlux, coverage68, coverage95 } = run;
  const truth = {
    mseTruth: run.mseTruth ?? null,
    coverageTruth68: run.coverageTruth68 ?? null,
    coverageTruth95: run.coverageTruth95 ?? null,
  };
  return { model: title, latents, mse, mseByClass, chi2PerPixel, maeFlux, coverage68, coverage95, ...truth };
}

/** Which run is best and by how much it beats the runner-up of as many latents. */
function outcome(runs: readonly RunScore[], titles: readonly string[]): string {
  const order = runs.map((run, index) => ({ ...run, title: titles[index] })).sort((a, b) => a.mse - b.mse);
  const [best] = order;
  const rival = order.find((run) => run.title !== best.title && run.latents === best.latents);
  const name = `${best.title} with ${best.latents} latent${best.latents === 1 ? '' : 's'}`;
  const noise = `residuals are ${Math.sqrt(best.chi2PerPixel).toFixed(2)} times the stated noise (χ² per pixel ${best.chi2PerPixel.toFixed(2)})`;
  if (rival === undefined) return `${name} rebuilds the spectra so that ${noise}.`;
  const gain = 100 * (1 - best.mse / rival.mse);
  return `${name} rebuilds them best: its mean squared error is ${gain.toFixed(gain < 10 ? 1 : 0)}% below that of ${rival.title} with as many, and ${noise}.`;
}

function datasetFacts(dataset: Dataset, { datasetPath, date = new Date() }: ReportOptions): ReportFact[] {
  const { wavelength, manifest, catalogue } = dataset;
  const counts = (['train', 'valid', 'test'] as const).map(
    (split) => `${grouped(catalogue.split.filter((own) => own === split).length)} ${split}`,
  );
  return [
    { name: 'Dataset', value: datasetPath },
    { name: 'Objects', value: `${grouped(dataset.flux.rows)} (${counts.join(', ')})` },
    {
      name: 'Grid',
      value: `${grouped(wavelength.length)} pixels, ${wavelength[0].toFixed(0)}–${wavelength[wavelength.length - 1].toFixed(0)} Å`,
    },
    { name: 'Observed pixels', value: `${(100 * observedFraction(dataset)).toFixed(0)}%` },
    { name: 'Normalisation', value: manifest.normalisation },
    { name: 'Software', value: `Lightfold ${SOFTWARE_VERSION}` },
    { name: 'Date', value: date.toISOString().slice(0, 10) },
  ];
}

function modelFacts(runs: readonly RunScore[], titles: readonly string[]): ReportFact[] {
  const value = runs.map(
    ({ latents, latentsInUse }, index) => `${titles[index]} (${latentsInUse} of ${latents} latents in use)`,
  );
  return [{ name: 'Models', value: value.join(', ') }];
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
