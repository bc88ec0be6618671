/**
 * Exhibits ready to be shown: what takes long is worked out before anything is asked for, and kept in the runs' folders.
 */
import { basename, resolve } from 'node:path';
import { type LongWorkOptions, UserError } from '../../base/index.ts';
import type { Dataset } from '../../dataset/index.ts';
import type { OpenRun } from '../../inference/index.ts';
import type { ExhibitSource } from '../source.ts';
import { type Findings, findAll } from './findings.ts';
import { type Exhibit, type ExhibitRun, PreparedExhibits, type ServingOptions } from './prepared-exhibits.node.ts';
import { keepFindings, keptFindings } from './stored-findings.node.ts';

export interface ExhibitInput {
  readonly dataset: Dataset;
  /** The dataset's folder as the user named it, or another name. */
  readonly name: string;
  /** `name` unless told. */
  readonly title?: string;
  readonly runs: readonly OpenRun[];
}

export interface PrepareOptions extends LongWorkOptions, Partial<ServingOptions> {}

/**
 * Encodes every dataset by its runs and finds what there is to show. What takes long is kept in the runs' folders.
 *
 * @throws UserError when there is nothing to show, or a run does not know its dataset
 * @throws InterruptedError when `options.signal` fires
 */
export async function prepareExhibits(
  inputs: readonly ExhibitInput[],
  options: PrepareOptions = {},
): Promise<ExhibitSource> {
  if (inputs.length === 0) throw new UserError('There is no dataset to explore; name a run or a dataset.');
  const names = new Names();
  const exhibits: Exhibit[] = [];
  for (const input of inputs)
    exhibits.push(await prepareOne(names.take(basename(resolve(input.name))), input, options));
  return new PreparedExhibits(exhibits, {
    placing: options.placing ?? 'server',
    spectra: options.spectra ?? 'float32',
    compressed: options.compressed ?? false,
    signal: options.signal,
  });
}

async function prepareOne(name: string, input: ExhibitInput, options: PrepareOptions): Promise<Exhibit> {
  const { dataset, runs: openRuns } = input;
  if (openRuns.length === 0) throw new UserError(`${input.name} has no run to be explored by; train one.`);
  const names = new Names();
  const runs: ExhibitRun[] = [];
  for (const run of openRuns) {
    const own = names.take(basename(resolve(run.run.path)));
    runs.push({ name: own, run, findings: await findingsOf(own, run, dataset, options) });
  }
  return { name, title: input.title ?? name, dataset, runs };
}

async function findingsOf(
  name: string,
  run: OpenRun,
  dataset: Dataset,
  { onProgress, signal }: LongWorkOptions,
): Promise<Findings> {
  const kept = keptFindings(run, dataset);
  if (kept !== null) return kept;
  const findings = await findAll(run, dataset, {
    ...(onProgress && { onProgress: (report) => onProgress({ ...report, stage: `${name}: ${report.stage}` }) }),
    ...(signal && { signal }),
  });
  keepFindings(run, dataset, findings);
  return findings;
}

/** Names for addresses, each given once. */
class Names {
  readonly #taken = new Set<string>();

  take(wanted: string): string {
    const clean = wanted.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 70);
    const word = /^\.*$/.test(clean) ? 'unnamed' : clean;
    let name = word;
    for (let count = 2; this.#taken.has(name); count++) name = `${word}-${count}`;
    this.#taken.add(name);
    return name;
  }
}
