/**
 * Damages files at random, always the same way for the same seed, and holds readers to their promise: a damaged file
 * either decodes to sound data or is refused with a FileError that names it. Any other error, a hang or an absurd
 * allocation is a failure of the reader.
 *
 * LIGHTFOLD_MUTATIONS sets the number of mutations of each kind of file (default 400).
 */
import assert from 'node:assert/strict';
import { FileError, Random } from '../../src/base/index.ts';

export const MUTATIONS = Number(process.env.LIGHTFOLD_MUTATIONS ?? 400);

/** Longest that reading one damaged file may take, in ms: far above any honest reading, even on a busy machine. */
const PATIENCE = 20_000;
/** Bytes by which the whole run may raise the highest memory use of the process. */
const LARGEST_GROWTH = 1.5e9;

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const KINDS: Readonly<Record<string, Mutation>> = {
  'flip bits': flipBits,
  'set bytes': setBytes,
  truncate: (bytes, random) => bytes.slice(0, random.integer(bytes.length)),
  'repeat a stretch': (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    return joined(bytes.subarray(0, to), bytes.subarray(from));
  },
  'remove a stretch': (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  },
  'insert noise': (bytes, random) => {
    const at = random.integer(bytes.length + 1);
    const noise = Uint8Array.from({ length: 1 + random.integer(40) }, () => random.integer(256));
    return joined(bytes.subarray(0, at), noise, bytes.subarray(at));
  },
  'overwrite an integer': overwriteInteger,
  'erase a stretch': (bytes, random) => {
    const [from, to] = stretch(bytes, random);
    return bytes.slice().fill(random.integer(2) * 255, from, to);
  },
  'edit a header card': editCard,
  'exchange header cards': exchangeCards,
  'change a digit': changeDigit,
};

export interface Mutant {
  readonly bytes: Uint8Array;
  /** Which damage was done, for messages. */
  readonly kind: string;
}

/** A damaged copy of a file; one in five is damaged twice. */
export function mutate(bytes: Uint8Array, random: Random): Mutant {
  const names = Object.keys(KINDS);
  const kind = names[random.integer(names.length)];
  const damaged = bytes.length === 0 ? bytes : KINDS[kind](bytes, random);
  if (random.uniform() > 0.2) return { bytes: damaged, kind };
  const again = mutate(damaged, random);
  return { bytes: again.bytes, kind: `${kind}, ${again.kind}` };
}

/**
 * Runs `read` over mutants of `original`. It must check the soundness of what it decodes by itself; a FileError from
 * it that names `file` is a proper refusal.
 *
 * @returns how many mutants were decoded and how many refused
 */
