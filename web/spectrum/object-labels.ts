import type { ExhibitData } from '../data/exhibit-data.ts';
import { NOT_KNOWN, shownNumber } from '../tables/object-words.ts';
import type { SubjectLabel } from './subject.ts';

/** An object's labels, as measured and as the run on show predicts them; those of which neither is known are left out. */
export function objectLabels({ columns, run }: Pick<ExhibitData, 'columns' | 'run'>, row: number): SubjectLabel[] {
  const found = [...columns.values()];
  const numberOf = (role: 'label' | 'labelError' | 'predicted' | 'predictedError', label: string): number => {
    const column = found.find(
      ({ description }) => description.role === role && (description.of ?? description.name) === label,
    );
    return column?.kind === 'number' ? column.values[row] : Number.NaN;
  };
  const measured = found
    .filter(({ description }) => description.role === 'label')
    .map(({ description }) => description.of ?? description.name);
  return [...new Set([...run.entry.labels, ...measured])].flatMap((name) => {
    const pair = (value: 'label' | 'predicted', error: 'labelError' | 'predictedError') =>
      withError(numberOf(value, name), numberOf(error, name));
    const [seen, predicted] = [pair('label', 'labelError'), pair('predicted', 'predictedError')];
    if (seen === null && predicted === null) return [];
    return [{ title: labelTitle({ columns }, name), measured: seen, predicted }];
  });
}

/** As on axes and in tables; a label that was not measured has its name. */
export function labelTitle({ columns }: Pick<ExhibitData, 'columns'>, name: string): string {
  for (const { description } of columns.values()) {
    if (description.role === 'label' && (description.of ?? description.name) === name) return description.title;
  }
  return name;
}

/** `7.21 ± 0.14`: as many digits as the error has, two of them; null when the value is not known. */
export function withError(value: number, error: number): string | null {
  if (!Number.isFinite(value)) return null;
  if (!(error > 0) || !Number.isFinite(error)) return shownNumber(value);
  const digits = Math.min(8, Math.max(0, 1 - Math.floor(Math.log10(error))));
  return `${value.toFixed(digits)} ± ${error.toFixed(digits)}`.replace('-', '−');
}

export function orUnknown(text: string | null): string {
  return text ?? NOT_KNOWN;
}
