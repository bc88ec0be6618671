/**
 * The grammar, loosest first: `or`, `and`, `not`, comparison (`< <= > >= = !=`, `in (…)`, `is missing`), `+ -`, `* /`, sign,
 * `^`. Comparisons can be chained as on paper: `0.1 < z < 0.3`.
 */
import { ExpressionError } from './error.ts';
import { type Token, tokensOf } from './tokens.ts';

export type Comparison = '<' | '<=' | '>' | '>=' | '=' | '!=';
export type Arithmetic = '+' | '-' | '*' | '/' | '^';

interface Place {
  readonly from: number;
  readonly to: number;
}

/** The tree of an expression. */
export type Syntax = Place &
  (
    | { readonly is: 'number'; readonly value: number }
    | { readonly is: 'text'; readonly text: string }
    | { readonly is: 'column'; readonly name: string }
    | { readonly is: 'call'; readonly name: string; readonly operands: readonly Syntax[] }
    | { readonly is: 'negative'; readonly of: Syntax }
    | { readonly is: 'not'; readonly of: Syntax }
    | { readonly is: 'arithmetic'; readonly sign: Arithmetic; readonly left: Syntax; readonly right: Syntax }
    | { readonly is: 'comparison'; readonly sign: Comparison; readonly left: Syntax; readonly right: Syntax }
    | { readonly is: 'both'; readonly left: Syntax; readonly right: Syntax }
    | { readonly is: 'either'; readonly left: Syntax; readonly right: Syntax }
    | { readonly is: 'among'; readonly of: Syntax; readonly list: readonly Syntax[] }
    | { readonly is: 'missing'; readonly of: Syntax }
  );

const COMPARISONS: readonly string[] = ['<', '<=', '>', '>=', '=', '!='];
/** Deeper trees come from no person, and would exhaust the stack. */
const DEEPEST = 200;

