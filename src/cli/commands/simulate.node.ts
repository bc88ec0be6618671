import { Command } from 'commander';
import { z } from 'zod';
import { parseGrid } from '../../spectra/index.ts';
import { action, everywhere, parseOptions, wholeNumber } from '../context.node.ts';
import { datasetLines, datasetSummary } from '../dataset-summary.ts';
import { outputFolder } from '../outputs.node.ts';

const optionsSchema = z.object({
  n: wholeNumber('--n', 1).default(1000),
  out: outputFolder('--out'),
  grid: z.string().transform(parseGrid).optional(),
  fits: outputFolder('--fits').optional(),
  overwrite: z.boolean().default(false),
});
const kindSchema = z.enum(['galaxies', 'quasars'], { error: 'simulate takes galaxies or quasars' });

/** `lightfold simulate galaxies|quasars --n N --out DATASET`. */
export function simulateCommand(): Command {
  const command = new Command('simulate')
    .description('a physical mock survey with known truth')
    .argument('<kind>', 'galaxies or quasars')
    .requiredOption('--out <dataset>', 'the dataset folder to write')
    .option('--n <objects>', 'objects to simulate', '1000')
    .option('--grid <lo:hi:n>', 'log-spaced rest-frame grid in Å (default: the preset of the kind)')
    .option('--fits <dir>', 'also write every object as an SDSS spec-lite file, observed frame')
    .option('--overwrite', 'replace a dataset that is already there')
    .addHelpText('after', '\nExample:\n  lightfold simulate galaxies --n 8000 --seed 1 --out out/galaxies');
  return everywhere(command).action(
    action(async ({ seed, onProgress, signal, commandLine }, [kindGiven], rawOptions) => {
      const kind = parseOptions(kindSchema, kindGiven);
      const { n, out, grid, fits, overwrite } = parseOptions(optionsSchema, rawOptions);
      const { simulateSurvey } = await import('../../workflows/index.node.ts');
      const { dataset, files } = await simulateSurvey({
        kind,
        objects: n,
        out,
        overwrite,
        command: commandLine,
        onProgress,
        signal,
        ...(grid === undefined ? {} : { grid }),
        ...(seed === null ? {} : { seed }),
        ...(fits === undefined ? {} : { fits }),
      });
      return {
        json: { ...datasetSummary(dataset, out), ...(fits === undefined ? {} : { fits: { files, path: fits } }) },
        lines: [...datasetLines(dataset, out), ...(fits === undefined ? [] : [`${files} spec-lite files: ${fits}`])],
      };
    }),
  );
}
