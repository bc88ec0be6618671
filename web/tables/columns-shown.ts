/** Which columns tables show and export, and rows as the tables of `io`. */

import type { ColumnRole } from '../../src/explorer/index.ts';
import { type Column, makeTable, type Table, type VotableField } from '../../src/io/index.ts';
import type { ExhibitData, PageColumn } from '../data/exhibit-data.ts';

/** Six latents and their errors on two sets of axes would bury the rest; they are exported all the same. */
const LEFT_OUT: ReadonlySet<ColumnRole> = new Set<ColumnRole>(['latentError', 'turned', 'latent', 'split']);

/** The object's name first. */
export function columnsShown({ columns }: Pick<ExhibitData, 'columns'>): readonly PageColumn[] {
  const shown = [...columns.values()].filter(({ description }) => !LEFT_OUT.has(description.role));
  const isId = ({ description }: PageColumn) => description.role === 'id';
  return [...shown.filter(isId), ...shown.filter((column) => !isId(column))];
}

/** @param rows of the dataset, in the order of the table */
export function tableOfRows({ columns }: Pick<ExhibitData, 'columns'>, rows: Uint32Array): Table {
  return makeTable([...columns].map(([name, column]) => [name, cellsOf(column, rows)] as const));
}

function cellsOf(column: PageColumn, rows: Uint32Array): Column {
  if (column.kind === 'number') return Float64Array.from(rows, (row) => column.values[row]);
  const { codes, categories } = column;
  return Array.from(rows, (row) => (codes[row] < 0 ? null : categories[codes[row]]));
}

const UCDS: Partial<Record<ColumnRole, string>> = {
  id: 'meta.id;meta.main',
  redshift: 'src.redshift',
  class: 'src.class',
  snr: 'stat.snr',
};

export function votableFields({ columns }: Pick<ExhibitData, 'columns'>): Record<string, VotableField> {
  return Object.fromEntries(
    [...columns.values()].map(({ description: { name, title, unit, role } }) => [
      name,
      {
        ...(title === name ? {} : { description: title }),
        ...(unit === undefined ? {} : { unit }),
        ...(UCDS[role] === undefined ? {} : { ucd: UCDS[role] }),
      },
    ]),
  );
}
