import { Command } from 'commander';
import { z } from 'zod';
import { UserError } from '../../base/index.ts';
import { action, everywhere, parseOptions } from '../context.node.ts';
import { outputFile, outputFolder } from '../outputs.node.ts';

const optionsSchema = z.object({
  out: outputFile('--out').optional(),
  join: outputFolder('--join').optional(),
  classes: z.enum(['missing', 'all', 'keep']).default('missing'),
  overwrite: z.boolean().default(false),
  figures: outputFolder('--figures').optional(),
  object: z.array(z.string()).default([]),
  format: z.string().default('svg'),
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
    .option('--figures <folder>', 'draw the BPT diagram, and the fits of each --object')
    .option('--object <id...>', 'objects whose fits --figures draws')
    .option('--format <name>', 'of the figures: svg, png or pdf', 'svg')
    .option('--overwrite', 'replace a dataset that is already at --join')
    .addHelpText(
      'after',
      '\nExample:\n  lightfold lines out/galaxies --out lines.parquet --join out/galaxies-with-lines',
    );
  return everywhere(command).action(
    action(async (context, [path], rawOptions) => {
      const { out, join, classes, overwrite, figures, object, format } = parseOptions(optionsSchema, rawOptions);
      if (out === undefined && join === undefined && figures === undefined) {
        throw new UserError(
          'say where the lines go: --out for a table, --join for a dataset with them as labels, --figures to see them',
        );
      }
      const { tableExtension } = await import('../../io/index.ts');
      const extension = out === undefined ? null : tableExtension(out);
      const { figureFormat } = await import('../../plots/index.node.ts');
      const drawnAs = figureFormat(format);
      const { loadDataset, requireFreeTarget } = await import('../../dataset/index.node.ts');
      if (join !== undefined) requireFreeTarget(join, { overwrite });
      const { measureEmissionLines, writeLineFigures, writeLineProducts } = await import(
        '../../workflows/index.node.ts'
      );
      const dataset = await loadDataset(String(path));
      const stranger = object.find((id) => !dataset.catalogue.id.includes(id));
      if (stranger !== undefined) throw new UserError(`--object ${stranger}: ${String(path)} has no object of that id`);
      const { onProgress, signal } = context;
      const measured = await measureEmissionLines(dataset, { onProgress, signal });
      const { filled, byClass, lines } = await writeLineProducts(dataset, measured, {
        table: out === undefined || extension === null ? null : { file: out, extension },
        dataset: join === undefined ? null : { path: join, overwrite, classes },
        command: context.commandLine,
      });
      const drawn =
        figures === undefined
          ? []
          : await writeLineFigures(dataset, measured, { out: figures, format: drawnAs, objects: object });
      return {
        json: {
          objects: measured.id.length,
          lines,
          classes: byClass,
          filled,
          path: out ?? null,
          joined: join ?? null,
          figures: drawn,
        },
        lines: [
          `${measured.id.length} objects, ${lines.length} lines: ${lines.join(', ')}`,
          `classes by their lines: ${Object.entries(byClass)
            .map(([name, count]) => `${count} ${name}`)
            .join(', ')}`,
          ...drawn.map((file) => `figure: ${file}`),
          ...(out === undefined ? [] : [`table: ${out}`]),
          ...(join === undefined ? [] : [`dataset with lines as labels, ${filled} classes from them: ${join}`]),
        ],
      };
    }),
  );
}
