/** Writes header cards (FITS 4.0, section 4) in fixed format; long texts go on in CONTINUE cards. */
import type { HeaderValue } from './cards.ts';

export interface CardToWrite {
  /** Up to 8 of A–Z, 0–9, - and _; longer ones are written as HIERARCH cards. COMMENT and HISTORY take text. */
  readonly keyword: string;
  readonly value: HeaderValue;
  readonly comment?: string;
}

const CARD = 80;
const STANDARD_KEYWORD = /^[A-Z0-9_-]{1,8}$/;
const HIERARCH_KEYWORD = /^[A-Z0-9_ .-]{1,60}$/;
const PRINTABLE = /^[ -~]*$/;
/** A text of this many characters, quotes doubled, fits one card. */
const LONGEST_TEXT = 68;

/** The 80-character cards that say `keyword = value / comment`. @throws RangeError when FITS cannot say it */
export function formatCards({ keyword, value, comment = '' }: CardToWrite): string[] {
  if (!PRINTABLE.test(comment) || (typeof value === 'string' && !PRINTABLE.test(value))) {
    throw new RangeError(`the FITS keyword ${keyword} may hold printable ASCII only`);
  }
  if (keyword === 'COMMENT' || keyword === 'HISTORY') return commentary(keyword, String(value ?? ''));
  const start = keywordField(keyword);
  if (typeof value !== 'string') return [withComment(start + formatScalar(keyword, value, start.length), comment)];
  const escaped = value.replaceAll("'", "''");
  const room = LONGEST_TEXT - (start.length - 10);
  if (escaped.length <= room) return [withComment(`${start}${`'${escaped.padEnd(8)}'`.padEnd(20)}`, comment)];
  if (start.length !== 10) throw new RangeError(`the text of the FITS keyword ${keyword} is too long for its card`);
  return continued(start, escaped, comment);
}

/** END, and blanks up to a whole number of blocks, follow. */
export function formatHeader(cards: readonly CardToWrite[]): Uint8Array {
  const text = [...cards.flatMap(formatCards), 'END'.padEnd(CARD)].join('');
  return new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 2880) * 2880));
}

function keywordField(keyword: string): string {
  if (STANDARD_KEYWORD.test(keyword)) return `${keyword.padEnd(8)}= `;
  if (HIERARCH_KEYWORD.test(keyword)) return `HIERARCH ${keyword} = `;
  throw new RangeError(`${JSON.stringify(keyword)} cannot be a FITS keyword`);
}

function formatScalar(keyword: string, value: Exclude<HeaderValue, string>, start: number): string {
  const text = scalarText(keyword, value);
  return start === 10 ? text.padStart(20) : text;
}

function scalarText(keyword: string, value: Exclude<HeaderValue, string>): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (Object.is(value, -0)) return '-0.0';
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value);
  if (!Number.isFinite(value)) throw new RangeError(`the FITS keyword ${keyword} cannot hold ${value}`);
  const text = String(value).toUpperCase();
  return text.includes('.') || !text.includes('E') ? text : text.replace('E', '.0E');
}

/** The comment gives way when the card is full: it is a courtesy, the value is not. */
function withComment(card: string, comment: string): string {
  return (comment === '' ? card : `${card} / ${comment}`).slice(0, CARD).padEnd(CARD);
}

function commentary(keyword: string, text: string): string[] {
  const lines = text.match(/.{1,72}/g) ?? [''];
  return lines.map((line) => `${keyword.padEnd(8)}${line}`.padEnd(CARD));
}

function continued(start: string, escaped: string, comment: string): string[] {
  const pieces: string[] = [];
  for (let rest = escaped; rest !== ''; ) {
    let length = Math.min(LONGEST_TEXT - 1, rest.length);
    // A doubled quote must not be torn apart, nor must spaces end a piece, where they would be lost.
    while (length > 1 && /[' ]/.test(rest[length - 1]) && length < rest.length) length--;
    pieces.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  const cards = pieces.map((piece, i) => {
    const field = i === 0 ? start : 'CONTINUE  ';
    return `${field}'${piece}${i < pieces.length - 1 ? '&' : ''}'`.padEnd(CARD);
  });
  const last = cards.pop() ?? '';
  return [...cards, withComment(last.trimEnd(), comment)];
}
