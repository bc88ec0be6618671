/**
 * A tree with its columns becomes a chain of loops. Each node fills an array for a block of rows at a time, so a million rows
 * cost a few milliseconds a node, the arrays stay in the cache, and nothing is evaluated as code (a page may forbid that).
 * Truths are 1 and 0; NaN is missing, and no comparison with it holds.
 */
import { ExpressionError } from './error.ts';
import type { Arithmetic, Comparison, Syntax } from './parse.ts';
import { similarName } from './similar.ts';

/** NaN = missing. */
export interface ExpressionNumbers {
  readonly kind: 'number';
  readonly values: ArrayLike<number>;
}

/** `codes[n]` indexes `categories`; -1 = missing. */
export interface ExpressionCategories {
  readonly kind: 'category';
  readonly codes: ArrayLike<number>;
  readonly categories: readonly string[];
}

export type ExpressionColumn = ExpressionNumbers | ExpressionCategories;
export type ExpressionColumns = ReadonlyMap<string, ExpressionColumn>;

/** Rows worked on at once. */
export const BLOCK = 2048;

/** Values of the rows `from` to `from + count` in the array's beginning; the next call overwrites them. */
type Fill = (from: number, count: number) => Float64Array;

export type Compiled =
  | { readonly kind: 'number' | 'truth'; readonly fill: Fill }
  | { readonly kind: 'text'; readonly column: ExpressionCategories; readonly name: string };

type Literal = Extract<Syntax, { is: 'text' }>;

const FUNCTIONS: Readonly<
  Record<string, { readonly most: number; readonly least: number; readonly of: (...values: number[]) => number }>
> = {
  abs: { least: 1, most: 1, of: Math.abs },
  sqrt: { least: 1, most: 1, of: Math.sqrt },
  log10: { least: 1, most: 1, of: positive(Math.log10) },
  ln: { least: 1, most: 1, of: positive(Math.log) },
  exp: { least: 1, most: 1, of: Math.exp },
  min: { least: 2, most: 8, of: Math.min },
  max: { least: 2, most: 8, of: Math.max },
};

/** The logarithm of nothing is not a number that could be compared. */
function positive(of: (value: number) => number): (value: number) => number {
  return (value) => (value > 0 ? of(value) : Number.NaN);
}

const COMPARE: Readonly<Record<Comparison, (a: Float64Array, b: Float64Array, out: Float64Array, n: number) => void>> =
  {
    '<': (a, b, out, n) => {
      for (let i = 0; i < n; i++) out[i] = a[i] < b[i] ? 1 : 0;
    },
    '<=': (a, b, out, n) => {
      for (let i = 0; i < n; i++) out[i] = a[i] <= b[i] ? 1 : 0;
    },
    '>': (a, b, out, n) => {
      for (let i = 0; i < n; i++) out[i] = a[i] > b[i] ? 1 : 0;
    },
    '>=': (a, b, out, n) => {
      for (let i = 0; i < n; i++) out[i] = a[i] >= b[i] ? 1 : 0;
    },
    '=': (a, b, out, n) => {
      for (let i = 0; i < n; i++) out[i] = a[i] === b[i] ? 1 : 0;
    },
    '!=': (a, b, out, n) => {
      for (let i = 0; i < n; i++) out[i] = a[i] < b[i] || a[i] > b[i] ? 1 : 0;
    },
  };

const CALCULATE: Readonly<
  Record<Arithmetic, (a: Float64Array, b: Float64Array, out: Float64Array, n: number) => void>
> = {
  '+': (a, b, out, n) => {
    for (let i = 0; i < n; i++) out[i] = a[i] + b[i];
  },
  '-': (a, b, out, n) => {
    for (let i = 0; i < n; i++) out[i] = a[i] - b[i];
  },
  '*': (a, b, out, n) => {
    for (let i = 0; i < n; i++) out[i] = a[i] * b[i];
  },
  '/': (a, b, out, n) => {
    // What divides by zero is no value, as in a catalogue.
    for (let i = 0; i < n; i++) out[i] = b[i] === 0 ? Number.NaN : a[i] / b[i];
  },
  '^': (a, b, out, n) => {
    // 1 ^ NaN and NaN ^ 0 are 1 to the machine, but unknown to whoever measures.
    for (let i = 0; i < n; i++) out[i] = Number.isNaN(a[i]) || Number.isNaN(b[i]) ? Number.NaN : a[i] ** b[i];
  },
};

/** @throws ExpressionError at what the columns cannot give */
export function compile(syntax: Syntax, columns: ExpressionColumns): Compiled {
  return new Compiler(columns).any(syntax);
}

class Compiler {
  readonly #columns: ExpressionColumns;

  constructor(columns: ExpressionColumns) {
    this.#columns = columns;
  }

