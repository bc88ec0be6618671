import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { action, everywhere, parseOptions } from '../context.node.ts';
import { outputFolder } from '../outputs.node.ts';

const optionsSchema = z.object({ onnx: outputFolder('--onnx'), overwrite: z.boolean().default(false) });

/** `lightfold export RUN --onnx DIR`. */
export function exportCommand(): Command {
  const command = new Command('export')
    .description('a run as standard ONNX files with a Python example')
    .argument('<run>', 'a run folder')
    .requiredOption(
      '--onnx <dir>',
      'folder to write encoder.onnx, decoder.onnx (and joint-encoder.onnx), wavelength.npy and example.py into',
    )
    .option('--overwrite', 'replace a folder that is already there')
    .addHelpText(
      'after',
      '\nExample:\n  lightfold export out/vae6 --onnx out/onnx && python out/onnx/example.py out/galaxies',
    );
  return everywhere(command).action(
    action(async (_context, [run], rawOptions) => {
      const { onnx, overwrite } = parseOptions(optionsSchema, rawOptions);
      const { exportOnnx } = await import('../../workflows/index.node.ts');
      const files = await exportOnnx(String(run), onnx, { overwrite });
      return { json: { files, path: onnx }, lines: files.map((name) => join(onnx, name)) };
    }),
  );
}
