/**
 * The language of filters and of colours: `z < 0.1 and snr > 20 and class = "AGN"`. A column whose name is not a plain word
 * stands in backticks. A value that is missing satisfies no comparison; `snr is missing` finds it.
 */
import { BLOCK, type Compiled, compile, type ExpressionColumns } from './expression/compile.ts';
import { ExpressionError } from './expression/error.ts';
import { parseExpression } from './expression/parse.ts';

export type { ExpressionColumn, ExpressionColumns } from './expression/compile.ts';
export { ExpressionError } from './expression/error.ts';

/**
 * The rows for which a condition holds, ascending.
 *
 * @param rows N, the length of every column
 * @throws ExpressionError naming the place and the mend
 */
export function rowsWhere(condition: string, columns: ExpressionColumns, rows: number): Uint32Array {
  const compiled = compiledText(condition, columns);
  if (compiled.kind !== 'truth') {
    const found = compiled.kind === 'text' ? 'a column of text' : 'a number';
    throw new ExpressionError(0, condition.length, `this is ${found}, not a condition; compare it, as in snr > 20`);
  }
  const found = new Uint32Array(rows);
  let count = 0;
  for (let from = 0; from < rows; from += BLOCK) {
    const length = Math.min(BLOCK, rows - from);
    const holds = compiled.fill(from, length);
    for (let i = 0; i < length; i++) {
      found[count] = from + i;
      count += holds[i];
    }
  }
  return found.slice(0, count);
}

/**
 * The values of an expression, NaN where missing; of a condition, 1 and 0.
 *
 * @throws ExpressionError naming the place and the mend
 */
export function valuesOf(expression: string, columns: ExpressionColumns, rows: number): Float64Array {
  const compiled = compiledText(expression, columns);
  if (compiled.kind === 'text') {
    throw new ExpressionError(0, expression.length, `${compiled.name} holds text, and a number is expected`);
  }
  const values = new Float64Array(rows);
  for (let from = 0; from < rows; from += BLOCK) {
    const length = Math.min(BLOCK, rows - from);
    values.set(compiled.fill(from, length).subarray(0, length), from);
  }
  return values;
}

function compiledText(text: string, columns: ExpressionColumns): Compiled {
  return compile(parseExpression(text), columns);
}

/** A name as it stands in an expression: as it is, or in backticks. */
export function quotedName(name: string): string {
  const isPlain = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !/^(?:and|or|not|in|is|missing)$/i.test(name);
  return isPlain ? name : `\`${name.replaceAll('`', '``')}\``;
}
