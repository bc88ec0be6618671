import { Command } from 'commander';
import { z } from 'zod';
import { UserError } from '../../base/index.ts';
import { action, everywhere, parseOptions } from '../context.node.ts';

const optionsSchema = z.object({
  out: z.string().optional(),
  join: z.string().optional(),
  classes: z.enum(['missing', 'all', 'keep']).default('missing'),
  overwrite: z.boolean().default(false),
});

/** `lightfold lines DATASET --out TABLE [--join DATASET]`. */
export function linesCommand(): Command {
  const command = new Command('lines')
    .description(
      'emission lines of every object: fluxes, widths, equivalent widths with errors, and the class they give',
    )
    .argument('<dataset>', 'a dataset folder')
    .option('--out <file>', 'table to write: .csv, .parquet, .arrow, .npz or .fits; import --labels reads it')
    .option('--join <dataset>', 'also write the dataset with the lines as labels, ready to train with')
    .option(
      '--classes <which>',
      'classes of the joined dataset from the lines: missing, all (galaxies) or keep',
      'missing',
    )
    .option('--overwrite', 'replace a dataset that is already at --join')
    .addHelpText(
      'after',
      '\nExample:\n  lightfold lines out/galaxies --out lines.parquet --join out/galaxies-with-lines',
    );
  return everywhere(command).action(
    action(async (context, [path], rawOptions) => {
      const { out, join, classes, overwrite } = parseOptions(optionsSchema, rawOptions);
      if (out === undefined && join === undefined) {
        throw new UserError('say where the lines go: --out for a table, --join for a dataset with them as labels');
      }
      const { tableExtension } = await import('../../io/index.ts');
      const extension = out === undefined ? null : tableExtension(out);
      const { loadDataset } = await import('../../dataset/index.node.ts');
      const { measureEmissionLines, writeLineProducts } = await import('../../workflows/index.node.ts');
      const dataset = await loadDataset(String(path));
      const { onProgress, signal } = context;
      const measured = await measureEmissionLines(dataset, { onProgress, signal });
      const { filled, byClass, lines } = await writeLineProducts(dataset, measured, {
        table: out === undefined || extension === null ? null : { file: out, extension },
        dataset: join === undefined ? null : { path: join, overwrite, classes },
        command: context.commandLine,
      });
      return {
        json: { objects: measured.id.length, lines, classes: byClass, filled, path: out ?? null, joined: join ?? null },
        lines: [
          `${measured.id.length} objects, ${lines.length} lines: ${lines.join(', ')}`,
          `classes by their lines: ${Object.entries(byClass)
            .map(([name, count]) => `${count} ${name}`)
            .join(', ')}`,
          ...(out === undefined ? [] : [`table: ${out}`]),
          ...(join === undefined ? [] : [`dataset with lines as labels, ${filled} classes from them: ${join}`]),
        ],
      };
    }),
  );
}
