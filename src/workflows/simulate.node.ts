import { join } from 'node:path';
import { InterruptedError, type LongWorkOptions } from '../base/index.ts';
import { requireFreeTarget, saveDataset } from '../dataset/index.node.ts';
import type { Dataset } from '../dataset/index.ts';
import { writeFileAtomically } from '../io/index.node.ts';
import { type MockSurvey, simulateGalaxies, simulateQuasars, specLiteFile } from '../simulation/index.ts';

export interface SimulateOptions extends LongWorkOptions {
  readonly kind: 'galaxies' | 'quasars';
  readonly objects: number;
  /** The dataset folder to write. */
  readonly out: string;
  /** 1 unless told. */
  readonly seed?: number;
  /** Rest-frame vacuum ångström; the kind's preset unless told. */
  readonly grid?: Float64Array;
  /** Folder for one SDSS spec-lite file an object; none are written without it. */
  readonly fits?: string;
  readonly overwrite?: boolean;
  /** The command as typed, for the manifest. */
  readonly command?: string;
}

const SIMULATORS = { galaxies: simulateGalaxies, quasars: simulateQuasars } as const;

/** A mock survey as a dataset folder and, when asked for, as survey files. */
export async function simulateSurvey(options: SimulateOptions): Promise<{ dataset: Dataset; files: number }> {
  const { kind, objects, seed = 1, grid, out, overwrite = false, command } = options;
  const { onProgress, signal } = options;
  requireFreeTarget(out, { overwrite });
  const survey = SIMULATORS[kind]({
    objects,
    seed,
    ...(grid === undefined ? {} : { grid }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  });
  const dataset = command === undefined ? survey.dataset : withCommand(survey.dataset, command);
  await saveDataset(out, dataset, { overwrite });
  const files = options.fits === undefined ? 0 : writeFiles(survey, options.fits, objects, options);
  return { dataset, files };
}

function withCommand(dataset: Dataset, command: string): Dataset {
  const { manifest } = dataset;
  return { ...dataset, manifest: { ...manifest, provenance: { ...manifest.provenance, command } } };
}

function writeFiles(
  survey: MockSurvey,
  folder: string,
  total: number,
  { onProgress, signal }: LongWorkOptions,
): number {
  let done = 0;
  for (const object of survey.observed()) {
    if (signal?.aborted) throw new InterruptedError(`stopped after ${done} of ${total} files; the dataset is written`);
    const { name, bytes } = specLiteFile(object);
    writeFileAtomically(join(folder, name), bytes);
    done++;
    onProgress?.({ stage: 'writing spec-lite files', done, total });
  }
  return done;
}
