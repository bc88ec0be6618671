import { existsSync, statSync } from 'node:fs';
import { decoderRelevance } from '../analysis/index.ts';
import { FileError } from '../base/index.ts';
import { describeDataset, isDatasetFolder } from '../dataset/index.node.ts';
import { readFileBytes } from '../io/index.node.ts';
import { type Hdu, isFits, isZip, readFits, readNpz, readTable } from '../io/index.ts';
import { isRunFolder, loadRun } from '../runs/index.node.ts';
import { recogniseAndRead } from '../spectra/surveys/index.ts';

/** What `lightfold info` tells: the kind of thing a path is, facts about it, and the same in lines for people. */
export interface Description {
  readonly kind: 'dataset' | 'run' | 'fits' | 'npz' | 'table';
  readonly facts: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

/**
 * Describes any file, dataset or run.
 *
 * @throws FileError when there is nothing there, or it is damaged or of no known kind
 */
export async function describePath(path: string): Promise<Description> {
  if (!existsSync(path)) throw new FileError(path, '', 'there is no such file or folder');
  if (isDatasetFolder(path)) return describeDatasetFolder(path);
  if (isRunFolder(path)) return describeRun(path);
  if (statSync(path).isDirectory()) {
    throw new FileError(path, '', 'is a folder, but neither a dataset nor a run; name a file in it, or import it');
  }
  const bytes = readFileBytes(path);
  if (isFits(bytes, path)) return describeFits(bytes, path);
  if (isZip(bytes)) return describeNpz(bytes, path);
  return describeTable(bytes, path);
}

function describeDatasetFolder(path: string): Description {
  const { kind: _kind, ...manifest } = describeDataset(path);
  const { provenance, grid } = manifest;
  const counts = (numbers: Readonly<Record<string, number>>): string =>
    Object.entries(numbers)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  return {
    kind: 'dataset',
    facts: manifest,
    lines: [
      `dataset of ${manifest.objects} objects × ${manifest.pixels} pixels, ${(100 * manifest.observedFraction).toFixed(0)}% observed`,
      `grid        ${grid.low.toFixed(1)}–${grid.high.toFixed(1)} Å, ${grid.spacing}, rest frame, vacuum`,
      `normalised  ${manifest.normalisation}; flux unit ${manifest.fluxUnit || 'not stated'}`,
      `splits      ${counts(manifest.splits)}`,
      `classes     ${counts(manifest.classes) || 'none'}`,
      `labels      ${manifest.labels.map(({ name, measured }) => `${name} (${measured})`).join(', ') || 'none'}`,
      `made by     ${provenance.command} (${provenance.software}, ${provenance.created}, ${provenance.inputs.length} input files)`,
      `checksum    ${manifest.checksum}`,
    ],
  };
}

function describeRun(path: string): Description {
  const { description, parameters } = loadRun(path);
  const { kind: _kind, ...facts } = description;
  const { training, latentsInUse, dataset, grid } = description;
  const relevance = decoderRelevance(parameters, description.labels);
  return {
    kind: 'run',
    facts: {
      ...facts,
      ...(relevance.length === 0
        ? {}
        : {
            relevance: Object.fromEntries(
              relevance.map(({ name, inverseLengthscale }) => [name, Array.from(inverseLengthscale)]),
            ),
          }),
    },
    lines: [
      `${description.title} with ${description.latents} latents (${latentsInUse.count} in use), ${grid.pixels} pixels ${grid.first.toFixed(1)}–${grid.last.toFixed(1)} Å`,
      `dataset     ${dataset.path ?? 'not on disk'} (${dataset.objects.train} train, ${dataset.objects.valid} valid)`,
      `checksum    ${dataset.checksum} (of the dataset)`,
      `training    ${training.epochs} epochs, best ${training.bestEpoch}, ${training.seconds.toFixed(1)} s, ${description.engine}, ${description.threads} threads, seed ${description.seed}`,
      `loss        train ${training.trainLoss.toPrecision(5)}, valid ${training.validLoss?.toPrecision(5) ?? 'not measured'} per spectrum`,
      `settings    ${Object.entries(description.settings)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(' ')}`,
      ...relevance.map((decoder) => `relevance   ${relevanceInWords(decoder)}`),
      `made by     ${description.software}, ${description.created}`,
    ],
  };
}

/** Latents that a line of words has room for. */
const RELEVANT = 5;

/** `of spectra: z2 0.153, z1 0.147, … (inverse lengthscales)`, the most relevant latents first. */
function relevanceInWords({ name, inverseLengthscale }: ReturnType<typeof decoderRelevance>[number]): string {
  const order = Array.from(inverseLengthscale.keys()).sort((a, b) => inverseLengthscale[b] - inverseLengthscale[a]);
  const named = order.slice(0, RELEVANT).map((q) => `z${q + 1} ${inverseLengthscale[q].toPrecision(3)}`);
  const more = order.length > RELEVANT ? ', …' : '';
  return `of ${name}: ${named.join(', ')}${more} (inverse lengthscales)`;
}

function describeFits(bytes: Uint8Array, path: string): Description {
  const { hdus } = readFits(bytes, path);
  const spectra = spectraIn(bytes, path);
  return {
    kind: 'fits',
    facts: { hdus: hdus.map(hduFacts), ...spectra.facts },
    lines: [`FITS file of ${hdus.length} HDUs`, ...hdus.map((hdu) => `  ${hduLine(hdu)}`), spectra.line],
  };
}

function hduFacts(hdu: Hdu): Record<string, unknown> {
  const { index, name, kind } = hdu;
  if (kind === 'table') return { index, name, kind, rows: hdu.rows, columns: hdu.columns };
  if (kind === 'image') return { index, name, kind, shape: hdu.shape };
  return { index, name, kind };
}

function hduLine(hdu: Hdu): string {
  const name = `${hdu.index} ${hdu.name || '(unnamed)'}`;
  if (hdu.kind === 'table') {
    return `${name}: table of ${hdu.rows} rows: ${hdu.columns.map((column) => column.name).join(', ')}`;
  }
  if (hdu.kind === 'image') return `${name}: image ${hdu.shape.join(' × ')}`;
  return `${name}: ${hdu.kind}`;
}

/** Whether the survey readers take the file; why not is part of the answer, not a failure. */
function spectraIn(bytes: Uint8Array, path: string): { facts: Record<string, unknown>; line: string } {
  try {
    const { spectra, rejected } = recogniseAndRead(bytes, path);
    const redshifts = spectra.slice(0, 3).map(({ id, redshift }) => `${id} z=${redshift?.toFixed(4) ?? 'unknown'}`);
    const more = spectra.length > 3 ? ', …' : '';
    return {
      facts: { spectra: spectra.length, rejected },
      line: `${spectra.length} spectra can be imported: ${redshifts.join(', ')}${more}; ${rejected.length} rejected`,
    };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { facts: { spectra: 0, reason: error.message }, line: `no spectra to import: ${error.problem}` };
  }
}

function describeNpz(bytes: Uint8Array, path: string): Description {
  const arrays = [...readNpz(bytes, path)].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  return {
    kind: 'npz',
    facts: { arrays },
    lines: ['NumPy archive', ...arrays.map(({ name, dtype, shape }) => `  ${name}: ${dtype} (${shape.join(', ')})`)],
  };
}

async function describeTable(bytes: Uint8Array, path: string): Promise<Description> {
  const { rows, names } = await readTable(bytes, path);
  return {
    kind: 'table',
    facts: { rows, columns: names },
    lines: [`table of ${rows} rows: ${names.join(', ')}`],
  };
}
