import { Command } from 'commander';
import { z } from 'zod';
import { PRESETS, parseGrid, parseNormalisation } from '../../spectra/index.ts';
import { action, everywhere, parseOptions } from '../context.node.ts';
import { datasetLines, datasetSummary } from '../dataset-summary.ts';
import { outputFolder } from '../outputs.node.ts';

const optionsSchema = z.object({
  out: outputFolder('--out'),
  preset: z.enum(Object.keys(PRESETS) as [keyof typeof PRESETS]).optional(),
  grid: z.string().transform(parseGrid).optional(),
  normalise: z.string().transform(parseNormalisation).optional(),
  labels: z.string().optional(),
  key: z.string().optional(),
  redshifts: z.string().optional(),
  air: z.boolean().default(false),
  overwrite: z.boolean().default(false),
  lineClasses: z.boolean().default(true),
});

/** Skipped files named one by one for people; `--json` has them all. */
const SKIPPED_SHOWN = 10;

/** `lightfold import PATH… --out DATASET`. */
export function importCommand(): Command {
  const command = new Command('import')
    .description('read survey files into a dataset: vacuum, rest frame, resample, mask, normalise')
    .argument('<path...>', 'files, folders or globs')
    .requiredOption('--out <dataset>', 'the dataset folder to write')
    .option('--preset <name>', 'galaxies (3388-8318 Å, 1000 px) or quasars (1220-5000 Å, 594 px)')
    .option('--grid <lo:hi:n>', 'log-spaced rest-frame grid in Å; wins over the preset')
    .option('--normalise <how>', 'flux, median@LO:HI, at@W or none; wins over the preset')
    .option('--labels <table>', 'labels by object: CSV, Parquet or FITS, with NAME and NAME_err columns')
    .option('--key <column>', 'the column of --labels that names the object (default: recognised)')
    .option('--redshifts <table>', 'a table whose z wins over the redshifts in the files')
    .option('--air', 'wavelengths of .npz files are in air')
    .option('--no-line-classes', 'leave galaxies that the survey did not classify as they are')
    .option('--overwrite', 'replace a dataset that is already there')
    .addHelpText('after', '\nExample:\n  lightfold import spectra/*.fits --preset quasars --out out/quasars');
  return everywhere(command).action(
    action(async (context, [paths], rawOptions) => {
      const { out, overwrite, labels, lineClasses, ...options } = parseOptions(optionsSchema, rawOptions);
      const { importSpectra, requireFreeTarget, saveDataset } = await import('../../dataset/index.node.ts');
      requireFreeTarget(out, { overwrite });
      const imported = await importSpectra(z.array(z.string()).parse(paths), {
        ...options,
        labelsTable: labels,
        command: context.commandLine,
        onProgress: context.onProgress,
        signal: context.signal,
        ...(context.seed === null ? {} : { seed: context.seed }),
      });
      const { skipped, notes: importNotes } = imported;
      const { fillMissingClasses } = await import('../../workflows/index.node.ts');
      const { onProgress, signal } = context;
      const { dataset, filled, bySurveyLines } = lineClasses
        ? await fillMissingClasses(imported.dataset, { onProgress, signal })
        : { dataset: imported.dataset, filled: 0, bySurveyLines: 0 };
      const notes = filled === 0 ? importNotes : [...importNotes, filledNote(filled, bySurveyLines)];
      for (const note of notes) context.log(note);
      await saveDataset(out, dataset, { overwrite });
      const more = skipped.length - SKIPPED_SHOWN;
      return {
        json: { ...datasetSummary(dataset, out), skipped, notes },
        lines: [
          ...skipped.slice(0, SKIPPED_SHOWN).map(({ file, reason }) => `skipped ${file}: ${reason}`),
          ...(more > 0 ? [`skipped ${more} more; --json names them all`] : []),
          ...datasetLines(dataset, out),
        ],
      };
    }),
  );
}

function filledNote(filled: number, bySurveyLines: number): string {
  const galaxies = `${filled} ${filled === 1 ? 'galaxy' : 'galaxies'}`;
  const survey = bySurveyLines === 0 ? '' : `, ${bySurveyLines} of them by the survey's own fits`;
  return `${galaxies} that the survey did not classify: class from emission lines${survey} (class_source says which)`;
}