/** @throws ExpressionError naming the place and the mend */
export function parseExpression(text: string): Syntax {
  const parser = new Parser(tokensOf(text));
  return parser.whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Syntax {
    const syntax = this.#either();
    const next = this.#next;
    if (next.kind === 'end') return syntax;
    if (next.text === ')') throw problem(next, 'this parenthesis closes nothing; take it out');
    throw problem(next, `${shown(next)} is not expected here; join conditions with and, or`);
  }

  get #next(): Token {
    return this.#tokens[this.#at];
  }

  #take(kind: Token['kind'], text?: string): Token | null {
    const next = this.#next;
    if (next.kind !== kind || (text !== undefined && next.text !== text)) return null;
    this.#at++;
    return next;
  }

  #either(): Syntax {
    return this.#joined('or', 'either', () => this.#both());
  }

  #both(): Syntax {
    return this.#joined('and', 'both', () => this.#negation());
  }

  #joined(keyword: string, is: 'either' | 'both', operand: () => Syntax): Syntax {
    let left = operand();
    // A long chain makes as deep a tree as parentheses do.
    for (let terms = 1; this.#take('keyword', keyword) !== null; terms++) {
      if (terms > DEEPEST) throw problem(this.#next, `more than ${DEEPEST} conditions in a row; use in ( … )`);
      const right = operand();
      left = { is, left, right, from: left.from, to: right.to };
    }
    return left;
  }

  #negation(): Syntax {
    const not = this.#take('keyword', 'not');
    if (not === null) return this.#comparison();
    const of = this.#deeper(not, () => this.#negation());
    return { is: 'not', of, from: not.from, to: of.to };
  }

  #comparison(): Syntax {
    const first = this.#sum();
    if (this.#next.kind === 'keyword') return this.#worded(first);
    let left = first;
    let whole: Syntax | null = null;
    for (let terms = 0; terms < DEEPEST && this.#isComparison(); terms++) {
      const sign = this.#tokens[this.#at++].text as Comparison;
      const right = this.#sum();
      const link: Syntax = { is: 'comparison', sign, left, right, from: left.from, to: right.to };
      whole = whole === null ? link : { is: 'both', left: whole, right: link, from: first.from, to: right.to };
      left = right;
    }
    return whole ?? first;
  }

  #isComparison(): boolean {
    return this.#next.kind === 'sign' && COMPARISONS.includes(this.#next.text);
  }

  /** `x in (…)`, `x not in (…)`, `x is missing`, `x is not missing`. */
  #worded(of: Syntax): Syntax {
    const not = this.#take('keyword', 'not');
    if (this.#take('keyword', 'in') !== null) {
      const { list, to } = this.#list('in is followed by values in parentheses: in (1, 2)');
      if (list.length === 0) throw new ExpressionError(of.from, to, 'the list of in is empty; write its values');
      return negatedIf(not !== null, { is: 'among', of, list, from: of.from, to });
    }
    if (not !== null) throw problem(not, 'not stands before a condition, or before in: class not in ("AGN")');
    if (this.#take('keyword', 'is') === null) return of;
    const isNot = this.#take('keyword', 'not') !== null;
    const missing = this.#take('keyword', 'missing');
    if (missing === null) throw problem(this.#next, 'is is followed by missing or not missing; compare with = instead');
    return negatedIf(isNot, { is: 'missing', of, from: of.from, to: missing.to });
  }

  #sum(): Syntax {
    return this.#chain(['+', '-'], () => this.#product());
  }

  #product(): Syntax {
    return this.#chain(['*', '/'], () => this.#signed());
  }

  #chain(signs: readonly Arithmetic[], operand: () => Syntax): Syntax {
    let left = operand();
    for (let terms = 1; ; terms++) {
      const sign = signs.find((candidate) => this.#take('sign', candidate) !== null);
      if (sign === undefined) return left;
      if (terms > DEEPEST) throw problem(this.#next, `more than ${DEEPEST} terms in a row; shorten the expression`);
      const right = operand();
      left = { is: 'arithmetic', sign, left, right, from: left.from, to: right.to };
    }
  }

  #signed(): Syntax {
    const sign = this.#take('sign', '-') ?? this.#take('sign', '+');
    if (sign === null) return this.#power();
    const of = this.#deeper(sign, () => this.#signed());
    return sign.text === '-' ? { is: 'negative', of, from: sign.from, to: of.to } : of;
  }

  #power(): Syntax {
    const left = this.#atom();
    const sign = this.#take('sign', '^');
    if (sign === null) return left;
    const right = this.#deeper(sign, () => this.#signed());
    return { is: 'arithmetic', sign: '^', left, right, from: left.from, to: right.to };
  }

  #atom(): Syntax {
    const token = this.#next;
    const { from, to } = token;
    this.#at++;
    if (token.kind === 'number') return { is: 'number', value: Number(token.text), from, to };
    if (token.kind === 'text') return { is: 'text', text: token.text, from, to };
    if (token.kind === 'column') return { is: 'column', name: token.text, from, to };
    if (token.kind === 'name') return this.#called(token);
    if (token.text === '(') {
      const inside = this.#deeper(token, () => this.#either());
      if (this.#take('sign', ')') === null) throw problem(this.#next, 'a closing parenthesis is missing; add )');
      return inside;
    }
    this.#at--;
    const found = token.kind === 'end' ? 'the expression ends' : `${shown(token)} stands`;
    throw problem(token, `${found} where a number, a text or a column is expected`);
  }

  #called(name: Token): Syntax {
    if (this.#next.text !== '(' || this.#next.kind !== 'sign') {
      return { is: 'column', name: name.text, from: name.from, to: name.to };
    }
    const { list, to } = this.#deeper(name, () => this.#list('a parenthesis is expected'));
    return { is: 'call', name: name.text, operands: list, from: name.from, to };
  }

  #list(mend: string): { list: readonly Syntax[]; to: number } {
    if (this.#take('sign', '(') === null) throw problem(this.#next, mend);
    const list: Syntax[] = [];
    const empty = this.#take('sign', ')');
    if (empty !== null) return { list, to: empty.to };
    for (;;) {
      list.push(this.#deeper(this.#next, () => this.#either()));
      const close = this.#take('sign', ')');
      if (close !== null) return { list, to: close.to };
      if (this.#take('sign', ',') === null)
        throw problem(this.#next, 'a comma or a closing parenthesis is missing here');
    }
  }

  #deeper<T>(token: Token, parse: () => T): T {
    if (++this.#depth > DEEPEST) throw problem(token, `it is nested more than ${DEEPEST} deep; simplify it`);
    const parsed = parse();
    this.#depth--;
    return parsed;
  }
}

function negatedIf(negated: boolean, of: Syntax): Syntax {
  return negated ? { is: 'not', of, from: of.from, to: of.to } : of;
}

function problem({ from, to }: Place, sentence: string): ExpressionError {
  return new ExpressionError(from, Math.max(to, from + 1), sentence);
}

function shown(token: Token): string {
  return token.kind === 'end' ? 'the end' : `"${token.text}"`;
}
