import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type ExpressionColumns, ExpressionError, quotedName, rowsWhere, valuesOf } from './expression.ts';

const missing = Number.NaN;
const columns: ExpressionColumns = new Map<string, ReturnType<ExpressionColumns['get']> & object>([
  ['z', { kind: 'number', values: [0.05, 0.2, missing, 0.01, 0.6] }],
  ['snr', { kind: 'number', values: [30, 5, 25, missing, 21] }],
  ['log M', { kind: 'number', values: [9, 10, 11, 12, -1] }],
  ['class', { kind: 'category', codes: [0, 1, 0, -1, 2], categories: ['AGN', 'quiescent', 'E+A "x"'] }],
  ['guess', { kind: 'category', codes: [0, 0, 1, 1, -1], categories: ['AGN', 'quiescent'] }],
]);
const rows = (text: string) => [...rowsWhere(text, columns, 5)];
const values = (text: string) => [...valuesOf(text, columns, 5)];

describe('a condition', () => {
  const cases: readonly (readonly [string, readonly number[]])[] = [
    ['z < 0.1 and snr > 20 and class = "AGN"', [0]],
    ['z < 0.1', [0, 3]],
    ['0.01 < z <= 0.2', [0, 1]],
    ['z != 0.2', [0, 3, 4]],
    ['class = "AGN"', [0, 2]],
    ['"AGN" != class', [1, 4]],
    ["class in ('AGN', 'quiescent')", [0, 1, 2]],
    ['class not in ("AGN")', [1, 3, 4]],
    ['class = "E+A ""x"""', [4]],
    ['class = guess', [0]],
    ['class != guess', [1, 2]],
    ['snr in (30, 5, -1)', [0, 1]],
    ['snr is missing', [3]],
    ['class is not missing', [0, 1, 2, 4]],
    ['not z < 0.1', [1, 2, 4]],
    ['NOT (z < 0.1 OR snr > 20)', [1]],
    ['z < 0.1 or snr > 20 and z > 0.5', [0, 3, 4]],
    ['`log M` - 1 >= 10', [2, 3]],
    ['-`log M`^2 = -81', [0]],
    ['2 ^ 3 ^ 0 = 2', [0, 1, 2, 3, 4]],
    ['log10(`log M`) is missing', [4]],
    ['snr / 0 is missing', [0, 1, 2, 3, 4]],
    ['max(z, 0.3, 0.1) = 0.3', [0, 1, 3]],
    ['abs(-2) * sqrt(4) == 4 and 1 <> 2', [0, 1, 2, 3, 4]],
  ];
  for (const [text, expected] of cases) it(text, () => assert.deepEqual(rows(text), expected));

  it('gives the same rows as a loop does, over many blocks', () => {
    const number = fc.oneof(fc.constant(missing), fc.integer({ min: -20, max: 20 }));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 30 }),
        (pairs, times) => {
          const data = Array.from({ length: times }, () => pairs).flat();
          const [a, b] = [data.map(([left]) => left), data.map(([, right]) => right)];
          const both: ExpressionColumns = new Map([
            ['a', { kind: 'number', values: a }],
            ['b', { kind: 'number', values: b }],
          ]);
          const expected = data.flatMap(([left, right], row) =>
            (left + 2 * right > 3 && left <= 10) || right === -1 ? [row] : [],
          );
          assert.deepEqual([...rowsWhere('(a + 2*b > 3 and a <= 10) or b = -1', both, data.length)], expected);
        },
      ),
    );
  });
});

describe('the value of an expression', () => {
  it('is missing where a part of it is', () => {
    assert.deepEqual(values('z * 100 + snr'), [35, 25, missing, missing, 81]);
    assert.deepEqual(values('snr ^ 0'), [1, 1, 1, missing, 1]);
  });

  it('of a condition is 1 or 0', () => assert.deepEqual(values('z < 0.1'), [1, 0, 0, 1, 0]));
});

describe('a mistake is named with its place and the mend', () => {
  const cases: readonly (readonly [string, number, RegExp])[] = [
    ['snrr > 3', 0, /snrr is not a column; did you mean snr\?/],
    ['z < 3 and Snr > 3', 10, /did you mean snr\?/],
    ['redness > 3', 0, /is not a column; there are z, snr/],
    ['class = AGN', 8, /write texts in quotes: "AGN"/],
    ['class = "AGM"', 8, /did you mean "AGN"\?/],
    ['class > "AGN"', 8, /texts have no order/],
    ['z = "0.1"', 4, /write the number without quotes/],
    ['class + 1 > 2', 0, /class holds text/],
    ['z < ', 4, /the expression ends where a number/],
    ['z', 0, /not a condition; compare it/],
    ['(z < 3', 6, /closing parenthesis is missing/],
    ['z < 3)', 5, /closes nothing/],
    ['z < 3 && snr > 1', 6, /write and/],
    ['z < 3 snr > 1', 6, /join conditions with and, or/],
    ['class = "AGN', 8, /quote " is not closed/],
    ['log(z) > 1', 0, /log is not a function; .*did you mean log10\?|log is not a function/],
    ['min(z) > 1', 0, /min takes 2 to 8 values, and 1 are given/],
    ['z in ()', 0, /list of in is empty/],
    ['z is 3', 5, /missing or not missing/],
    ['z and snr > 3', 0, /a condition is expected/],
    ['(z > 1) + 1 > 0', 1, /this is a condition, and a number is expected/],
  ];
  for (const [text, from, message] of cases) {
    it(text, () => {
      assert.throws(
        () => rows(text),
        (error: unknown) => {
          assert.ok(error instanceof ExpressionError);
          assert.match(error.message, message);
          assert.equal(error.from, from);
          assert.match(error.message, new RegExp(`^At character ${from + 1}: `));
          return true;
        },
      );
    });
  }

  it('whatever is typed, nothing but an ExpressionError is thrown', () => {
    const piece = fc.constantFrom(
      'z',
      'snr',
      'class',
      '"AGN"',
      '`log M`',
      '1',
      '.5',
      'and',
      'or',
      'not',
      'in',
      'is',
      'missing',
      '(',
      ')',
      ',',
      '<',
      '=',
      '+',
      '-',
      '*',
      '^',
      'abs(',
      '%',
      '"',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(' ')),
        ),
        (text) => {
          try {
            for (const row of rows(text)) assert.ok(row >= 0 && row < 5);
          } catch (error) {
            if (!(error instanceof ExpressionError)) throw error;
            assert.ok(error.from >= 0 && error.to >= error.from);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('nesting and length have an end', () => {
    assert.throws(() => rows(`${'('.repeat(5000)}z`), ExpressionError);
    assert.throws(() => rows(`${'('.repeat(1000)}z`), /nested more than 200 deep/);
    assert.throws(() => rows(Array.from({ length: 300 }, () => 'z>1').join(' or ')), /more than 200 conditions/);
  });
});

describe('a quoted name', () => {
  it('is the column again', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 10 }), (name) => {
        const one: ExpressionColumns = new Map([[name, { kind: 'number', values: [7] }]]);
        assert.deepEqual([...valuesOf(quotedName(name), one, 1)], [7]);
      }),
    );
  });
});
