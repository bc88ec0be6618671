import { Command } from 'commander';
import { z } from 'zod';
import type { Run } from '../../runs/index.ts';
import { action, everywhere, type Outcome, parseOptions, wholeNumber } from '../context.node.ts';
import { outputFolder } from '../outputs.node.ts';
import { duration } from '../progress.node.ts';
import { readSettings } from '../settings.node.ts';

const optionsSchema = z.object({
  out: outputFolder('--out'),
  latents: wholeNumber('--latents', 1).optional(),
  set: z.array(z.string()).default([]),
  config: z.string().optional(),
  resume: z.boolean().default(false),
  overwrite: z.boolean().default(false),
});

/** `lightfold train MODEL DATASET --out RUN`. */
export function trainCommand(): Command {
  const command = new Command('train')
    .description('fit a model to a dataset and write a run folder')
    .argument('<model>', 'pca, nmf, ae or vae')
    .argument('<dataset>', 'a dataset folder (see import and simulate)')
    .requiredOption('--out <run>', 'the run folder to write')
    .option('--latents <q>', 'latent variables, or components (default: 6)')
    .option('--set <key=value...>', 'a setting of the model, e.g. --set lambda=3.02 hidden=703,94')
    .option('--config <file>', 'settings from a JSON file; --set wins over it')
    .option('--resume', 'go on from the last checkpoint in --out')
    .option('--overwrite', 'replace a run that is already there')
    .addHelpText('after', '\nExample:\n  lightfold train vae out/galaxies --latents 6 --out out/vae6');
  return everywhere(command).action(
    action(async (context, [model, path], rawOptions) => {
      const { config, set, latents, out, resume, overwrite } = parseOptions(optionsSchema, rawOptions);
      const { loadDataset } = await import('../../dataset/index.node.ts');
      const { fit } = await import('../../training/index.node.ts');
      const run = await fit(String(model), await loadDataset(String(path)), {
        out,
        resume,
        overwrite,
        settings: readSettings(config, set),
        threads: context.threads,
        datasetPath: String(path),
        onProgress: context.onProgress,
        signal: context.signal,
        ...(latents === undefined ? {} : { latents }),
        ...(context.seed === null ? {} : { seed: context.seed }),
      });
      return outcomeOf(run);
    }),
  );
}

function outcomeOf({ path, description }: Run): Outcome {
  const { model, title, latents, engine, threads, training, latentsInUse, dataset } = description;
  const { steps, seconds, trainLoss, validLoss } = training;
  const objects = dataset.objects.train;
  return {
    json: { model, latents, objects, steps, seconds, trainLoss, validLoss, latentsInUse, engine, threads, path },
    lines: [
      `${title} with ${latents} latents (${latentsInUse.count} in use), fitted to ${objects} spectra in ${duration(seconds)}`,
      `loss per spectrum: train ${trainLoss.toPrecision(5)}, valid ${validLoss?.toPrecision(5) ?? 'not measured'}`,
      `run: ${path}`,
    ],
  };
}
