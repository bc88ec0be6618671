import { FileError } from '../base/index.ts';
import type { HistoryEntry } from '../models/index.ts';

/** The columns that every history has; the terms of the loss follow. */
const FIXED = ['step', 'trainLoss', 'validLoss'] as const;

/** A history as CSV: step, trainLoss, validLoss, then one column a term; numbers in full precision, empty = none. */
export function historyCsv(history: readonly HistoryEntry[]): string {
  const terms = [...new Set(history.flatMap((entry) => Object.keys(entry.terms)))];
  const rows = history.map((entry) =>
    [entry.step, entry.trainLoss, entry.validLoss, ...terms.map((term) => entry.terms[term])].map(cell).join(','),
  );
  return `${[[...FIXED, ...terms].join(','), ...rows].join('\n')}\n`;
}

/** @throws FileError naming the line that is not as `historyCsv` writes it */
export function parseHistory(text: string, file: string): HistoryEntry[] {
  const [header, ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const names = (header ?? '').split(',');
  if (FIXED.some((name, index) => names[index] !== name)) {
    throw new FileError(file, 'line 1', `the columns should begin with ${FIXED.join(',')}`);
  }
  return lines.map((line, index) => parseLine(names, line.split(','), file, index + 2));
}

function parseLine(names: readonly string[], cells: readonly string[], file: string, line: number): HistoryEntry {
  const values = cells.map((text) => (text === '' ? null : Number(text)));
  const [step, trainLoss, validLoss] = values;
  const broken = cells.length !== names.length || values.some((value) => value !== null && !Number.isFinite(value));
  if (broken || typeof step !== 'number' || typeof trainLoss !== 'number') {
    throw new FileError(
      file,
      `line ${line}`,
      `${names.length} numbers are expected here, of which step and trainLoss are never empty`,
    );
  }
  const terms: Record<string, number> = {};
  for (const [index, value] of values.entries()) {
    if (index >= FIXED.length && value !== null) terms[names[index]] = value;
  }
  return { step, trainLoss, validLoss, terms };
}

function cell(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}
