import { Command } from 'commander';
import { z } from 'zod';
import { action, everywhere, parseOptions } from '../context.node.ts';
import { openRunsAndDataset } from '../opened.node.ts';
import { outputFile } from '../outputs.node.ts';
import { fromOption } from '../parts.ts';

const optionsSchema = z.object({ from: fromOption, out: outputFile('--out') });

/** `lightfold encode RUN DATASET --out TABLE`. */
export function encodeCommand(): Command {
  const command = new Command('encode')
    .description('latent mean and standard deviation of every object, as a table')
    .argument('<run>', 'a run folder')
    .argument('<dataset>', 'a dataset folder')
    .option('--from <what>', 'what is known of each object: spectra, labels or both', 'spectra')
    .requiredOption('--out <file>', 'table to write: .csv, .parquet, .arrow, .npz or .fits')
    .addHelpText('after', '\nExample:\n  lightfold encode out/vae6 out/galaxies --out latents.csv');
  return everywhere(command).action(
    action(async ({ threads, onProgress, signal }, [run, path], rawOptions) => {
      const { from, out } = parseOptions(optionsSchema, rawOptions);
      const { tableBytes, tableExtension } = await import('../../io/index.ts');
      const { writeFileAtomically } = await import('../../io/index.node.ts');
      const { latentTable } = await import('../../inference/index.ts');
      const extension = tableExtension(out);
      const { runs, dataset } = await openRunsAndDataset([String(run), String(path)], threads);
      const table = await latentTable(runs[0], dataset, { from, onProgress, signal });
      writeFileAtomically(out, tableBytes(table, extension));
      return {
        json: { objects: table.rows, from, latents: runs[0].run.description.latents, columns: table.names, path: out },
        lines: [`latents of ${table.rows} objects: ${out}`],
      };
    }),
  );
}
