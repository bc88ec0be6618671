import type { GeneratedData, GeneratedSpectrum } from './generated-data.ts';
import { textWidth, words } from './sheet.ts';
import type { Theme } from './theme.ts';

/* The table above generated spectra: which colour is which, and the labels that go with each. */

const ROW = 17;
const SWATCH = 30;
const GAP = 26;
const SIZE = 11;
/** Spectra in the table; of more, some spread evenly over them. */
const MOST_ROWS = 9;

/** Height that the table takes. */
export function keyHeight(data: GeneratedData): number {
  return ROW * (1 + shown(data).length);
}

function shown({ spectra }: GeneratedData): readonly GeneratedSpectrum[] {
  if (spectra.length <= MOST_ROWS) return spectra;
  return Array.from({ length: MOST_ROWS }, (_, k) => spectra[Math.round((k * (spectra.length - 1)) / (MOST_ROWS - 1))]);
}

interface Column {
  readonly title: string;
  readonly bold: boolean;
  readonly cells: readonly string[];
}

/** From (x, y), the baseline of its head, on; columns that find no room before `right` are left out. */
export function spectrumKey(
  x: number,
  y: number,
  right: number,
  data: GeneratedData,
  colour: (spectrum: GeneratedSpectrum) => string,
  theme: Theme,
): string {
  const rows = shown(data);
  const swatches = rows.map((spectrum, k) => {
    const middle = y + (k + 1) * ROW - 4;
    return `<path d="M${x} ${middle}h19" stroke="${colour(spectrum)}" stroke-width="2.6" fill="none"/>`;
  });
  let left = x + SWATCH;
  const cells = columnsOf(data, rows).map(({ title, bold, cells: texts }) => {
    const width = Math.max(...[title, ...texts].map((text) => textWidth(text, SIZE)));
    if (left + width > right) return '';
    const at = left;
    left += width + GAP;
    const weight = bold ? 'bold' : 'normal';
    return (
      words(at, y, title, { size: SIZE, weight, fill: theme.muted }) +
      texts.map((text, k) => words(at, y + (k + 1) * ROW, text, { size: SIZE, weight, fill: theme.ink })).join('')
    );
  });
  return swatches.join('') + cells.join('');
}

/** What is swept first, then all labels in their order. */
function columnsOf({ swept }: GeneratedData, rows: readonly GeneratedSpectrum[]): Column[] {
  const names = rows[0]?.labels.map(({ name }) => name) ?? [];
  const labels = names.map(
    (title, k): Column => ({
      title,
      bold: title === swept,
      cells: rows.map(({ labels: own }) => withDeviation(own[k].value, own[k].deviation)),
    }),
  );
  const first = labels.filter(({ bold }) => bold);
  const others = labels.filter(({ bold }) => !bold);
  const ofLatent: Column[] =
    swept === null || first.length > 0
      ? []
      : [{ title: swept, bold: true, cells: rows.map(({ value }) => String(Number(value.toPrecision(4)))) }];
  return [...ofLatent, ...first, ...others];
}

/** `9.25 ± 0.12`: the deviation to two digits, the value as far. */
function withDeviation(value: number, deviation: number): string {
  if (!(deviation > 0)) return String(Number(value.toPrecision(4)));
  const digits = Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(deviation))));
  return `${value.toFixed(digits).replace('-', '−')} ± ${deviation.toFixed(digits)}`;
}
