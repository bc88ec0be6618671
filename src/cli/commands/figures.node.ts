import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { action, everywhere, parseOptions } from '../context.node.ts';
import { openRunsAndDataset } from '../opened.node.ts';
import { outputFolder } from '../outputs.node.ts';

const optionsSchema = z.object({
  out: outputFolder('--out'),
  format: z.string().default('svg'),
  split: z.enum(['test', 'valid', 'train', 'all']).default('test'),
});

/** `lightfold figures RUN… DATASET --out DIR`. */
export function figuresCommand(): Command {
  const command = new Command('figures')
    .description(
      'reconstructions, error against number of latents, latent corner plot, training history; of runs that predict labels also those against measurements, partial spectra, and which latents matter',
    )
    .argument('<path...>', 'one or more run folders, then a dataset folder')
    .requiredOption('--out <dir>', 'folder to write the figures into')
    .option('--format <name>', 'svg, png or pdf', 'svg')
    .option('--split <name>', 'objects that errors are measured on: test, valid, train or all', 'test')
    .addHelpText(
      'after',
      '\nExample:\n  lightfold figures out/vae6 out/pca6 out/galaxies --out out/figures --format png',
    );
  return everywhere(command).action(
    action(async ({ threads, onProgress, signal }, [paths], rawOptions) => {
      const { out, format: formatName, split } = parseOptions(optionsSchema, rawOptions);
      const { figureFormat } = await import('../../plots/index.node.ts');
      const { writeFigures } = await import('../../workflows/index.node.ts');
      const format = figureFormat(formatName);
      const { runs, dataset } = await openRunsAndDataset(z.array(z.string()).parse(paths), threads);
      const { figures } = await writeFigures(runs, dataset, { out, format, split, onProgress, signal });
      return {
        json: { figures, path: out },
        lines: figures.map(({ file, title }) => `${join(out, file)}  ${title}`),
      };
    }),
  );
}
