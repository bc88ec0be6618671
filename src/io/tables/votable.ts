/** Writes VOTables (IVOA VOTable 1.4, serialised as TABLEDATA), which TOPCAT and the rest of the Virtual Observatory read. */
import { storedCells } from './stored-cells.ts';
import type { Cell, Table } from './table.ts';

export interface VotableField {
  readonly description?: string;
  /** `dex`, `Angstrom`. */
  readonly unit?: string;
  /** `meta.id;meta.main`, `src.redshift`. */
  readonly ucd?: string;
}

export interface VotableText {
  readonly name: string;
  readonly description?: string;
  /** By the column's name. */
  readonly fields?: Readonly<Record<string, VotableField>>;
}

const DATATYPES: Readonly<Record<ReturnType<typeof storedCells>['type'], string>> = {
  FLOAT: 'datatype="float"',
  DOUBLE: 'datatype="double"',
  INT32: 'datatype="int"',
  INT64: 'datatype="long"',
  STRING: 'datatype="unicodeChar" arraysize="*"',
};

/** A VOTable in UTF-8; an empty cell = no value. */
export function votableBytes(table: Table, { name, description, fields = {} }: VotableText): Uint8Array {
  const columns = table.names.map((column) => ({ column, ...storedCells(table.columns[column]) }));
  const heads = columns.map(({ column, type }) => fieldElement(column, DATATYPES[type], fields[column] ?? {}));
  const lines: string[] = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">',
    '<RESOURCE>',
    `<TABLE name="${escaped(name)}" nrows="${table.rows}">`,
    ...descriptionElement(description),
    ...heads,
    '<DATA><TABLEDATA>',
  ];
  for (let row = 0; row < table.rows; row++) {
    lines.push(`<TR>${columns.map(({ cells }) => cellElement(cells[row])).join('')}</TR>`);
  }
  lines.push('</TABLEDATA></DATA>', '</TABLE>', '</RESOURCE>', '</VOTABLE>', '');
  return new TextEncoder().encode(lines.join('\n'));
}

function fieldElement(name: string, datatype: string, { description, unit, ucd }: VotableField): string {
  const attributes = [`name="${escaped(name)}"`, datatype];
  if (unit !== undefined) attributes.push(`unit="${escaped(unit)}"`);
  if (ucd !== undefined) attributes.push(`ucd="${escaped(ucd)}"`);
  const inside = descriptionElement(description).join('');
  return inside === '' ? `<FIELD ${attributes.join(' ')}/>` : `<FIELD ${attributes.join(' ')}>${inside}</FIELD>`;
}

function descriptionElement(description: string | undefined): string[] {
  return description === undefined ? [] : [`<DESCRIPTION>${escaped(description)}</DESCRIPTION>`];
}

function cellElement(cell: Cell): string {
  if (cell === null) return '<TD/>';
  if (typeof cell === 'number' && !Number.isFinite(cell)) return `<TD>${cell > 0 ? '+Inf' : '-Inf'}</TD>`;
  return `<TD>${escaped(String(cell))}</TD>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters have no place in XML, not even escaped. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character])
    .replaceAll(/(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu, '');
}
