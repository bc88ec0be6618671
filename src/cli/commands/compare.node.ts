import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { action, everywhere, parseOptions, wholeNumber } from '../context.node.ts';
import { outputFolder } from '../outputs.node.ts';
import { scoreLines } from '../score-lines.ts';
import { settingsByModel } from '../settings.node.ts';

const optionsSchema = z.object({
  out: outputFolder('--out'),
  models: z.string().transform((text) => text.split(',').filter((name) => name !== '')),
  latents: z.preprocess((text) => String(text).split(','), z.array(wholeNumber('--latents', 1))),
  split: z.enum(['test', 'valid', 'train', 'all']),
  set: z.array(z.string()).default([]),
  format: z.string(),
});

/** `lightfold compare DATASET --models … --latents … --out DIR`. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .description('fit several models at several numbers of latents, or reuse what is there, and tabulate their errors')
    .argument('<dataset>', 'a dataset folder')
    .requiredOption('--models <names>', 'models, with commas between: pca,nmf,ae,vae')
    .option('--latents <counts>', 'numbers of latents, with commas between', '2,4,6,10')
    .requiredOption('--out <dir>', 'folder for the runs, the table, the figures and the page')
    .option('--split <name>', 'objects to judge on: test, valid, train or all', 'test')
    .option('--set <model.key=value...>', 'a setting of one model, e.g. --set vae.maxEpochs=200')
    .option('--format <name>', 'of the figures: svg, png or pdf', 'svg')
    .addHelpText(
      'after',
      '\nExample:\n  lightfold compare out/galaxies --models pca,nmf,ae,vae --latents 2,4,6,10 --out out/compared',
    );
  return everywhere(command).action(
    action(async (context, [path], rawOptions) => {
      const { out, models, latents, split, set, format } = parseOptions(optionsSchema, rawOptions);
      const { figureFormat } = await import('../../plots/index.node.ts');
      const { compareModels } = await import('../../workflows/index.node.ts');
      const comparison = await compareModels(String(path), {
        out,
        models,
        latents,
        split,
        settings: settingsByModel(set),
        format: figureFormat(format),
        threads: context.threads,
        onProgress: context.onProgress,
        signal: context.signal,
        command: context.commandLine,
        ...(context.seed === null ? {} : { seed: context.seed }),
      });
      return {
        json: { ...comparison, path: out },
        lines: [
          `${comparison.trained} trained, ${comparison.reused} reused; ${comparison.objects} objects (${split})`,
          ...settingLines(comparison.settings),
          ...scoreLines(comparison.runs),
          `table: ${comparison.table}`,
          ...comparison.figures.map(({ file, title }) => `${join(out, file)}  ${title}`),
          `file://${resolve(comparison.page)}`,
        ],
      };
    }),
  );
}

/** `pca with method=classical`, for each model that does not stand at its defaults. */
function settingLines(settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>): string[] {
  return Object.entries(settings)
    .filter(([, own]) => Object.keys(own).length > 0)
    .map(([model, own]) => {
      const pairs = Object.entries(own).map(([key, value]) => `${key}=${String(value)}`);
      return `${model} with ${pairs.join(' ')}`;
    });
}