  any(syntax: Syntax): Compiled {
    switch (syntax.is) {
      case 'number': {
        const out = new Float64Array(BLOCK).fill(syntax.value);
        return { kind: 'number', fill: () => out };
      }
      case 'text':
        throw at(syntax, `the text "${syntax.text}" is compared with nothing; write a column = "${syntax.text}"`);
      case 'column':
        return this.#column(syntax.name, syntax);
      case 'call':
        return { kind: 'number', fill: this.#call(syntax) };
      case 'negative': {
        const of = this.number(syntax.of);
        return { kind: 'number', fill: each(of, (value) => -value) };
      }
      case 'arithmetic': {
        const [left, right] = [this.number(syntax.left), this.number(syntax.right)];
        return { kind: 'number', fill: paired(left, right, CALCULATE[syntax.sign]) };
      }
      default:
        return { kind: 'truth', fill: this.#truth(syntax) };
    }
  }

  number(syntax: Syntax): Fill {
    const compiled = this.any(syntax);
    if (compiled.kind === 'text') {
      throw at(syntax, `${compiled.name} holds text, and a number is expected; compare text with = "…" or in ("…")`);
    }
    if (compiled.kind === 'truth') throw at(syntax, 'this is a condition, and a number is expected');
    return compiled.fill;
  }

  truth(syntax: Syntax): Fill {
    const compiled = this.any(syntax);
    if (compiled.kind === 'truth') return compiled.fill;
    const named = compiled.kind === 'text' ? compiled.name : 'this number';
    throw at(syntax, `a condition is expected; compare ${named} with something, as in snr > 20`);
  }

  #truth(syntax: Extract<Syntax, { is: 'not' | 'comparison' | 'both' | 'either' | 'among' | 'missing' }>): Fill {
    switch (syntax.is) {
      case 'not':
        return each(this.truth(syntax.of), (value) => 1 - value);
      case 'both':
        return paired(this.truth(syntax.left), this.truth(syntax.right), (a, b, out, n) => {
          for (let i = 0; i < n; i++) out[i] = a[i] * b[i];
        });
      case 'either':
        return paired(this.truth(syntax.left), this.truth(syntax.right), (a, b, out, n) => {
          for (let i = 0; i < n; i++) out[i] = Math.max(a[i], b[i]);
        });
      case 'comparison':
        return this.#comparison(syntax);
      case 'among':
        return this.#among(syntax.of, syntax.list);
      case 'missing': {
        const of = this.any(syntax.of);
        if (of.kind === 'text') return ofCodes(of.column, (code) => (code < 0 ? 1 : 0));
        return each(of.fill, (value) => (Number.isNaN(value) ? 1 : 0));
      }
    }
  }

  #comparison({ left, right, sign }: Extract<Syntax, { is: 'comparison' }>): Fill {
    if (left.is === 'text' && right.is === 'text')
      throw at(left, 'two texts are compared; compare a column with a text');
    if (left.is === 'text') return this.#withText(right, left, sign);
    if (right.is === 'text') return this.#withText(left, right, sign);
    const [a, b] = [this.#operand(left, right), this.#operand(right, left)];
    if (a.kind === 'text' && b.kind === 'text') return this.#twoTexts(a.column, b.column, sign, left);
    return paired(this.number(left), this.number(right), COMPARE[sign]);
  }

  /** `class = AGN` is the commonest slip: the other side tells that a text was meant. */
  #operand(syntax: Syntax, other: Syntax): Compiled {
    if (syntax.is !== 'column' || this.#columns.has(syntax.name)) return this.any(syntax);
    const column = other.is === 'column' ? this.#columns.get(other.name) : undefined;
    if (column?.kind !== 'category') return this.any(syntax);
    throw at(syntax, `${syntax.name} is not a column; write texts in quotes: "${syntax.name}"`);
  }

  #withText(syntax: Syntax, literal: Literal, sign: Comparison): Fill {
    if (sign !== '=' && sign !== '!=') throw at(literal, `texts have no order; compare them with = or !=, not ${sign}`);
    const column = this.#textColumn(syntax, literal);
    const wanted = this.#codeOf(column, literal);
    return sign === '='
      ? ofCodes(column, (code) => (code >= 0 && code === wanted ? 1 : 0))
      : ofCodes(column, (code) => (code >= 0 && code !== wanted ? 1 : 0));
  }

