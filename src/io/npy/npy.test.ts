import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FileError } from '../../base/index.ts';
import { readNpz, writeNpz } from './npz.ts';
import { npyIdentifiers, npyNumbers } from './numbers.ts';
import { readNpy } from './read.ts';
import { createNpyRowWriter, npyFileShape, readNpyInto } from './shards.node.ts';
import { writeNpy } from './write.ts';

const FIXTURES = 'tests/fixtures/io';

describe('an .npz file that numpy wrote reads as numpy reads it', () => {
  for (const name of readdirSync(FIXTURES).filter((name) => name.endsWith('.npz'))) {
    it(name, () => {
      const bytes = new Uint8Array(readFileSync(join(FIXTURES, name)));
      const expected = JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8'));
      if ('refused' in expected) {
        const isRefusal = (error: unknown) => error instanceof FileError && error.message.includes(expected.refused);
        assert.throws(() => readNpz(bytes, name), isRefusal);
        return;
      }
      const arrays = readNpz(bytes, name);
      assert.deepEqual([...arrays.keys()], Object.keys(expected));
      for (const [key, { shape, data, dtype }] of arrays) {
        const values = Array.from<unknown, unknown>(data, (value) =>
          typeof value === 'bigint' ? value.toString() : value,
        );
        assert.deepEqual({ shape, dtype, values }, expected[key], key);
      }
    });
  }

  it('in the header versions 2 and 3, too', () => {
    for (const version of [2, 3]) {
      const { data, shape } = readNpy(new Uint8Array(readFileSync(`${FIXTURES}/version${version}.npy`)), 'v.npy');
      assert.deepEqual([shape, data], [[3], Float32Array.of(0, 1, 2)]);
    }
  });
});

describe('numpy arrays', () => {
  it('come back as they were written', () => {
    const arrays = {
      double: { data: Float64Array.of(1, Number.NaN, -0), shape: [3, 1] },
      texts: { data: ['a', '', 'Ångström 𝛼'] },
      flags: { data: Uint8Array.of(0, 1), boolean: true },
      longs: { data: BigInt64Array.of(-(2n ** 63n), 7n) },
      unsigned: { data: Uint16Array.of(65535) },
      none: { data: new Float32Array(), shape: [0, 5] },
    };
    for (const compress of [false, true]) {
      const bytes = writeNpz(arrays, { compress });
      assert.deepEqual(bytes, writeNpz(arrays, { compress }), 'the same arrays give the same bytes');
      const back = readNpz(bytes, 'x.npz');
      for (const [name, array] of Object.entries(arrays)) assert.deepEqual(back.get(name)?.data, array.data);
      assert.deepEqual(back.get('none')?.shape, [0, 5]);
      assert.equal(back.get('flags')?.dtype, 'b1');
    }
    assert.deepEqual([...readNpz(writeNpz(arrays), 'x.npz', { names: ['longs'] }).keys()], ['longs']);
  });

  it('in Fortran order are turned into row-major order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }), (shape) => {
        const n = shape.reduce((product, axis) => product * axis, 1);
        const bytes = writeNpy({ shape: shape.toReversed(), data: Float64Array.from({ length: n }, (_, i) => i) });
        const header = new TextDecoder('latin1').decode(bytes.subarray(0, 128));
        const sizes = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
        const fortran = header
          .replace("'fortran_order': False", "'fortran_order': True ")
          .replace(/\([\d, ]*\)/, sizes);
        for (let i = 10; i < 128; i++) bytes[i] = fortran.charCodeAt(i);
        const { data } = readNpy(bytes, 'f.npy');
        // Element (i, j, k) of an array stored in Fortran order is element (k, j, i) of the reversed one in C order.
        for (let i = 0; i < n; i++) {
          const index: number[] = [];
          for (let axis = shape.length - 1, rest = i; axis >= 0; rest = Math.floor(rest / shape[axis]), axis--) {
            index.unshift(rest % shape[axis]);
          }
          const position = index.reduceRight((sum, at, axis) => sum * shape[axis] + at, 0);
          assert.equal(data[i], position);
        }
      }),
    );
  });

  it('give numbers and identifiers, and refuse what would not be exact', () => {
    const big = { shape: [1], dtype: 'i8', data: BigInt64Array.of(2n ** 60n) };
    assert.deepEqual(npyIdentifiers(big, 'x.npz', 'array "id"'), ['1152921504606846976']);
    assert.throws(() => npyNumbers(big, 'x.npz', 'array "id"'), /x\.npz, array "id": the integer 1152921504606846976/);
    const half = { shape: [1], dtype: 'f8', data: Float64Array.of(0.5) };
    assert.throws(() => npyIdentifiers(half, 'x.npz', 'array "id"'), FileError);
  });
});

describe('matrices on disk', () => {
  it('are written row by row and read into a part of a larger array', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lightfold-npy-'));
    try {
      const path = join(folder, 'flux.npy');
      const writer = createNpyRowWriter(path, 3);
      writer.append(Float32Array.of(1, 2, 3, 4, 5, 6));
      writer.append(Float32Array.of(7, 8, 9).subarray(0));
      assert.equal(writer.finish(), 3);
      assert.deepEqual(npyFileShape(path), [3, 3]);
      const into = new Float32Array(12);
      assert.deepEqual(readNpyInto(path, into.subarray(2, 11)), [3, 3]);
      assert.deepEqual(Array.from(into), [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]);
      assert.deepEqual(readNpy(new Uint8Array(readFileSync(path)), path).data, into.slice(2, 11));
      assert.throws(() => readNpyInto(path, into), /was expected to hold 12 numbers/);
      writeFileSync(path, readFileSync(path).subarray(0, 150));
      assert.throws(() => readNpyInto(path, new Float32Array(9)), /it is truncated: 14 bytes are missing/);
      writeFileSync(path, writeNpy({ data: Float64Array.of(1) }));
      assert.throws(() => readNpyInto(path, new Float32Array(1)), /float32 is expected and f8 was found/);
      assert.throws(() => npyFileShape(join(folder, 'none.npy')), /there is no such file/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
