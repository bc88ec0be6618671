import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { UserError } from '../../base/index.ts';
import { action, type Context, everywhere, type Outcome, parseOptions } from '../context.node.ts';
import { outputFolder } from '../outputs.node.ts';

const optionsSchema = z.object({
  onnx: outputFolder('--onnx').optional(),
  site: outputFolder('--site').optional(),
  dataset: z.string().min(1).optional(),
  overwrite: z.boolean().default(false),
});

/** `lightfold export RUN --onnx DIR`, `lightfold export RUN… --site DIR`. */
export function exportCommand(): Command {
  const command = new Command('export')
    .description('a run as standard ONNX files with a Python example, or runs as a static explorer page to publish')
    .argument('<run...>', 'a run folder; for --site any number, or folders with runs in them')
    .option(
      '--onnx <dir>',
      'folder to write encoder.onnx, decoder.onnx (and joint-encoder.onnx), wavelength.npy and example.py into',
    )
    .option('--site <dir>', 'folder to write the explorer into: index.html, what it needs, and all its data')
    .option('--dataset <dir>', '--site: dataset to show the runs with (default: the one that each was fitted to)')
    .option('--overwrite', 'replace a folder that is already there')
    .addHelpText(
      'after',
      '\nExamples:\n  lightfold export out/vae6 --onnx out/onnx && python out/onnx/example.py out/galaxies' +
        '\n  lightfold export out/vae6 out/pca6 --site out/site && python -m http.server -d out/site',
    );
  return everywhere(command).action(
    action(async (context, [paths], rawOptions) => {
      const { onnx, site, dataset, overwrite } = parseOptions(optionsSchema, rawOptions);
      const runs = z.array(z.string()).parse(paths);
      if ((onnx === undefined) === (site === undefined)) {
        throw new UserError('export takes either --onnx or --site, with the folder to write.');
      }
      if (onnx !== undefined) return exportedOnnx(runs, onnx, { dataset, overwrite });
      return exportedSite(runs, String(site), { dataset, overwrite }, context);
    }),
  );
}

interface Asked {
  readonly dataset: string | undefined;
  readonly overwrite: boolean;
}

async function exportedOnnx(runs: readonly string[], folder: string, { dataset, overwrite }: Asked): Promise<Outcome> {
  if (dataset !== undefined) throw new UserError('--dataset belongs to --site.');
  if (runs.length > 1) throw new UserError('--onnx takes one run; export the others into folders of their own.');
  const { exportOnnx } = await import('../../workflows/index.node.ts');
  const files = await exportOnnx(runs[0], folder, { overwrite });
  return { json: { files, path: folder }, lines: files.map((name) => join(folder, name)) };
}

async function exportedSite(
  runs: readonly string[],
  folder: string,
  { dataset, overwrite }: Asked,
  { threads, onProgress, signal, log }: Context,
): Promise<Outcome> {
  const { exportSite, FOR_A_SITE, openExhibits, requireSiteTarget } = await import('../../workflows/index.node.ts');
  requireSiteTarget(folder, { overwrite });
  const source = await openExhibits({
    ...{ ...FOR_A_SITE, runs, threads, onProgress, signal, log },
    ...(dataset === undefined ? {} : { dataset }),
  });
  const { files, bytes } = await exportSite(source, folder, { overwrite, onProgress, signal });
  const megabytes = (bytes / 1e6).toFixed(1);
  return {
    json: { files, bytes, path: folder },
    lines: [
      ...source
        .exhibits()
        .exhibits.map(({ title, objects, runs: names }) => `${title}: ${objects} objects, ${names.join(', ')}`),
      `site: ${folder} (${files.length} files, ${megabytes} MB); any file server can serve it`,
    ],
  };
}
