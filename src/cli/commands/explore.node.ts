import { Command } from 'commander';
import { z } from 'zod';
import { action, everywhere, parseOptions } from '../context.node.ts';
import { servedOutcome, servingOptions, withServingOptions } from '../explorer.node.ts';

const optionsSchema = z.object({ dataset: z.string().min(1).optional(), ...servingOptions });

/** `lightfold explore [RUN…]`. */
export function exploreCommand(): Command {
  const command = new Command('explore')
    .description('walk through the latent space in the browser: map, spectra, labels, tracks, outliers')
    .argument('[run...]', 'run folders, or folders with runs in them (default: this folder, two levels down)')
    .option('--dataset <dir>', 'dataset to show the runs with (default: the one that each was fitted to)');
  withServingOptions(command).addHelpText('after', '\nExample:\n  lightfold explore out/vae6 out/pca6');
  return everywhere(command).action(
    action(async (context, [paths], rawOptions) => {
      const { dataset, ...serving } = parseOptions(optionsSchema, rawOptions);
      const { requireBuiltPage } = await import('../../server/index.node.ts');
      requireBuiltPage();
      const { openExhibits } = await import('../../workflows/index.node.ts');
      const { threads, onProgress, signal, log } = context;
      const source = await openExhibits({
        ...{ runs: z.array(z.string()).parse(paths), threads, onProgress, signal, log },
        ...(dataset === undefined ? {} : { dataset }),
      });
      return servedOutcome(source, { ...serving, signal }, context);
    }),
  );
}
