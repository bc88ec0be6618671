/**
 * The page's state as the part of its address after `#`, and back. Only what differs from the initial state is written,
 * so short views have short addresses. An address that somebody cut or mistyped still opens: each part that cannot be
 * read is left at its initial value, and a sentence says which.
 */
import { z } from 'zod';
import { type ColourBy, type ExplorerState, INITIAL_STATE, type MapPlane, type PanelName } from './explorer-state.ts';
import { rowsAsText, rowsFromText } from './row-text.ts';

/** What an address holds: everything but what the reader brought and where the pointer is. */
export type AddressedState = Omit<ExplorerState, 'dropped' | 'pointer'>;

export interface ReadAddress {
  /** A part that is absent here stood in the address in a form that cannot carry it. */
  readonly state: Omit<AddressedState, 'selection'> & Partial<Pick<AddressedState, 'selection'>>;
  /** Sentences for people: what of the address could not be read. */
  readonly notes: readonly string[];
}

/** Larger selections make addresses that mail programs cut. */
export const MOST_ROWS_IN_ADDRESS = 500;

const MOST_CHOSEN = 8;
const MOST_PATH_POINTS = 200;
const SIGNIFICANT_DIGITS = 5;

/** One part of the state: how it is written (null = as initially), and read (undefined = cannot be). */
interface Part<T> {
  readonly write: (value: T) => string;
  readonly read: (text: string) => T | undefined;
}

const text: Part<string> = { write: (value) => value, read: (value) => value };
const words: Part<readonly string[]> = {
  write: (value) => value.map(encodeURIComponent).join(','),
  read: (value) => (value === '' ? [] : decoded(value.split(','))),
};
const flag: Part<boolean> = {
  write: (value) => (value ? '1' : '0'),
  read: (value) => (value === '1' ? true : value === '0' ? false : undefined),
};

function oneOf<T extends string>(...names: readonly T[]): Part<T> {
  return { write: (value) => value, read: (value) => names.find((name) => name === value) };
}

const PANELS: readonly PanelName[] = ['spectrum', 'generate', 'tracks', 'tables', 'corner'];

const parts: { readonly [K in keyof Omit<AddressedState, 'selection'>]: Part<AddressedState[K]> } = {
  exhibit: text,
  run: text,
  plane: { write: writePlane, read: readPlane },
  colour: { write: writeColour, read: readColour },
  filter: text,
  chosen: { write: (rows) => rows.join(','), read: readChosen },
  compared: words,
  panel: oneOf(...PANELS),
  frame: oneOf('rest', 'observed'),
  species: words,
  offset: { write: shortNumber, read: readNumber },
  showTruth: flag,
  asked: { write: (asked) => (asked === null ? '' : JSON.stringify(asked, shortened)), read: readAsked },
  trackPosition: {
    write: ({ track, at }) => `${track}@${shortNumber(at)}`,
    read: readTrackPosition,
  },
  drawnPath: { write: (path) => path.map((point) => point.map(shortNumber).join(',')).join(';'), read: readPath },
  theme: oneOf('light', 'dark', 'system'),
};

type PartName = keyof typeof parts;
const partNames = Object.keys(parts) as PartName[];

/** Names of parts in notes, where the word in the address is not the word on the page. */
const SELECTION = 'selection';
/** In place of rows when there are too many: `many-1234`. */
const MANY = /^many-(\d+)$/;

/** @returns without the leading `#`; '' for the initial state */
export function writeAddress(state: AddressedState): string {
  const address = new URLSearchParams();
  for (const name of partNames) {
    const written = writePart(name, state);
    if (written !== writePart(name, INITIAL_STATE)) address.set(name, written);
  }
  const { selection } = state;
  if (selection !== null) {
    const isShort = selection.length <= MOST_ROWS_IN_ADDRESS;
    address.set(SELECTION, isShort ? rowsAsText(selection) : `many-${selection.length}`);
  }
  return address.toString();
}

