import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from '../base/index.ts';
import { writeFolderAtomically } from '../io/index.node.ts';
import { writeNpy } from '../io/index.ts';
import { hasRunGraph, loadRun, readRunGraph } from '../runs/index.node.ts';

/** Every file that an export may hold. */
const FILES = [
  'encoder.onnx',
  'decoder.onnx',
  'joint-encoder.onnx',
  'wavelength.npy',
  'labels.json',
  'example.py',
] as const;
type FileName = (typeof FILES)[number];

export interface ExportOptions {
  /** Replace an export that is already there. */
  readonly overwrite?: boolean;
}

/**
 * A run's graphs as standard ONNX files with a Python example beside them: `encoder.onnx` takes `flux` and `ivar` (N × P)
 * and gives `latentMean` (N × Q) and `latentCovariance` (N × Q × Q); `decoder.onnx` takes `latent` and gives `flux` and
 * `fluxVariance` (N × P), and `labelMean` and `labelVariance` (N × K) when the run predicts labels; `wavelength.npy` is the
 * grid, `labels.json` the labels' names. Of runs that encode labels, too, `joint-encoder.onnx` takes `label` and
 * `labelIvar` (N × K) besides.
 *
 * @returns the names of the files written
 * @throws FileError when `path` is not a run, `folder` exists and `overwrite` was not asked for, or it holds something else
 */
export async function exportOnnx(path: string, folder: string, options: ExportOptions = {}): Promise<string[]> {
  const run = loadRun(path);
  const { labels } = run.description;
  const files: readonly (readonly [FileName, Uint8Array])[] = [
    ['encoder.onnx', readRunGraph(run, 'encoder')],
    ['decoder.onnx', readRunGraph(run, 'decoder')],
    ...(hasRunGraph(run, 'joint-encoder') ? [['joint-encoder.onnx', readRunGraph(run, 'joint-encoder')] as const] : []),
    ['wavelength.npy', writeNpy({ data: Float64Array.from(run.wavelength) })],
    ...(labels.length > 0 ? [['labels.json', new TextEncoder().encode(`${JSON.stringify(labels)}\n`)] as const] : []),
    ['example.py', readFileSync(new URL('./onnx_example.py', import.meta.url))],
  ];
  requireExport(folder);
  const write = async (temporary: string): Promise<void> => {
    for (const [name, bytes] of files) await writeFile(join(temporary, name), bytes);
  };
  await writeFolderAtomically(folder, write, { replace: options.overwrite ?? false });
  return files.map(([name]) => name);
}

/** Overwriting is for exports: a mistyped `--onnx` must not remove a folder of something else. */
function requireExport(folder: string): void {
  if (!existsSync(folder)) return;
  const stranger = readdirSync(folder).find((name) => !FILES.some((known) => known === name));
  if (stranger === undefined) return;
  throw new FileError(folder, '', `it holds something that is not an export (${stranger}); choose another name`);
}
