import { Command } from 'commander';
import { z } from 'zod';
import { UserError } from '../../base/index.ts';
import { action, everywhere, parseOptions } from '../context.node.ts';
import { openRunsAndDataset } from '../opened.node.ts';
import { outputFile } from '../outputs.node.ts';

const optionsSchema = z.object({
  from: z.enum(['spectra', 'labels', 'both'], { error: '--from takes spectra, labels or both' }).default('spectra'),
  to: z.enum(['labels', 'spectra'], { error: '--to takes labels or spectra' }).default('labels'),
  out: outputFile('--out'),
});

/** `lightfold predict RUN DATASET --from spectra --to labels --out F`. */
export function predictCommand(): Command {
  const command = new Command('predict')
    .description('labels of every object with their standard deviations, from its spectrum')
    .argument('<run>', 'a run folder of a model with labels (vae or ae with --set labels=true)')
    .argument('<dataset>', 'a dataset folder')
    .option('--from <what>', 'what is known of each object: spectra', 'spectra')
    .option('--to <what>', 'labels, or spectra as reconstruct gives them', 'labels')
    .requiredOption('--out <file>', 'table to write (.csv, .parquet, .arrow, .npz, .fits); .npz for spectra')
    .addHelpText(
      'after',
      '\nExample:\n  lightfold predict out/vae6 out/galaxies --from spectra --to labels --out labels.csv',
    );
  return everywhere(command).action(
    action(async ({ threads, onProgress, signal }, [run, path], rawOptions) => {
      const { from, to, out } = parseOptions(optionsSchema, rawOptions);
      const { tableBytes, tableExtension, writeNpz } = await import('../../io/index.ts');
      const { writeFileAtomically } = await import('../../io/index.node.ts');
      const { labelPredictionTable, reconstructionArrays } = await import('../../inference/index.ts');
      if (from !== 'spectra') {
        throw new UserError(
          `--from ${from}: ${run} encodes spectra alone; only a model that encodes labels takes them`,
        );
      }
      if (to === 'spectra' && !out.endsWith('.npz')) throw new UserError(`--out ${out}: spectra are written as .npz`);
      const extension = tableExtension(out);
      const { runs, dataset } = await openRunsAndDataset([String(run), String(path)], threads);
      const options = { onProgress, signal };
      if (to === 'spectra') writeFileAtomically(out, writeNpz(await reconstructionArrays(runs[0], dataset, options)));
      else writeFileAtomically(out, tableBytes(await labelPredictionTable(runs[0], dataset, options), extension));
      const objects = dataset.flux.rows;
      const labels = to === 'labels' ? runs[0].labels : [];
      return {
        json: { objects, from, to, labels, path: out },
        lines: [`${to === 'labels' ? labels.join(', ') : 'spectra'} of ${objects} objects: ${out}`],
      };
    }),
  );
}
