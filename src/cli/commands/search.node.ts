import { Command } from 'commander';
import { z } from 'zod';
import type { SearchOutcome } from '../../workflows/index.node.ts';
import { action, everywhere, type Outcome, parseOptions, wholeNumber } from '../context.node.ts';
import { outputFolder } from '../outputs.node.ts';
import { duration } from '../progress.node.ts';
import { readSettings } from '../settings.node.ts';

const optionsSchema = z.object({
  out: outputFolder('--out'),
  trials: wholeNumber('--trials', 1),
  latents: wholeNumber('--latents', 1),
  finalists: wholeNumber('--finalists', 1),
  firstRung: wholeNumber('--first-rung', 1),
  set: z.array(z.string()).default([]),
  format: z.string(),
  overwrite: z.boolean().default(false),
});

/** `lightfold search MODEL DATASET --trials N --latents Q --out DIR`. */
export function searchCommand(): Command {
  const command = new Command('search')
    .description('random search for the settings of a model, giving hopeless trials up early')
    .argument('<model>', 'a model with a search space: vae, ae')
    .argument('<dataset>', 'a dataset folder')
    .requiredOption('--out <dir>', 'folder of the search; one that was begun there is gone on with')
    .option('--trials <n>', 'settings to draw', '100')
    .option('--latents <q>', 'latent variables', '6')
    .option('--finalists <n>', 'trials that are trained to their end and kept', '3')
    .option('--first-rung <epochs>', 'epochs after which the first two thirds are given up', '1')
    .option('--set <key=value...>', 'a setting that all trials share, e.g. --set maxEpochs=200')
    .option('--format <name>', 'of the figure: svg, png or pdf', 'svg')
    .option('--overwrite', 'begin anew')
    .addHelpText(
      'after',
      '\nTrials run in as many processes as --threads says, on one thread each.\n\nExample:\n  lightfold search vae out/galaxies --trials 100 --latents 6 --out out/search6',
    );
  return everywhere(command).action(
    action(async (context, [model, path], rawOptions) => {
      const { set, format, ...options } = parseOptions(optionsSchema, rawOptions);
      const { figureFormat } = await import('../../plots/index.node.ts');
      const { searchSettings } = await import('../../workflows/index.node.ts');
      const outcome = await searchSettings(String(model), String(path), {
        ...options,
        settings: readSettings(undefined, set),
        format: figureFormat(format),
        threads: context.threads,
        onProgress: context.onProgress,
        signal: context.signal,
        ...(context.seed === null ? {} : { seed: context.seed }),
      });
      return outcomeOf(outcome, String(model), String(path), options.latents, context.seed);
    }),
  );
}

function outcomeOf(
  { trials, failed, best, seconds, leaderboard, table, figure }: SearchOutcome,
  model: string,
  dataset: string,
  latents: number,
  seed: number | null,
): Outcome {
  const settings = Object.entries(best.config).map(([key, value]) => `${key}=${String(value)}`);
  const seeded = seed === null ? '' : ` --seed ${seed}`;
  return {
    json: { trials, failed, best, seconds, table, figure },
    lines: [
      `${trials} trials in ${duration(seconds)}, ${failed} failed; the best:`,
      ...leaderboard.slice(0, 10).map(({ trial, results, settings: own }) => {
        const last = results.at(-1);
        const values = Object.entries(own).map(([key, value]) => `${key}=${String(value)}`);
        return `  trial ${trial}: error ${last?.error.toPrecision(5)}, ${last?.epochs} epochs, ${last?.latentsInUse} latents in use, ${values.join(' ')}`;
      }),
      `table: ${table}`,
      `figure: ${figure}`,
      `run: ${best.path}, the same as`,
      `  lightfold train ${model} ${dataset} --latents ${latents}${seeded} --threads 1 --set ${settings.join(' ')} --out RUN`,
    ],
  };
}
