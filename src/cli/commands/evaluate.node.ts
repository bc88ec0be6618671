import { Command } from 'commander';
import { z } from 'zod';
import { action, everywhere, parseOptions } from '../context.node.ts';
import { openRunsAndDataset } from '../opened.node.ts';
import { scoreLines } from '../score-lines.ts';

const optionsSchema = z.object({
  split: z.enum(['test', 'valid', 'train', 'all']).default('test'),
  baselines: z.boolean().default(true),
});

/** `lightfold evaluate RUN… DATASET`. */
export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description('score runs on a dataset: MSE, χ² per pixel, coverage, and labels beside simple baselines')
    .argument('<path...>', 'one or more run folders, then a dataset folder')
    .option('--split <name>', 'test, valid, train, or all (for data the runs never saw)', 'test')
    .option(
      '--no-baselines',
      'for runs that predict labels: leave out PCA + ridge, PCA + GP, PLS and nearest neighbours',
    )
    .addHelpText('after', '\nExample:\n  lightfold evaluate out/vae6 out/pca6 out/galaxies');
  return everywhere(command).action(
    action(async (context, [paths], rawOptions) => {
      const { split, baselines } = parseOptions(optionsSchema, rawOptions);
      const { evaluateRuns } = await import('../../analysis/index.ts');
      const { createNodeRuntime } = await import('../../graph/index.node.ts');
      const { runs, dataset } = await openRunsAndDataset(z.array(z.string()).parse(paths), context.threads);
      const { onProgress, signal, threads } = context;
      const evaluation = await evaluateRuns(runs, dataset, {
        split,
        onProgress,
        signal,
        ...(baselines && {
          baselines: { runtime: createNodeRuntime({ threads }), ...(context.seed !== null && { seed: context.seed }) },
        }),
      });
      const strangers = evaluation.runs.filter(({ sameDataset }) => sameDataset === false).map(({ path }) => path);
      if (split !== 'all' && strangers.length > 0) {
        context.log(
          `${strangers.join(', ')}: fitted on another dataset than this, whose ${split} split may hold objects seen in training; if they were not, judge on --split all`,
        );
      }
      const heading = `${evaluation.objects} objects (${split})`;
      return {
        json: { ...evaluation },
        lines: [heading, ...scoreLines(evaluation.runs, evaluation.baselines), ...evaluation.baselineNotes],
      };
    }),
  );
}
