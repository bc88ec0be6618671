/** Which colour each object has, and the legend that says so. */
import { interpolateCividis, interpolateViridis } from 'd3-scale-chromatic';
import { ExpressionError, valuesOf } from '../../src/explorer/index.ts';
import type { CategoryColumn, ExhibitData, NumberColumn } from '../data/exhibit-data.ts';
import type { ColourBy } from '../state/explorer-state.ts';
import { shownNumber } from '../tables/object-words.ts';

export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  readonly count: number;
  readonly code: number;
}

interface Coloured {
  readonly title: string;
  /** Length N: index into `palette`. */
  readonly codes: Uint8Array;
  /** `#rrggbb` */
  readonly palette: readonly string[];
}

export type Colouring = Coloured &
  (
    | { readonly kind: 'categories'; readonly entries: readonly LegendEntry[] }
    | {
        readonly kind: 'numbers';
        /** Values of the ramp's ends; beyond them lies a hundredth of the objects. */
        readonly low: number;
        readonly high: number;
        readonly values: Float64Array;
        readonly missing: number;
      }
    | { readonly kind: 'density' }
  );

export type ColouringResult = { readonly colouring: Colouring; readonly problem: string | null };

/** Colours that are told apart with every kind of colour vision (Okabe & Ito 2008), by the page's names for them. */
export interface CategoryColours {
  readonly hues: readonly string[];
  readonly other: string;
  readonly missing: string;
}

/** Steps of a ramp; finer ones are not told apart. */
const RAMP_STEPS = 64;
/** More integers than these are a quantity, not kinds. */
const MOST_KINDS = 12;
/** Objects looked at to find the ends of a ramp. */
const SAMPLE = 20_000;

export const viridis = ramp(interpolateViridis);
export const cividis = ramp(interpolateCividis);

export function colouringOf(
  exhibit: Pick<ExhibitData, 'columns' | 'description'>,
  colour: ColourBy,
  colours: CategoryColours,
): ColouringResult {
  const rows = exhibit.description.objects;
  if (colour.by === 'density') return { colouring: plain('Density', rows, 'density', colours), problem: null };
  if (colour.by === 'expression') return byExpression(exhibit, colour.text, colours);
  const column = exhibit.columns.get(colour.name) ?? (colour.name === 'class' ? undefined : null);
  if (column === null) {
    const problem = `There is no column "${colour.name}" to colour by; choose another.`;
    return { colouring: plain('Objects', rows, 'one', colours), problem };
  }
  if (column === undefined) return { colouring: plain('Objects', rows, 'one', colours), problem: null };
  const title = titleOf(column.description);
  if (column.kind === 'category') return { colouring: byCategory(title, column, colours), problem: null };
  const kinds = kindsOf(column);
  const colouring = kinds === null ? byNumber(title, column.values, colours) : byCategory(title, kinds, colours);
  return { colouring, problem: null };
}

function titleOf({ title, unit }: NumberColumn['description']): string {
  return unit === undefined ? title : `${title} (${unit})`;
}

function byExpression(
  exhibit: Pick<ExhibitData, 'columns' | 'description'>,
  text: string,
  colours: CategoryColours,
): ColouringResult {
  const rows = exhibit.description.objects;
  if (text.trim() === '') {
    return { colouring: plain('Objects', rows, 'one', colours), problem: 'Write an expression, such as log10(snr).' };
  }
  try {
    return { colouring: byNumber(text, valuesOf(text, exhibit.columns, rows), colours), problem: null };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { colouring: plain('Objects', rows, 'one', colours), problem: error.message };
  }
}

function plain(title: string, rows: number, kind: 'density' | 'one', colours: CategoryColours): Colouring {
  const shared = { title, codes: new Uint8Array(rows), palette: [colours.hues[0]] };
  if (kind === 'density') return { kind, ...shared };
  return { kind: 'categories', ...shared, entries: [{ label: 'all', colour: colours.hues[0], count: rows, code: 0 }] };
}

