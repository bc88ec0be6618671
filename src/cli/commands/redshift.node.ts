import { Command } from 'commander';
import { z } from 'zod';
import { UserError } from '../../base/index.ts';
import { action, everywhere, parseOptions } from '../context.node.ts';
import { outputFile, outputFolder } from '../outputs.node.ts';

const optionsSchema = z
  .object({
    zmin: redshift('--zmin').optional(),
    zmax: redshift('--zmax').optional(),
    out: outputFile('--out').optional(),
    figures: outputFolder('--figures').optional(),
    format: z.string().default('svg'),
  })
  .refine(({ zmin = -0.01, zmax = Number.POSITIVE_INFINITY }) => zmin < zmax, { error: '--zmin must be below --zmax' });

/** `lightfold redshift RUN FILE…`. */
export function redshiftCommand(): Command {
  const command = new Command('redshift')
    .description('redshifts of survey files: scan by correlation, refine with the decoder, warn when in doubt')
    .argument('<run>', 'a run folder; its grid should reach well past the lines that tell redshifts')
    .argument('<path...>', 'spectra as the survey wrote them: files, folders or globs')
    .option('--zmin <z>', 'lowest redshift to try (default: -0.01)')
    .option('--zmax <z>', 'highest (default: as far as the run’s grid reaches a quarter of the spectrum)')
    .option('--out <file>', 'table to write: .csv, .parquet, .arrow, .npz or .fits')
    .option('--figures <dir>', 'folder for a figure of every spectrum')
    .option('--format <name>', 'of the figures: svg, png or pdf', 'svg')
    .addHelpText(
      'after',
      '\nExample:\n  lightfold redshift out/vae6 spectra/*.fits --out redshifts.csv --figures out/z',
    );
  return everywhere(command).action(
    action(async ({ threads, onProgress, signal }, [run, paths], rawOptions) => {
      const { zmin, zmax, out, figures, format } = parseOptions(optionsSchema, rawOptions);
      const { openRun } = await import('../../inference/index.node.ts');
      const { redshiftJson } = await import('../../inference/index.ts');
      const { figureFormat } = await import('../../plots/index.node.ts');
      const { writeRedshifts } = await import('../../workflows/index.node.ts');
      const opened = await openRun(String(run), { threads });
      const written = await writeRedshifts(opened, z.array(z.string()).parse(paths), {
        ...{ format: figureFormat(format), onProgress, signal },
        ...(zmin === undefined ? {} : { zmin }),
        ...(zmax === undefined ? {} : { zmax }),
        ...(out === undefined ? {} : { out }),
        ...(figures === undefined ? {} : { figures }),
      });
      const { measured, skipped } = written;
      const warned = measured.filter(({ fit }) => fit.warning !== 0).length;
      return {
        json: {
          redshifts: measured.map(redshiftJson),
          skipped,
          warned,
          ...(out === undefined ? {} : { path: out }),
          ...(figures === undefined ? {} : { figures: written.figures }),
        },
        lines: [
          ...measured.map(({ file, place, fit }) => {
            const error = fit.zError === null ? 'unknown' : fit.zError.toExponential(1);
            const words = [fit.objectClass ?? '', fit.warnings.join(', ')].filter((word) => word !== '').join('  ');
            return `${file}${place === '' ? '' : `, ${place}`}: z = ${fit.z.toFixed(5)} ± ${error}  ${words}`.trimEnd();
          }),
          ...skipped.map(({ file, reason }) => `skipped ${file}: ${reason}`),
          `${measured.length} redshifts, ${warned} with a warning${out === undefined ? '' : `: ${out}`}`,
        ],
      };
    }),
  );
}

function redshift(flag: string): z.ZodType<number> {
  return z.string().transform((text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isFinite(value) && value > -1) return value;
    throw new UserError(`${flag} takes a redshift above -1, not "${text}"`);
  });
}
