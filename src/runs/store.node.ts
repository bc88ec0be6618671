/**
 * Run folders on disk. run.json is written last and everything atomically, so a folder with a run.json is complete.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FileError, UserError } from '../base/index.ts';
import { readFileBytes, sha256, writeFileAtomically } from '../io/index.node.ts';
import { readNpz, writeNpz } from '../io/index.ts';
import type { NamedArray, Parameters } from '../models/index.ts';
import { RUN_FORMAT, type RunDescription, runDescriptionSchema } from './description.ts';
import { historyCsv, parseHistory } from './history.ts';
import { type LatentSample, latentSampleBytes, parseLatentSample } from './latent-sample.ts';
import type { GraphName, LabelledGraphName, Run } from './run.ts';

const DESCRIPTION = 'run.json';
const PARAMETERS = 'parameters.npz';
const HISTORY = 'history.csv';
const LATENTS = 'latents.npz';
/** The name of the grid among the arrays of parameters.npz. */
const WAVELENGTH = 'wavelength';

/** ONNX graphs of a run, weights inside. */
export type RunGraphs = Readonly<
  Record<'encoder' | 'decoder', Uint8Array> & Partial<Record<LabelledGraphName, Uint8Array>>
>;

export interface RunToSave extends Omit<Run, 'path' | 'description'> {
  readonly description: Omit<RunDescription, 'files' | 'kind' | 'format'>;
  readonly graphs: RunGraphs;
}

/** Whether a folder says that it is a run; it may still be damaged. */
export function isRunFolder(path: string): boolean {
  return existsSync(join(path, DESCRIPTION));
}

/** Writes a run into a folder, which is made if need be. @throws FileError when it cannot be written */
export async function saveRun(path: string, run: RunToSave): Promise<Run> {
  const arrays = Object.entries(run.parameters).map(([name, { shape, data }]) => [
    name,
    { shape, data: new Float32Array(data) },
  ]);
  const contents: Record<string, Uint8Array> = {
    [PARAMETERS]: writeNpz({ ...Object.fromEntries(arrays), [WAVELENGTH]: { data: new Float64Array(run.wavelength) } }),
    [HISTORY]: new TextEncoder().encode(historyCsv(run.history)),
    ...Object.fromEntries(Object.entries(run.graphs).map(([name, bytes]) => [`${name}.onnx`, bytes])),
    ...(run.latentSample === undefined ? {} : { [LATENTS]: latentSampleBytes(run.latentSample) }),
  };
  for (const [name, bytes] of Object.entries(contents)) writeFileAtomically(join(path, name), bytes);
  const files = Object.fromEntries(Object.entries(contents).map(([name, bytes]) => [name, sha256(bytes)]));
  const description: RunDescription = { kind: 'lightfold-run', format: RUN_FORMAT, ...run.description, files };
  writeFileAtomically(join(path, DESCRIPTION), `${JSON.stringify(description, null, 2)}\n`);
  const { graphs: _written, ...kept } = run;
  return { ...kept, path, description };
}

/**
 * Reads a run folder.
 *
 * @throws FileError when it is not one, is of a newer format, or was damaged since it was written
 */
export function loadRun(path: string): Run {
  const description = readDescription(path);
  const { parameters, wavelength } = readParameters(path, description);
  const history = readChecked(path, HISTORY, description);
  return {
    path,
    description,
    wavelength,
    parameters,
    history: parseHistory(new TextDecoder().decode(history), join(path, HISTORY)),
    ...(LATENTS in description.files ? { latentSample: readLatentSample(path, description) } : {}),
  };
}

/** Whether a run has such a graph; runs of before it was kept do not, whatever their model. */
export function hasRunGraph({ description }: Pick<Run, 'description'>, graph: GraphName): boolean {
  return Object.hasOwn(description.files, graphFile(graph));
}

/** One of the run's graphs as an ONNX file. @throws FileError when it is missing or damaged */
export function readRunGraph(run: Pick<Run, 'path' | 'description'>, graph: GraphName): Uint8Array {
  return readChecked(run.path, graphFile(graph), run.description);
}

function readDescription(path: string): RunDescription {
  const file = join(path, DESCRIPTION);
  if (!existsSync(path)) throw new FileError(path, '', 'there is no such folder');
  if (!existsSync(file)) {
    const begun = existsSync(join(path, 'checkpoint'));
    throw new FileError(
      path,
      '',
      begun
        ? 'training has not finished; go on with `lightfold train … --resume`'
        : 'this is not a run folder: it has no run.json',
    );
  }
  const content = parseJson(file);
  const { kind, format } = Object(content) as { kind?: unknown; format?: unknown };
  if (kind !== 'lightfold-run') throw new FileError(file, 'kind', 'this is not the description of a Lightfold run');
  if (typeof format === 'number' && format > RUN_FORMAT) {
    throw new FileError(
      file,
      'format',
      `format ${format} is newer than this Lightfold reads (${RUN_FORMAT}); update Lightfold`,
    );
  }
  const parsed = runDescriptionSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0];
  throw new FileError(file, place.join('.'), `${message}; the file was changed since it was written`);
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(readFileBytes(file)));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new FileError(file, '', `it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readParameters(path: string, description: RunDescription): Pick<Run, 'parameters' | 'wavelength'> {
  const file = join(path, PARAMETERS);
  const arrays = readNpz(readChecked(path, PARAMETERS, description), file);
  const wavelength = arrays.get(WAVELENGTH)?.data;
  if (!(wavelength instanceof Float64Array) || wavelength.length !== description.grid.pixels) {
    throw new FileError(file, `array "${WAVELENGTH}"`, `${description.grid.pixels} float64 wavelengths are expected`);
  }
  const parameters: Record<string, NamedArray> = {};
  for (const [name, { shape, data }] of arrays) {
    if (name === WAVELENGTH) continue;
    if (!(data instanceof Float32Array)) throw new FileError(file, `array "${name}"`, 'float32 is expected');
    parameters[name] = { shape, data };
  }
  return { parameters: parameters satisfies Parameters, wavelength };
}

function readLatentSample(path: string, description: RunDescription): LatentSample {
  return parseLatentSample(readChecked(path, LATENTS, description), join(path, LATENTS), description.latents);
}

function readChecked(path: string, name: string, { files }: RunDescription): Uint8Array {
  const file = join(path, name);
  const bytes = readFileBytes(file);
  if (!Object.hasOwn(files, name)) {
    throw new FileError(
      join(path, DESCRIPTION),
      'files',
      `it does not list ${name}; the file was changed since it was written`,
    );
  }
  if (sha256(bytes) !== files[name]) {
    throw new FileError(file, '', 'it was changed or damaged since the run was written (its checksum differs)');
  }
  return bytes;
}

function graphFile(graph: GraphName): string {
  return `${graph}.onnx`;
}
