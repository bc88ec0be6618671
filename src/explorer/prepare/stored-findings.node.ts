/**
 * Findings kept in the run's folder, `explorer/<dataset's checksum>/findings.npz`, so that a second start need not work
 * them out. One file, written atomically: arrays, and everything else as JSON in the text array `rest`. What cannot be
 * read, or was made by another version or of another fit, counts as absent; a folder that cannot be written is no error.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { type Matrix, SOFTWARE_VERSION, UserError } from '../../base/index.ts';
import type { Dataset } from '../../dataset/index.ts';
import type { OpenRun } from '../../inference/index.ts';
import { readFileBytes, sha256, writeFileAtomically } from '../../io/index.node.ts';
import { npyIdentifiers, readNpz, writeNpz } from '../../io/index.ts';
import { outlierSchema, runEntrySchema, supportSchema, trackSchema } from '../protocol.ts';
import type { Findings } from './findings.ts';

/** Raised when findings of before would no longer do. */
const FINDINGS_FORMAT = 1;

const restSchema = z.object({
  key: z.string(),
  outliers: z.array(outlierSchema).readonly(),
  clusters: runEntrySchema.shape.clusters,
  tracks: z.array(trackSchema).readonly(),
  support: supportSchema,
});

/** Where what is made of a run and a dataset may be kept; null for a dataset that was never saved. */
export function keptFile(run: OpenRun, dataset: Dataset, name: string): string | null {
  const { checksum } = dataset.manifest;
  return checksum === undefined ? null : join(run.run.path, 'explorer', checksum, name);
}

/** Names software and fit that something was made by. */
export function madeBy({ run: { description } }: OpenRun): string {
  const fit = sha256(new TextEncoder().encode(JSON.stringify(description.files)));
  return `${FINDINGS_FORMAT} ${SOFTWARE_VERSION} ${fit}`;
}

/** Writes where that can be done: a run on a read-only disk is shown all the same. */
export function keep(file: string | null, bytes: Uint8Array): void {
  if (file === null) return;
  try {
    writeFileAtomically(file, bytes);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

/** What was kept, as `read` makes it out; null when there is nothing or it cannot be used. */
export function kept<T>(file: string | null, read: (bytes: Uint8Array, file: string) => T | null): T | null {
  if (file === null) return null;
  try {
    return read(readFileBytes(file), file);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

const FILE = 'findings.npz';

export function keepFindings(run: OpenRun, dataset: Dataset, findings: Findings): void {
  const file = keptFile(run, dataset, FILE);
  if (file !== null) keep(file, findingsBytes(findings, madeBy(run)));
}

export function keptFindings(run: OpenRun, dataset: Dataset): Findings | null {
  const [n, q, k] = [dataset.flux.rows, run.latents, run.labels.length];
  return kept(keptFile(run, dataset, FILE), (bytes, file) => parseFindings(bytes, file, madeBy(run), { n, q, k }));
}

function findingsBytes(findings: Findings, key: string): Uint8Array {
  const { outliers, clusters, tracks, support, ambiguity, labels } = findings;
  const matrix = ({ rows, columns, data }: Matrix) => ({ shape: [rows, columns], data: data.slice() });
  return writeNpz({
    rest: { data: [JSON.stringify({ key, outliers, clusters, tracks, support })] },
    mean: matrix(findings.mean),
    deviation: matrix(findings.deviation),
    ...(ambiguity === null ? {} : { ambiguity: matrix(ambiguity) }),
    ...(labels === null ? {} : { labelMean: matrix(labels.mean), labelVariance: matrix(labels.variance) }),
    outlierScore: { data: findings.outlierScore.slice() },
    lof: { data: findings.lof.slice() },
    chi2: { data: findings.chi2.slice() },
    cluster: { data: findings.cluster.slice() },
  });
}

interface Shape {
  readonly n: number;
  readonly q: number;
  readonly k: number;
}

/** @throws UserError when the file is not what it should be */
function parseFindings(bytes: Uint8Array, file: string, key: string, { n, q, k }: Shape): Findings | null {
  const arrays = readNpz(bytes, file);
  const rest = arrays.get('rest');
  const parsed = restSchema.safeParse(rest === undefined ? null : jsonOf(npyIdentifiers(rest, file, 'rest')[0]));
  if (!parsed.success || parsed.data.key !== key) return null;
  const array = <T>(name: string, kind: new (length: number) => T, length: number): T => {
    const data = arrays.get(name)?.data;
    if (data instanceof kind && arrays.get(name)?.data.length === length) return data;
    throw new UserError(`${file}: array "${name}" is not as it was written`);
  };
  const matrix = (name: string, columns: number): Matrix => ({
    rows: n,
    columns,
    data: array(name, Float32Array, n * columns),
  });
  const { key: _, ...told } = parsed.data;
  return {
    ...told,
    mean: matrix('mean', q),
    deviation: matrix('deviation', q),
    ambiguity: arrays.has('ambiguity') ? matrix('ambiguity', 1) : null,
    labels: k === 0 ? null : { mean: matrix('labelMean', k), variance: matrix('labelVariance', k) },
    outlierScore: array('outlierScore', Float64Array, n),
    lof: array('lof', Float64Array, n),
    chi2: array('chi2', Float64Array, n),
    cluster: array('cluster', Int32Array, n),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
