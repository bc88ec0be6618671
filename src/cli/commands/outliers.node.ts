import { Command } from 'commander';
import { z } from 'zod';
import { UserError } from '../../base/index.ts';
import { action, everywhere, parseOptions, wholeNumber } from '../context.node.ts';
import { openRunsAndDataset } from '../opened.node.ts';
import { outputFile } from '../outputs.node.ts';

const optionsSchema = z.object({
  out: outputFile('--out'),
  k: wholeNumber('--k', 1).default(20),
  top: wholeNumber('--top', 1).default(10),
  method: z.enum(['combined', 'lof', 'demud'], { error: '--method takes combined, lof or demud' }).default('combined'),
  join: z.string().transform(parseJoins).optional(),
  format: z.string().default('svg'),
});

/** `lightfold outliers RUN DATASET --out TABLE`. */
export function outliersCommand(): Command {
  const command = new Command('outliers')
    .description('the oddest objects, ranked, each with what is odd about it')
    .argument('<run>', 'a run folder')
    .argument('<dataset>', 'a dataset folder')
    .requiredOption('--out <file>', 'table to write (.csv, .parquet, .arrow, .npz, .fits); a figure stands beside it')
    .option('--k <neighbours>', 'neighbours of the local outlier factor', '20')
    .option('--top <n>', 'outliers to list', '10')
    .option(
      '--method <name>',
      'combined (isolation, misfit and faults of the data), lof (isolation in latent space alone) or demud (novelty of residuals)',
      'combined',
    )
    .option('--join <wavelengths>', 'where detectors meet, observed Å, with commas (default: 6000, SDSS and BOSS)')
    .option('--format <name>', 'of the figure: svg, png or pdf', 'svg')
    .addHelpText('after', '\nExample:\n  lightfold outliers out/vae6 out/galaxies --top 20 --out outliers.csv');
  return everywhere(command).action(
    action(async ({ threads, onProgress, signal }, [run, path], rawOptions) => {
      const { out, join, format, k, top, method } = parseOptions(optionsSchema, rawOptions);
      const { figureFormat } = await import('../../plots/index.node.ts');
      const { writeOutliers } = await import('../../workflows/index.node.ts');
      const written = figureFormat(format);
      const { runs, dataset } = await openRunsAndDataset([String(run), String(path)], threads);
      const { outliers, figure } = await writeOutliers(runs[0], dataset, {
        ...{ out, k, top, method, format: written, onProgress, signal },
        ...(join === undefined ? {} : { joins: join }),
      });
      const ranked = outliers.map((outlier, index) => ({ rank: index + 1, ...outlier }));
      return {
        json: { objects: dataset.flux.rows, method, k, outliers: ranked, path: out, figure },
        lines: [
          `${outliers.length} of ${dataset.flux.rows} objects, by ${method}`,
          ...ranked.map(({ rank, id, lof, reasons }) => {
            return `${String(rank).padStart(4)}  ${id}  LOF ${lof.toFixed(2).padStart(5)}  ${reasons[0].sentence}`;
          }),
          `${out}, ${figure}`,
        ],
      };
    }),
  );
}

function parseJoins(text: string): number[] {
  const joins = text.split(',').map(Number);
  if (joins.some((join) => !(join > 0 && Number.isFinite(join)))) {
    throw new UserError(`--join ${text} is not a list of wavelengths in Å, such as 6000 or 5780,7600`);
  }
  return joins;
}
