/** Files of chosen rows. Loaded when somebody exports: the writers are heavy. */
import { csvBytes, parquetBytes, votableBytes } from '../../src/io/index.ts';
import type { ExhibitData } from '../data/exhibit-data.ts';
import { tableOfRows, votableFields } from './columns-shown.ts';

export type ExportFormat = 'csv' | 'vot' | 'parquet';

type Exported = Pick<ExhibitData, 'columns' | 'description' | 'run'>;

export function exportedBytes(exhibit: Exported, rows: Uint32Array, format: ExportFormat): Uint8Array {
  const table = tableOfRows(exhibit, rows);
  if (format === 'csv') return csvBytes(table);
  if (format === 'parquet') return parquetBytes(table);
  const { description, run } = exhibit;
  return votableBytes(table, {
    name: exportName(exhibit),
    description: `${rows.length} objects of ${description.title}, as ${run.entry.title} sees them`,
    fields: votableFields(exhibit),
  });
}

export function exportName({ description, run }: Exported): string {
  return `${description.name}-${run.entry.name}`;
}
