/** One header card (FITS 4.0, section 4.1): 80 bytes of a keyword, a value and a comment. */

/** `undefined` = the keyword is there without a value. Integers beyond ±2⁵³ come as bigint. */
export type HeaderValue = string | number | boolean | bigint | undefined;

export interface ParsedValue {
  readonly value: HeaderValue;
  readonly comment: string;
  /** What is wrong with the card; null when it is sound. The value is then undefined. */
  readonly problem: string | null;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[EDed][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;
const COMPLEX = /^\(\s*[^,()]+,\s*[^,()]+\)$/;

/** Parses what follows the value indicator `= `. */
export function parseValue(field: string): ParsedValue {
  const text = field.trimStart();
  if (text.startsWith("'")) return parseString(text);
  const slash = text.indexOf('/');
  const comment = slash < 0 ? '' : text.slice(slash + 1).trim();
  const token = (slash < 0 ? text : text.slice(0, slash)).trim();
  const value = parseToken(token);
  if (value === null) return damaged(`its value ${JSON.stringify(token)} is neither a number, a text nor T or F`);
  return { value, comment, problem: null };
}

/** A quoted text, in which `''` stands for one quote; trailing spaces mean nothing (section 4.2.1). */
function parseString(text: string): ParsedValue {
  let end = 1;
  for (;;) {
    end = text.indexOf("'", end);
    if (end < 0) return damaged('its text has no closing quote');
    if (text[end + 1] !== "'") break;
    end += 2;
  }
  const rest = text.slice(end + 1).trim();
  if (rest !== '' && !rest.startsWith('/')) return damaged('something other than a comment follows its text');
  const quoted = text.slice(1, end).trimEnd();
  const value = quoted.includes("''") ? quoted.replaceAll("''", "'") : quoted;
  return { value, comment: rest.slice(1).trim(), problem: null };
}

/** null when the token is not a value. */
function parseToken(token: string): HeaderValue | null {
  if (token === '') return undefined;
  if (token === 'T') return true;
  if (token === 'F') return false;
  if (INTEGER.test(token)) {
    const value = Number(token);
    return Number.isSafeInteger(value) ? value : BigInt(token.replace('+', ''));
  }
  if (NUMBER.test(token)) {
    const value = Number(token.replace(/[Dd]/, 'E'));
    return Number.isFinite(value) ? value : null;
  }
  return COMPLEX.test(token) ? token : null;
}

function damaged(problem: string): ParsedValue {
  return { value: undefined, comment: '', problem };
}
