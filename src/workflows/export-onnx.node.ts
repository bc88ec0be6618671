import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '../base/index.ts';
import { writeFolderAtomically } from '../io/index.node.ts';
import { writeNpy } from '../io/index.ts';
import { loadRun, readRunGraph } from '../runs/index.node.ts';

export interface ExportOptions {
  /** Replace an export that is already there. */
  readonly overwrite?: boolean;
}

/**
 * A run's encoder and decoder as standard ONNX files with a Python example beside them: `encoder.onnx` takes `flux`
 * and `ivar` (N × P) and gives `latentMean` (N × Q) and `latentCovariance` (N × Q × Q); `decoder.onnx` takes `latent`
 * and gives `flux` and `fluxVariance` (N × P); `wavelength.npy` is the grid.
 *
 * @returns the names of the files written
 * @throws FileError when `path` is not a run, `folder` exists and `overwrite` was not asked for, or it holds something else
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
  const names = files.map(([name]) => name);
  requireExport(folder, names);
  const write = async (temporary: string): Promise<void> => {
    for (const [name, bytes] of files) await writeFile(join(temporary, name), bytes);
  };
  await writeFolderAtomically(folder, write, { replace: options.overwrite ?? false });
  return names;
}

/** Overwriting is for exports: a mistyped `--onnx` must not remove a folder of something else. */
function requireExport(folder: string, names: readonly string[]): void {
  if (!existsSync(folder)) return;
  const stranger = readdirSync(folder).find((name) => !names.includes(name));
  if (stranger === undefined) return;
  throw new FileError(folder, '', `it holds something that is not an export (${stranger}); choose another name`);
}
