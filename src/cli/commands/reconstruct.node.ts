import { Command } from 'commander';
import { z } from 'zod';
import { UserError } from '../../base/index.ts';
import { action, everywhere, parseOptions } from '../context.node.ts';
import { openRunsAndDataset } from '../opened.node.ts';
import { outputFile } from '../outputs.node.ts';

const optionsSchema = z.object({ out: outputFile('--out') });

/** `lightfold reconstruct RUN DATASET --out FILE.npz`. */
export function reconstructCommand(): Command {
  const command = new Command('reconstruct')
    .description('the model’s spectrum of every object, with its standard deviation')
    .argument('<run>', 'a run folder')
    .argument('<dataset>', 'a dataset folder')
    .requiredOption('--out <file.npz>', 'arrays wave (P), flux and flux_sd (N × P), id (N)')
    .addHelpText('after', '\nExample:\n  lightfold reconstruct out/vae6 out/galaxies --out rebuilt.npz');
  return everywhere(command).action(
    action(async ({ threads, onProgress, signal }, [run, path], rawOptions) => {
      const { out } = parseOptions(optionsSchema, rawOptions);
      if (!out.endsWith('.npz')) throw new UserError(`--out ${out}: reconstructions are written as .npz`);
      const { writeNpz } = await import('../../io/index.ts');
      const { writeFileAtomically } = await import('../../io/index.node.ts');
      const { reconstructionArrays } = await import('../../inference/index.ts');
      const { runs, dataset } = await openRunsAndDataset([String(run), String(path)], threads);
      const arrays = await reconstructionArrays(runs[0], dataset, { onProgress, signal });
      writeFileAtomically(out, writeNpz(arrays));
      const { rows, columns } = dataset.flux;
      return {
        json: { objects: rows, pixels: columns, path: out },
        lines: [`reconstructions of ${rows} objects: ${out}`],
      };
    }),
  );
}