export function readAddress(hash: string): ReadAddress {
  const address = new URLSearchParams(hash.replace(/^#/, ''));
  const { dropped: _, pointer: __, ...initial } = INITIAL_STATE;
  const notes: string[] = [];
  const state: Record<string, unknown> = { ...initial };
  for (const [name, written] of address) {
    if (name === SELECTION) continue;
    const value = isPartName(name) ? parts[name].read(written) : undefined;
    if (value === undefined) notes.push(unreadable(name, isPartName(name)));
    else state[name] = value;
  }
  readSelection(address.get(SELECTION), state, notes);
  // Every key of `state` was made by `parts` or stands in the initial state.
  return { state: state as unknown as AddressedState, notes };
}

/** Of what an address says, parts that say the same as before are those of before: the map's view hangs on its plane. */
export function withPartsKept(state: ReadAddress['state'], before: AddressedState): ReadAddress['state'] {
  const kept = partNames.filter((name) => writePart(name, state) === writePart(name, before));
  return { ...state, ...Object.fromEntries(kept.map((name) => [name, before[name]])) };
}

function readSelection(written: string | null, state: Record<string, unknown>, notes: string[]): void {
  if (written === null) return;
  const many = MANY.exec(written);
  const rows = many === null ? rowsFromText(written, MOST_ROWS_IN_ADDRESS) : null;
  if (rows !== null) state.selection = rows;
  else if (many === null) notes.push(unreadable(SELECTION, true));
  else {
    delete state.selection;
    notes.push(
      `The address was made with ${many[1]} objects selected, more than an address can name; use a filter in place of ` +
        'the selection to share it.',
    );
  }
}

function unreadable(name: string, known: boolean): string {
  const shown = name.length > 30 ? `${name.slice(0, 30)}…` : name;
  return known
    ? `The address's part "${shown}" cannot be read and was left out; it may have been cut short.`
    : `The address has a part "${shown}" that this page does not know; it was left out.`;
}

function isPartName(name: string): name is PartName {
  return Object.hasOwn(parts, name);
}

function writePart<K extends PartName>(name: K, state: Pick<AddressedState, K>): string {
  return parts[name].write(state[name]);
}

function writePlane(plane: MapPlane): string {
  return plane.kind === 'umap' ? 'umap' : `${plane.kind}-${plane.x + 1}-${plane.y + 1}`;
}

function readPlane(written: string): MapPlane | undefined {
  if (written === 'umap') return { kind: 'umap' };
  const match = /^(turned|own)-([1-9]\d{0,2})-([1-9]\d{0,2})$/.exec(written);
  if (match === null) return undefined;
  const kind = match[1] === 'own' ? 'own' : 'turned';
  return { kind, x: Number(match[2]) - 1, y: Number(match[3]) - 1 };
}

function writeColour(colour: ColourBy): string {
  if (colour.by === 'density') return 'density';
  return colour.by === 'column' ? `column:${colour.name}` : `expression:${colour.text}`;
}

function readColour(written: string): ColourBy | undefined {
  if (written === 'density') return { by: 'density' };
  const match = /^(column|expression):(.*)$/s.exec(written);
  if (match === null) return undefined;
  return match[1] === 'column' ? { by: 'column', name: match[2] } : { by: 'expression', text: match[2] };
}

function readChosen(written: string): number[] | undefined {
  if (written === '') return [];
  const rows = written.split(',');
  if (rows.length > MOST_CHOSEN || !rows.every((row) => /^\d{1,9}$/.test(row))) return undefined;
  return [...new Set(rows.map(Number))];
}

const latentSchema = z.array(z.number()).min(1).max(1000);
const askedSchema = z
  .union([
    z.object({ by: z.literal('latents'), latent: latentSchema }),
    z.object({ by: z.literal('labels'), labels: z.record(z.string(), z.number()) }),
  ])
  .nullable();

function readAsked(written: string): ExplorerState['asked'] | undefined {
  if (written === '') return null;
  try {
    return askedSchema.safeParse(JSON.parse(written)).data;
  } catch {
    return undefined;
  }
}

function readTrackPosition(written: string): ExplorerState['trackPosition'] | undefined {
  const match = /^(drawn|\d{1,6})@(.+)$/.exec(written);
  const at = match === null ? undefined : readNumber(match[2]);
  if (match === null || at === undefined || at < 0 || at > 1) return undefined;
  return { track: match[1] === 'drawn' ? 'drawn' : Number(match[1]), at };
}

function readPath(written: string): number[][] | undefined {
  if (written === '') return [];
  const path = written.split(';').map((point) => point.split(',').map(readNumber));
  if (path.length > MOST_PATH_POINTS) return undefined;
  const known = path.filter((point): point is number[] => point.every((value) => value !== undefined));
  return known.length === path.length && known.every((point) => point.length === path[0].length) ? known : undefined;
}

function decoded(encoded: readonly string[]): string[] | undefined {
  try {
    return encoded.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function readNumber(written: string): number | undefined {
  const value = Number(written);
  return written.trim() !== '' && Number.isFinite(value) ? value : undefined;
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(SIGNIFICANT_DIGITS)));
}

function shortened(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(SIGNIFICANT_DIGITS)) : value;
}
