import { ExpressionError } from './error.ts';

export type TokenKind = 'number' | 'text' | 'name' | 'column' | 'keyword' | 'sign' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** The keyword in lower case, the sign, the name, or the text without its quotes. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const KEYWORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'is', 'missing']);
const LONGEST = 4000;

const SPACE = /\s+/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const SIGN = /<=|>=|!=|<>|==|[-+*/^<>=(),]/y;
/** A doubled quote inside stands for one. */
const QUOTED = /"((?:[^"]|"")*)"|'((?:[^']|'')*)'|`((?:[^`]|``)*)`/y;

/** Two ways to write one sign. */
const SAME_SIGN: Readonly<Record<string, string>> = { '==': '=', '<>': '!=' };
/** What other languages write. */
const FOREIGN: readonly (readonly [string, string])[] = [
  ['&&', 'and'],
  ['||', 'or'],
  ['&', 'and'],
  ['|', 'or'],
  ['!', 'not'],
  ['~', 'not'],
  ['%', 'an expression without remainders'],
  ['[', 'in ( … )'],
];

/** @throws ExpressionError at a character that no expression holds, or a quote that is not closed */
export function tokensOf(text: string): readonly Token[] {
  if (text.length > LONGEST) {
    throw new ExpressionError(LONGEST, text.length, `the expression is longer than ${LONGEST} characters; shorten it`);
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = match(SPACE, text, at);
    if (space !== null) {
      at += space[0].length;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.to;
  }
  return [...tokens, { kind: 'end', text: '', from: text.length, to: text.length }];
}

function tokenAt(text: string, from: number): Token {
  const number = match(NUMBER, text, from);
  if (number !== null) return { kind: 'number', text: number[0], from, to: from + number[0].length };
  const name = match(NAME, text, from);
  if (name !== null) {
    const to = from + name[0].length;
    const lower = name[0].toLowerCase();
    return KEYWORDS.has(lower) ? { kind: 'keyword', text: lower, from, to } : { kind: 'name', text: name[0], from, to };
  }
  const quoted = match(QUOTED, text, from);
  if (quoted !== null) return quotedToken(quoted, from);
  const sign = match(SIGN, text, from);
  if (sign !== null) return { kind: 'sign', text: SAME_SIGN[sign[0]] ?? sign[0], from, to: from + sign[0].length };
  throw new ExpressionError(from, from + 1, problemAt(text, from));
}

function quotedToken(quoted: RegExpExecArray, from: number): Token {
  const quote = quoted[0][0];
  const inside = (quoted[1] ?? quoted[2] ?? quoted[3]).replaceAll(quote + quote, quote);
  return { kind: quote === '`' ? 'column' : 'text', text: inside, from, to: from + quoted[0].length };
}

function problemAt(text: string, from: number): string {
  const character = String.fromCodePoint(text.codePointAt(from) ?? 0);
  if ('"\'`'.includes(character)) return `the quote ${character} is not closed; add another ${character}`;
  const foreign = FOREIGN.find(([written]) => text.startsWith(written, from));
  if (foreign !== undefined) return `"${foreign[0]}" is not known here; write ${foreign[1]}`;
  return `the character "${character}" means nothing here; take it out`;
}

function match(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}