export async function surviveMutations(
  original: Uint8Array,
  file: string,
  read: (bytes: Uint8Array, file: string) => void | Promise<void>,
  count: number = MUTATIONS,
): Promise<{ decoded: number; refused: number }> {
  const random = new Random(20250101).stream(file);
  const memory = process.resourceUsage().maxRSS * 1024;
  const outcome = { decoded: 0, refused: 0 };
  for (let i = 0; i < count; i++) {
    const { bytes, kind } = mutate(original, random);
    const begun = performance.now();
    try {
      await read(bytes, file);
      outcome.decoded++;
    } catch (error) {
      assert.ok(error instanceof FileError, `mutant ${i} of ${file} (${kind}) ended in ${describeError(error)}`);
      assert.ok(error.message.startsWith(file), `the refusal of mutant ${i} does not name the file: ${error.message}`);
      outcome.refused++;
    }
    const took = performance.now() - begun;
    assert.ok(took < PATIENCE, `mutant ${i} of ${file} (${kind}) took ${Math.round(took)} ms`);
  }
  const growth = process.resourceUsage().maxRSS * 1024 - memory;
  assert.ok(growth < LARGEST_GROWTH, `memory grew by ${Math.round(growth / 1e6)} MB over mutants of ${file}`);
  return outcome;
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.stack}` : String(error);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A stretch of up to a tenth of the file, often very short. */
function stretch(bytes: Uint8Array, random: Random): [number, number] {
  const longest = random.uniform() < 0.5 ? 8 : Math.max(8, bytes.length / 10);
  const from = random.integer(bytes.length);
  return [from, Math.min(bytes.length, from + 1 + random.integer(longest))];
}

function flipBits(bytes: Uint8Array, random: Random): Uint8Array {
  const damaged = bytes.slice();
  for (let n = 1 + random.integer(8); n > 0; n--) damaged[random.integer(damaged.length)] ^= 1 << random.integer(8);
  return damaged;
}

function setBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const damaged = bytes.slice();
  const favourites = [0, 1, 0x20, 0x27, 0x2c, 0x7f, 0x80, 0xff];
  for (let n = 1 + random.integer(8); n > 0; n--) {
    const value = random.uniform() < 0.5 ? random.integer(256) : favourites[random.integer(favourites.length)];
    damaged[random.integer(damaged.length)] = value;
  }
  return damaged;
}

/** Sizes, counts and offsets are integers: puts an extreme one somewhere, in either byte order. */
function overwriteInteger(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length < 8) return flipBits(bytes, random);
  const damaged = bytes.slice();
  const view = new DataView(damaged.buffer);
  const extremes = [0n, 1n, -1n, 0x7fn, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn, 2n ** 53n, 2n ** 63n - 1n];
  const value = extremes[random.integer(extremes.length)];
  const at = random.integer(bytes.length - 7);
  const little = random.uniform() < 0.5;
  if (random.uniform() < 0.5) view.setBigInt64(at, value, little);
  else view.setInt32(at, Number(BigInt.asIntN(32, value)), little);
  return damaged;
}

const CARD = 80;
const NASTY = [
  '-1',
  '0',
  '1',
  '2',
  '3',
  '7',
  '255',
  '999',
  '2147483647',
  '99999999999',
  '9223372036854775807',
  '1E300',
];
const NASTY_TEXTS = [
  "'E'",
  "'D'",
  "'K'",
  "'PE(9)'",
  "'QD'",
  "'99999999A'",
  "'0J'",
  "'(3,9)'",
  "'IMAGE'",
  "'",
  'T',
  'F',
  '',
];

/** Offsets of cards that look like `KEYWORD = value`. */
function cardOffsets(bytes: Uint8Array): number[] {
  const offsets: number[] = [];
  for (let at = 0; at + CARD <= bytes.length; at += CARD) {
    if (bytes[at] >= 65 && bytes[at] <= 90 && bytes[at + 8] === 61 && bytes[at + 9] === 32) offsets.push(at);
  }
  return offsets;
}

/** Gives a FITS header card another value, or erases it. */
function editCard(bytes: Uint8Array, random: Random): Uint8Array {
  const offsets = cardOffsets(bytes);
  if (offsets.length === 0) return setBytes(bytes, random);
  const damaged = bytes.slice();
  const at = offsets[random.integer(offsets.length)];
  if (random.uniform() < 0.15) return damaged.fill(32, at, at + CARD);
  const values = random.uniform() < 0.6 ? NASTY : NASTY_TEXTS;
  const text = values[random.integer(values.length)].padEnd(CARD - 10).slice(0, CARD - 10);
  damaged.set(new TextEncoder().encode(text), at + 10);
  return damaged;
}

function exchangeCards(bytes: Uint8Array, random: Random): Uint8Array {
  const offsets = cardOffsets(bytes);
  if (offsets.length < 2) return overwriteInteger(bytes, random);
  const damaged = bytes.slice();
  const a = offsets[random.integer(offsets.length)];
  const b = offsets[random.integer(offsets.length)];
  damaged.set(bytes.subarray(b, b + CARD), a);
  damaged.set(bytes.subarray(a, a + CARD), b);
  return damaged;
}

/** Changes one digit of a number written out in the first half of the file, where headers and footers have them. */
function changeDigit(bytes: Uint8Array, random: Random): Uint8Array {
  const damaged = bytes.slice();
  const start = random.integer(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const at = (start + i) % bytes.length;
    if (damaged[at] < 48 || damaged[at] > 57) continue;
    damaged[at] = 48 + random.integer(10);
    return damaged;
  }
  return flipBits(bytes, random);
}
