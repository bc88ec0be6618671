/** Comma- or tab-separated tables (RFC 4180) with `#` comments, and ECSV, whose header is a comment too. */
import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { FileError } from '../../base/index.ts';
import { type Column, makeTable, type Table } from './table.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;
/** `0266` is a name with zeros, not the number 266. */
const LEADING_ZERO = /^[+-]?0\d/;
/** What programs write for "no number"; infinity carries no more meaning in a table of measurements. */
const NO_NUMBER = /^(?:[+-]?nan|[+-]?inf(?:inity)?|null|none|na|n\/a|--|masked)?$/i;

interface Record {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads a table whose first line names the columns. A column whose every entry is a number (or says that there is
 * none) becomes numbers; empty entries become null.
 *
 * @throws FileError when it is not text, the names are missing or repeated, or a row has too few or too many entries
 */
export function readCsv(bytes: Uint8Array, file: string): Table {
  const text = decodeText(bytes, file);
  const [header, ...rows] = parseRows(text, file);
  if (header === undefined) throw new FileError(file, '', 'the table is empty: a line of column names is expected');
  const names = header.record.map((name) => name.trim());
  checkNames(names, header.info.lines, file);
  for (const { record, info } of rows) {
    if (record.length === names.length) continue;
    const problem = `it has ${record.length} entries and the table has ${names.length} columns`;
    throw new FileError(file, `line ${info.lines}`, problem);
  }
  return makeTable(names.map((name, i) => [name, typedColumn(rows.map(({ record }) => record[i]))]));
}

function decodeText(bytes: Uint8Array, file: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new FileError(file, '', 'it is not UTF-8 text; save the table as CSV in UTF-8');
  }
  if (text.includes('\0')) throw new FileError(file, '', 'it is a binary file, not a table of text');
  return text;
}

function parseRows(text: string, file: string): Record[] {
  // Without quotes a row is its line and an entry ends at the next delimiter; splitting is several times quicker.
  return text.includes('"') ? parseQuoted(text, file) : splitRows(text);
}

function splitRows(text: string): Record[] {
  const delimiter = delimiterOf(text);
  const rows: Record[] = [];
  for (const [i, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line !== '' && !line.startsWith('#')) rows.push({ record: line.split(delimiter), info: { lines: i + 1 } });
  }
  return rows;
}

function parseQuoted(text: string, file: string): Record[] {
  try {
    const rows: unknown = parse(text, {
      delimiter: delimiterOf(text),
      comment: '#',
      comment_no_infix: true,
      skip_empty_lines: true,
      relax_column_count: true,
      info: true,
    });
    return rows as Record[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new FileError(file, '', `it is not a sound CSV table: ${error.message}`);
  }
}

/** ECSV names its delimiter and means spaces when it does not; otherwise a tab or comma in the line of names decides. */
function delimiterOf(text: string): string {
  if (text.startsWith('# %ECSV')) {
    const named = /^# delimiter: *(?:'(.)'|"(.)"|(\S))/m.exec(text);
    return named?.[1] ?? named?.[2] ?? named?.[3] ?? ' ';
  }
  const names = /^(?!#)[^\r\n]*\S[^\r\n]*/m.exec(text)?.[0] ?? '';
  return names.includes('\t') && !names.includes(',') ? '\t' : ',';
}

function checkNames(names: readonly string[], line: number, file: string): void {
  const place = `line ${line}`;
  if (names.every((name) => NUMBER.test(name))) {
    throw new FileError(
      file,
      place,
      'it holds numbers where column names are expected; name the columns, without a leading #',
    );
  }
  const seen = new Set<string>();
  for (const [i, name] of names.entries()) {
    if (name === '') throw new FileError(file, place, `column ${i + 1} has no name`);
    if (seen.has(name)) throw new FileError(file, place, `two columns are called "${name}"`);
    seen.add(name);
  }
}

/** Words for "no number" that are also words; a column of nothing else is text. */
const WORD = /^[a-z]+$/i;

function typedColumn(entries: readonly string[]): Column {
  const trimmed = entries.map((entry) => entry.trim());
  const present = trimmed.filter((entry) => !NO_NUMBER.test(entry));
  const isNumeric = present.every((entry) => NUMBER.test(entry) && !LEADING_ZERO.test(entry));
  const isWordsOnly = present.length === 0 && trimmed.some((entry) => WORD.test(entry) && !/^nan$/i.test(entry));
  if (!isNumeric || isWordsOnly) return entries.map((entry) => (entry === '' ? null : entry));
  const isInteger = present.every((entry) => INTEGER.test(entry));
  // Only a column of integers throughout can be identifiers; among fractions, a long integer is just a large number.
  if (isInteger && present.some((entry) => !Number.isSafeInteger(Number(entry)))) {
    return trimmed.map((entry) => (NO_NUMBER.test(entry) ? null : BigInt(entry.replace('+', ''))));
  }
  return trimmed.map((entry) => (NO_NUMBER.test(entry) ? null : finiteOrNull(Number(entry))));
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** A CSV table in UTF-8; empty = no value. Numbers are written with the fewest digits that give the same number back. */
export function csvBytes(table: Table): Uint8Array {
  const columns = table.names.map((name) => table.columns[name]);
  const lines = [table.names.map(quoted).join(',')];
  for (let row = 0; row < table.rows; row++) {
    const line = columns.map((column) => formatCell(column, row)).join(',');
    lines.push(line === '' ? '""' : line);
  }
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

function formatCell(column: Column, row: number): string {
  const cell = column[row];
  if (cell === null) return '';
  if (typeof cell === 'string') return quoted(cell);
  if (typeof cell === 'bigint') return cell.toString();
  if (!Number.isFinite(cell)) return '';
  if (column instanceof Float32Array) return shortestSingle(cell);
  return formatDouble(cell);
}

/** With an exponent where it would look like a long identifier otherwise. */
function formatDouble(value: number): string {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
}

/** The shortest decimal that rounds to this float32. */
function shortestSingle(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return formatDouble(short);
  }
  return formatDouble(Number(value.toPrecision(9)));
}

function quoted(text: string): string {
  return /[",\r\n]|^[#\s]|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
