import { Command } from 'commander';
import { z } from 'zod';
import { action, everywhere, parseOptions } from '../context.node.ts';
import { openRunsAndDataset } from '../opened.node.ts';
import { outputFile } from '../outputs.node.ts';

const optionsSchema = z.object({ of: z.string(), out: outputFile('--out'), format: z.string().default('svg') });
/** Spectra that so few of the survey's objects outdo are said to stand apart. */
const APART = 0.01;

/** `lightfold project RUN DATASET --of FOREIGN --out TABLE`. */
export function projectCommand(): Command {
  const command = new Command('project')
    .description('spectra of another kind, such as stars, in a survey’s latent space')
    .argument('<run>', 'a run folder')
    .argument('<dataset>', 'the survey: the dataset folder that the run was trained on')
    .requiredOption('--of <dataset>', 'dataset folder of the spectra to project, on the same grid')
    .requiredOption('--out <file>', 'table to write (.csv, .parquet, .arrow, .npz, .fits); a figure stands beside it')
    .option('--format <name>', 'of the figure: svg, png or pdf', 'svg')
    .addHelpText(
      'after',
      '\nExample:\n  lightfold import stars/*.fits --preset galaxies --out out/stars\n  lightfold project out/vae6 out/galaxies --of out/stars --out stars.csv',
    );
  return everywhere(command).action(
    action(async ({ threads, onProgress, signal }, [run, path], rawOptions) => {
      const { of, out, format } = parseOptions(optionsSchema, rawOptions);
      const { loadDataset } = await import('../../dataset/index.node.ts');
      const { figureFormat } = await import('../../plots/index.node.ts');
      const { writeProjection } = await import('../../workflows/index.node.ts');
      const asked = { out, format: figureFormat(format), onProgress, signal };
      const { runs, dataset } = await openRunsAndDataset([String(run), String(path)], threads);
      const { id, surveyShare, figure } = await writeProjection(runs[0], dataset, await loadDataset(of), asked);
      const apart = surveyShare.filter((share) => share <= APART).length;
      return {
        json: { objects: id.length, standApart: apart, path: out, figure },
        lines: [`${apart} of ${id.length} lie further out than 99% of the survey`, `${out}, ${figure}`],
      };
    }),
  );
}
