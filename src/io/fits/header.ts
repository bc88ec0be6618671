/**
 * A header, parsed only as far as asked: keywords are indexed once, values and comments are read when wanted, since
 * a survey file carries hundreds of cards of which a reader wants a dozen.
 */
import { FileError } from '../../base/index.ts';
import { type HeaderValue, type ParsedValue, parseValue } from './cards.ts';

const CARD = 80;
const decoder = new TextDecoder('latin1');

export interface HeaderCard {
  readonly keyword: string;
  readonly value: HeaderValue;
  readonly comment: string;
}

export class FitsHeader {
  /** The file as the caller named it. */
  readonly file: string;
  readonly #hdu: number;
  readonly #text: string;
  /** Keyword → number of its first card. */
  readonly #index = new Map<string, number>();
  readonly #keywords: string[] = [];

  /**
   * @param bytes the cards before END, 80 bytes each
   * @param hdu number of the HDU in its file, 0 for the primary one
   */
  constructor(bytes: Uint8Array, file: string, hdu: number) {
    this.file = file;
    this.#hdu = hdu;
    this.#text = decoder.decode(bytes);
    for (let start = 0; start < this.#text.length; start += CARD) {
      const keyword = this.#keywordAt(start);
      if (!this.#index.has(keyword)) this.#index.set(keyword, this.#keywords.length);
      this.#keywords.push(keyword);
    }
  }

  /** `HDU 1 (COADD)`: how messages name this HDU. */
  get place(): string {
    const name = this.#extensionName();
    return `HDU ${this.#hdu}${name === '' ? '' : ` (${name})`}`;
  }

  /** EXTNAME; `PRIMARY` for a first HDU that has none; empty for others. */
  get name(): string {
    const name = this.#extensionName();
    return name === '' && this.#hdu === 0 ? 'PRIMARY' : name;
  }

  /** Number of cards, END not counted. */
  get length(): number {
    return this.#keywords.length;
  }

  /** Whether a card with this keyword exists, with or without a value. Keywords longer than 8 letters are HIERARCH ones. */
  has(keyword: string): boolean {
    return this.#cardOf(keyword) !== undefined;
  }

  /**
   * The value of the first card with this keyword; undefined when there is none or it has no value.
   *
   * @throws FileError when the card is damaged
   */
  get(keyword: string): HeaderValue {
    const card = this.#cardOf(keyword);
    if (card === undefined) return undefined;
    const { value, problem } = this.#parse(card);
    if (problem !== null) throw this.#error(keyword, `the header card is damaged: ${problem}`);
    return value;
  }

  /**
   * A value that must be a finite number; a 64-bit integer is rounded to the nearest double.
   *
   * @throws FileError when it is missing or something else
   */
  number(keyword: string): number {
    const value = this.#required(keyword);
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint' && Number.isFinite(Number(value))) return Number(value);
    throw this.#error(keyword, `a number is expected here and ${describe(value)} was found`);
  }

  /** @throws FileError when the value is missing or not a whole number up to ±2⁵³ */
  integer(keyword: string): number {
    const value = this.#required(keyword);
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    throw this.#error(keyword, `a whole number is expected here and ${describe(value)} was found`);
  }

  /** A value that must be a text, without trailing spaces. @throws FileError when it is missing or something else */
  text(keyword: string): string {
    const value = this.#required(keyword);
    if (typeof value === 'string') return value;
    throw this.#error(keyword, `a text is expected here and ${describe(value)} was found`);
  }

  /** All cards in order, COMMENT and HISTORY included (their text is the value); a damaged card has an undefined value. */
  *[Symbol.iterator](): IterableIterator<HeaderCard> {
    for (let card = 0; card < this.#keywords.length; card++) {
      const keyword = this.#keywords[card];
      if (keyword === 'CONTINUE') continue;
      const { value, comment, problem } = this.#parse(card);
      yield { keyword, value, comment: problem === null ? comment : `damaged card: ${problem}` };
    }
  }

  /** Number of the first card with this keyword, spelled as in the file or in any case. */
  #cardOf(keyword: string): number | undefined {
    return this.#index.get(keyword) ?? this.#index.get(canonical(keyword));
  }

  #extensionName(): string {
    const card = this.#index.get('EXTNAME');
    const value = card === undefined ? '' : this.#parse(card).value;
    return typeof value === 'string' ? value : '';
  }

  #required(keyword: string): string | number | boolean | bigint {
    const value = this.get(keyword);
    if (value !== undefined) return value;
    throw this.#error(keyword, this.has(keyword) ? 'the keyword has no value' : 'the keyword is missing');
  }

  #error(keyword: string, problem: string): FileError {
    return new FileError(this.file, `${this.place}, header keyword ${canonical(keyword)}`, problem);
  }

  #keywordAt(start: number): string {
    let end = start + 8;
    while (end > start && this.#text.charCodeAt(end - 1) === 32) end--;
    const keyword = this.#text.slice(start, end);
    if (keyword !== 'HIERARCH') return keyword;
    const equals = this.#text.indexOf('=', start);
    if (equals < 0 || equals >= start + CARD) return keyword;
    return this.#text
      .slice(start + 9, equals)
      .trim()
      .toUpperCase();
  }

  #parse(card: number): ParsedValue {
    const start = card * CARD;
    const text = this.#text.slice(start, start + CARD);
    const unprintable = /[^ -~]/.exec(text);
    if (unprintable !== null) {
      const code = text.charCodeAt(unprintable.index);
      return { value: undefined, comment: '', problem: `it holds a byte (${code}) that is not printable ASCII` };
    }
    const field = valueField(text);
    if (field === null) return { value: text.slice(8).trimEnd(), comment: '', problem: null };
    return this.#continued(card, parseValue(field));
  }

  /** Joins a text that ends in `&` with the CONTINUE cards after it (section 4.2.1.2). */
  #continued(card: number, first: ParsedValue): ParsedValue {
    if (typeof first.value !== 'string' || !first.value.endsWith('&')) return first;
    let { value, comment } = { value: first.value, comment: first.comment };
    for (let next = card + 1; value.endsWith('&') && this.#keywords[next] === 'CONTINUE'; next++) {
      const part = parseValue(this.#text.slice(next * CARD + 10, (next + 1) * CARD));
      if (part.problem !== null) return part;
      if (typeof part.value !== 'string') break;
      value = value.slice(0, -1) + part.value;
      comment = `${comment} ${part.comment}`.trim();
    }
    return { value: value.trimEnd(), comment, problem: null };
  }
}

/** What follows `= ` in a card; null for a commentary card. */
function valueField(card: string): string | null {
  if (card.startsWith('HIERARCH ')) {
    const equals = card.indexOf('=');
    return equals < 0 ? null : card.slice(equals + 1);
  }
  return card.slice(8, 10) === '= ' ? card.slice(10) : null;
}

function canonical(keyword: string): string {
  const upper = keyword.toUpperCase();
  return upper.startsWith('HIERARCH ') ? upper.slice(9) : upper;
}

function describe(value: string | number | boolean | bigint): string {
  return typeof value === 'string' ? `the text ${JSON.stringify(value)}` : `the value ${value}`;
}