/** A column of few whole numbers as kinds, as clusters are; null for a quantity. */
function kindsOf({ description, values }: NumberColumn): Pick<CategoryColumn, 'codes' | 'categories'> | null {
  const found = new Set<number>();
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value)) return null;
    found.add(value);
    if (found.size > MOST_KINDS && description.role !== 'cluster') return null;
  }
  const kinds = [...found].sort((a, b) => a - b);
  const place = new Map(kinds.map((kind, i) => [kind, i]));
  return { codes: Int32Array.from(values, (value) => place.get(value) ?? -1), categories: kinds.map(String) };
}

/** The most frequent kinds have a hue each, in the order of their names; the rest share one. */
function byCategory(
  title: string,
  { codes, categories }: Pick<CategoryColumn, 'codes' | 'categories'>,
  { hues, other, missing }: CategoryColours,
): Colouring {
  const counts = new Float64Array(categories.length);
  let unknown = 0;
  for (const code of codes) {
    if (code < 0) unknown++;
    else counts[code]++;
  }
  const byCount = [...categories.keys()].sort((a, b) => counts[b] - counts[a]);
  const own = byCount.slice(0, hues.length).sort((a, b) => a - b);
  const [otherCode, missingCode] = [own.length, own.length + 1];
  const codeOf = new Uint8Array(categories.length).fill(otherCode);
  for (const [code, category] of own.entries()) codeOf[category] = code;
  const rest = counts.reduce((sum, count) => sum + count, 0) - own.reduce((sum, kind) => sum + counts[kind], 0);
  const entries = own.map((kind, code) => ({ label: categories[kind], colour: hues[code], count: counts[kind], code }));
  if (rest > 0)
    entries.push({ label: `${categories.length - own.length} others`, colour: other, count: rest, code: otherCode });
  if (unknown > 0) entries.push({ label: 'not known', colour: missing, count: unknown, code: missingCode });
  return {
    kind: 'categories',
    title,
    codes: Uint8Array.from(codes, (code) => (code < 0 ? missingCode : codeOf[code])),
    palette: [...hues.slice(0, own.length), other, missing],
    entries,
  };
}

function byNumber(title: string, values: Float64Array, colours: CategoryColours): Colouring {
  const [low, high] = endsOf(values);
  const step = high > low ? (RAMP_STEPS - 1) / (high - low) : 0;
  const codes = new Uint8Array(values.length);
  let missing = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (Number.isNaN(value)) {
      codes[row] = RAMP_STEPS;
      missing++;
    } else codes[row] = Math.max(0, Math.min(RAMP_STEPS - 1, Math.round((value - low) * step)));
  }
  return { kind: 'numbers', title, codes, palette: [...viridis, colours.missing], low, high, values, missing };
}

/** Between them lie 98% of the values. */
function endsOf(values: Float64Array): [number, number] {
  const stride = Math.max(1, Math.floor(values.length / SAMPLE));
  const sample: number[] = [];
  for (let row = 0; row < values.length; row += stride) if (Number.isFinite(values[row])) sample.push(values[row]);
  if (sample.length === 0) return [0, 1];
  const sorted = Float64Array.from(sample).sort();
  return [sorted[Math.floor(0.01 * (sorted.length - 1))], sorted[Math.ceil(0.99 * (sorted.length - 1))]];
}

/** What a colour stands for, beside an object. */
export function colouredValue(colouring: Colouring, row: number): string | null {
  if (colouring.kind === 'density') return null;
  if (colouring.kind === 'numbers') return shownNumber(colouring.values[row]);
  return colouring.entries.find(({ code }) => code === colouring.codes[row])?.label ?? null;
}

function ramp(colourAt: (at: number) => string): readonly string[] {
  return Array.from({ length: RAMP_STEPS }, (_, i) => asHex(colourAt(i / (RAMP_STEPS - 1))));
}

function asHex(colour: string): string {
  if (colour.startsWith('#')) return colour;
  const channels = colour.match(/\d+/g) ?? [];
  return `#${channels.map((channel) => Number(channel).toString(16).padStart(2, '0')).join('')}`;
}
