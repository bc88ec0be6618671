import { join } from 'node:path';
import { redshiftFigureData } from '../analysis/index.ts';
import { measureRedshifts, type RedshiftFiles, type RedshiftFilesOptions } from '../inference/index.node.ts';
import { type MeasuredRedshift, type OpenRun, redshiftTable } from '../inference/index.ts';
import { writeFileAtomically } from '../io/index.node.ts';
import { tableBytes, tableExtension } from '../io/index.ts';
import { type FigureFormat, figureFile } from '../plots/index.node.ts';
import { redshiftFigure } from '../plots/index.ts';

export interface WriteRedshiftsOptions extends Omit<RedshiftFilesOptions, 'onFit' | 'detail'> {
  /** Table to write: .csv, .parquet, .arrow, .npz or .fits; none without it. */
  readonly out?: string;
  /** Folder for a figure of every spectrum; none without it. */
  readonly figures?: string;
  /** `svg` unless told. */
  readonly format?: FigureFormat;
}

export interface WrittenRedshifts extends RedshiftFiles {
  /** Paths of the figures. */
  readonly figures: readonly string[];
}

/**
 * Redshifts of every spectrum in files, folders and globs, as a table and as figures.
 *
 * @throws as `measureRedshifts`, and UserError for a table that is not written
 */
export async function writeRedshifts(
  run: OpenRun,
  paths: readonly string[],
  options: WriteRedshiftsOptions = {},
): Promise<WrittenRedshifts> {
  const { out, figures: folder, format = 'svg', ...search } = options;
  if (out !== undefined) tableExtension(out);
  const figures: string[] = [];
  const draw = async (measured: MeasuredRedshift): Promise<void> => {
    const data = redshiftFigureData(measured, 'Flux in the file’s unit');
    if (folder === undefined || data === null) return;
    const { name, bytes } = await figureFile(redshiftFigure(figureName(measured, figures.length), data), format);
    writeFileAtomically(join(folder, name), bytes);
    figures.push(join(folder, name));
  };
  const found = await measureRedshifts(run, paths, {
    ...search,
    ...(folder === undefined ? {} : { detail: true, onFit: draw }),
  });
  if (out !== undefined) writeFileAtomically(out, tableBytes(redshiftTable(found.measured), out));
  return { ...found, figures };
}

/** Counted, since two files may hold objects of one name. */
function figureName({ id }: MeasuredRedshift, count: number): string {
  const word = id.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `redshift-${String(count + 1).padStart(4, '0')}-${word}`;
}