  #textColumn(syntax: Syntax, literal: Literal): ExpressionCategories {
    const compiled = this.any(syntax);
    if (compiled.kind === 'text') return compiled.column;
    throw at(literal, `a number is compared with the text "${literal.text}"; write the number without quotes`);
  }

  /** @returns -2 for a text that no object has, which is a mistake where the texts are few and known */
  #codeOf(column: ExpressionCategories, literal: Literal): number {
    const code = column.categories.indexOf(literal.text);
    if (code >= 0) return code;
    const isFew = column.categories.length <= 100;
    const meant = isFew ? similarName(literal.text, column.categories) : null;
    if (meant !== null) throw at(literal, `no object has "${literal.text}" here; did you mean "${meant}"?`);
    return -2;
  }

  #twoTexts(a: ExpressionCategories, b: ExpressionCategories, sign: Comparison, place: Syntax): Fill {
    if (sign !== '=' && sign !== '!=') throw at(place, `texts have no order; compare them with = or !=, not ${sign}`);
    const codes = new Map(b.categories.map((category, code) => [category, code]));
    const sameInB = a.categories.map((category) => codes.get(category) ?? -2);
    const out = new Float64Array(BLOCK);
    const whenSame = sign === '=' ? 1 : 0;
    return (from, count) => {
      for (let i = 0; i < count; i++) {
        const [codeA, codeB] = [a.codes[from + i], b.codes[from + i]];
        out[i] = codeA < 0 || codeB < 0 ? 0 : sameInB[codeA] === codeB ? whenSame : 1 - whenSame;
      }
      return out;
    };
  }

  #among(of: Syntax, list: readonly Syntax[]): Fill {
    const compiled = this.any(of);
    if (compiled.kind === 'text') {
      const codes = new Set(list.map((entry) => this.#codeOf(compiled.column, textLiteral(entry))));
      return ofCodes(compiled.column, (code) => (codes.has(code) ? 1 : 0));
    }
    const wanted = new Set(list.map(numberLiteral));
    return each(compiled.fill, (value) => (wanted.has(value) ? 1 : 0));
  }

  #call(call: Extract<Syntax, { is: 'call' }>): Fill {
    const name = call.name.toLowerCase();
    if (!Object.hasOwn(FUNCTIONS, name)) {
      const known = Object.keys(FUNCTIONS);
      throw at(call, `${call.name} is not a function; there are ${known.join(', ')}${meant(call.name, known)}`);
    }
    const { least, most, of } = FUNCTIONS[name];
    const given = call.operands.length;
    if (given < least || given > most) {
      const expected = least === most ? `${least} value` : `${least} to ${most} values`;
      throw at(call, `${name} takes ${expected}, and ${given} are given`);
    }
    const operands = call.operands.map((operand) => this.number(operand));
    const [first, ...others] = operands;
    return others.reduce(
      (left, right) =>
        paired(left, right, (a, b, out, n) => {
          for (let i = 0; i < n; i++) out[i] = of(a[i], b[i]);
        }),
      others.length === 0 ? each(first, of) : first,
    );
  }

  #column(name: string, place: Syntax): Compiled {
    const column = this.#columns.get(name);
    if (column === undefined) {
      const known = [...this.#columns.keys()];
      const listed = known.length > 12 ? `${known.slice(0, 12).join(', ')} …` : known.join(', ');
      const mend = meant(name, known);
      throw at(place, `${name} is not a column${mend === '' ? `; there are ${listed}` : mend}`);
    }
    if (column.kind === 'category') return { kind: 'text', column, name };
    const out = new Float64Array(BLOCK);
    const { values } = column;
    const fill: Fill = (from, count) => {
      for (let i = 0; i < count; i++) out[i] = values[from + i];
      return out;
    };
    return { kind: 'number', fill };
  }
}

function each(of: Fill, change: (value: number) => number): Fill {
  const out = new Float64Array(BLOCK);
  return (from, count) => {
    const values = of(from, count);
    for (let i = 0; i < count; i++) out[i] = change(values[i]);
    return out;
  };
}

function paired(
  left: Fill,
  right: Fill,
  combine: (a: Float64Array, b: Float64Array, out: Float64Array, count: number) => void,
): Fill {
  const out = new Float64Array(BLOCK);
  return (from, count) => {
    combine(left(from, count), right(from, count), out, count);
    return out;
  };
}

function ofCodes({ codes }: ExpressionCategories, change: (code: number) => number): Fill {
  const out = new Float64Array(BLOCK);
  return (from, count) => {
    for (let i = 0; i < count; i++) out[i] = change(codes[from + i]);
    return out;
  };
}

function textLiteral(entry: Syntax): Literal {
  if (entry.is === 'text') return entry;
  throw at(entry, 'the column holds text: write the values of in as texts in quotes');
}

function numberLiteral(entry: Syntax): number {
  if (entry.is === 'number') return entry.value;
  if (entry.is === 'negative' && entry.of.is === 'number') return -entry.of.value;
  throw at(entry, 'the values of in are plain numbers here');
}

function meant(name: string, known: readonly string[]): string {
  const similar = similarName(name, known);
  return similar === null ? '' : `; did you mean ${similar}?`;
}

function at({ from, to }: Syntax, sentence: string): ExpressionError {
  return new ExpressionError(from, to, sentence);
}
