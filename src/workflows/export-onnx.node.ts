import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFolderAtomically } from '../io/index.node.ts';
import { writeNpy } from '../io/index.ts';
import { loadRun, readRunGraph } from '../runs/index.node.ts';

export interface ExportOptions {
  /** Replace a folder that is already there. */
  readonly overwrite?: boolean;
}

/**
 * A run's encoder and decoder as standard ONNX files with a Python example beside them: `encoder.onnx` takes `flux`
 * and `ivar` (N × P) and gives `latentMean` (N × Q) and `latentCovariance` (N × Q × Q); `decoder.onnx` takes `latent`
 * and gives `flux` and `fluxVariance` (N × P); `wavelength.npy` is the grid.
 *
 * @returns the names of the files written
 * @throws FileError when `path` is not a run, or `folder` exists and `overwrite` was not asked for
 */
export async function exportOnnx(path: string, folder: string, options: ExportOptions = {}): Promise<string[]> {
  const run = loadRun(path);
  const example = readFileSync(new URL('./onnx_example.py', import.meta.url));
  const files: readonly (readonly [string, Uint8Array])[] = [
    ['encoder.onnx', readRunGraph(run, 'encoder')],
    ['decoder.onnx', readRunGraph(run, 'decoder')],
    ['wavelength.npy', writeNpy({ data: Float64Array.from(run.wavelength) })],
    ['example.py', example],
  ];
  const write = async (temporary: string): Promise<void> => {
    for (const [name, bytes] of files) await writeFile(join(temporary, name), bytes);
  };
  await writeFolderAtomically(folder, write, { replace: options.overwrite ?? false });
  return files.map(([name]) => name);
}
