import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Float32, Int32, Int64, Table, tableFromIPC, tableToIPC, type Vector, vectorFromArray } from 'apache-arrow';
import { numbersOf } from './arrow-columns.ts';

/** A column as it comes over the wire. */
function column(vector: Vector) {
  const found = tableFromIPC(tableToIPC(new Table({ vector }), 'file')).getChild('vector');
  assert.ok(found !== null);
  return found;
}

const numbers = [1.5, null, -2, 0, null, 7, 8, 9, null, 3];
const known = numbers.map((value) => value ?? Number.NaN);

describe('numbers of Arrow columns', () => {
  it('are those of the column, and NaN where it has none', () => {
    assert.deepEqual([...numbersOf(column(vectorFromArray(numbers)), 'file')], known);
    assert.deepEqual([...numbersOf(column(vectorFromArray([0.25, -1], new Float32())), 'file')], [0.25, -1]);
    assert.deepEqual([...numbersOf(column(vectorFromArray([3, null, -4], new Int32())), 'file')], [3, Number.NaN, -4]);
    assert.deepEqual([...numbersOf(column(vectorFromArray([5n, null], new Int64())), 'file')], [5, Number.NaN]);
  });

  it('are read from several pieces, and from the middle of one', () => {
    const vector = vectorFromArray(numbers);
    assert.deepEqual([...numbersOf(vector.concat(vector), 'file')], [...known, ...known]);
    assert.deepEqual([...numbersOf(vector.slice(1, 9), 'file')], known.slice(1, 9));
  });

  it('are refused where a column holds something else', () => {
    assert.throws(
      () => numbersOf(column(vectorFromArray(['a'])), 'latents.arrow'),
      /latents\.arrow holds .* numbers are expected/,
    );
  });
});
