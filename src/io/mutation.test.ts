/** Damaged files of every kind are refused by name or decode to sound data (tests/contracts/mutations.ts). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { MUTATIONS, surviveMutations } from '../../tests/contracts/mutations.ts';
import { FileError } from '../base/index.ts';
import {
  csvBytes,
  type FixedColumn,
  type Hdu,
  imageAsDoubles,
  makeTable,
  type NpyArray,
  parquetBytes,
  readFits,
  readImage,
  readNpy,
  readNpz,
  readTable,
  type Table,
  writeFits,
  writeNpy,
  writeNpz,
} from './index.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(`tests/fixtures/io/${name}`));

/** Goes on after a refusal, so that damage in one place does not hide what happens in the next. */
function unlessRefused(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
}

function checkNumbers(values: ArrayLike<number>, missing: Uint8Array | null, what: string): void {
  for (let i = 0; i < values.length; i++) {
    if (missing?.[i] !== 1)
      assert.ok(Number.isFinite(values[i]), `${what} ${i} is ${values[i]} and not marked missing`);
  }
}

function checkColumn(column: FixedColumn, rows: number): void {
  const perRow = column.kind === 'complex' ? 2 * column.width : column.width;
  assert.equal(column.values.length, rows * perRow);
  assert.equal(
    column.shape.reduce((product, axis) => product * axis, 1),
    column.width,
  );
  if (column.kind === 'numbers' || column.kind === 'complex') checkNumbers(column.values, column.missing, 'value');
}

function checkHdu(hdu: Hdu): void {
  for (const card of hdu.header) unlessRefused(() => hdu.header.get(card.keyword));
  if (hdu.kind === 'image') {
    const image = readImage(hdu);
    assert.equal(
      image.data.length,
      image.shape.reduce((product, axis) => product * axis, 1),
    );
    const doubles = imageAsDoubles(image);
    if (doubles !== null) checkNumbers(doubles, image.missing, 'pixel');
  }
  if (hdu.kind !== 'table') return;
  for (const { name } of hdu.columns) {
    unlessRefused(() => {
      const column = hdu.column(name);
      if (column.kind !== 'variable') checkColumn(column, hdu.rows);
      else for (let row = 0; row < column.rows; row++) checkColumn(column.cell(row), 1);
    });
    unlessRefused(() => void hdu.numbers(name));
    unlessRefused(() => void hdu.identifiers(name));
  }
}

function checkFits(bytes: Uint8Array, file: string): void {
  for (const hdu of readFits(bytes, file).hdus) unlessRefused(() => checkHdu(hdu));
}

function checkArray({ shape, data }: NpyArray): void {
  assert.equal(
    data.length,
    shape.reduce((product, axis) => product * axis, 1),
  );
}

function checkTable({ names, columns, rows }: Table): void {
  for (const name of names) {
    assert.equal(columns[name].length, rows);
    const kinds = new Set(Array.from<unknown, string>(columns[name], (cell) => (cell === null ? 'null' : typeof cell)));
    kinds.delete('null');
    assert.ok(kinds.size <= 1, `column ${name} mixes ${[...kinds].join(', ')}`);
    for (const cell of columns[name]) if (typeof cell === 'number') assert.ok(Number.isFinite(cell));
  }
}

const table = makeTable([
  ['id', Array.from({ length: 30 }, (_, i) => (i % 9 === 8 ? null : `object ${i}, "quoted"`))],
  ['z', Array.from({ length: 30 }, (_, i) => (i % 7 === 6 ? null : i * 0.01))],
  ['count', Array.from({ length: 30 }, (_, i) => i % 3)],
  ['targetid', Array.from({ length: 30 }, (_, i) => (i % 5 === 4 ? null : 39627652591521181n + BigInt(i)))],
  ['single', Float32Array.from({ length: 30 }, (_, i) => i / 3)],
]);
const arrays = {
  wave: { data: Float64Array.from({ length: 20 }, (_, i) => 4000 + i) },
  flux: { data: Float32Array.from({ length: 100 }, (_, i) => Math.sin(i)), shape: [5, 20] },
  id: { data: ['a', 'bc', 'déf', '', 'x'] },
  targetid: { data: BigInt64Array.of(1n, 2n ** 60n, 3n, -4n, 5n) },
};
const labels = `id,z,z_err\n${Array.from({ length: 30 }, (_, i) => `0266-51630-${i},${i / 7},\n`).join('')}`;
const checkNpz = (bytes: Uint8Array, file: string) => readNpz(bytes, file).forEach(checkArray);
const checkTableFile = async (bytes: Uint8Array, file: string) => checkTable(await readTable(bytes, file));
const image = writeFits([{ kind: 'image', shape: [4, 50], data: Float32Array.from({ length: 200 }, (_, i) => i) }]);

const files: Readonly<
  Record<string, { bytes: Uint8Array; check: (bytes: Uint8Array, file: string) => void | Promise<void> }>
> = {
  'image.fits': { bytes: image, check: checkFits },
  'images.fits': { bytes: fixture('images.fits'), check: checkFits },
  'tables.fits': { bytes: fixture('tables.fits'), check: checkFits },
  'spec-lite.fits': { bytes: fixture('spec-lite.fits'), check: checkFits },
  'variable.fits': { bytes: fixture('variable.fits'), check: checkFits },
  'ascii.fits': { bytes: fixture('ascii.fits'), check: checkFits },
  'checksums.fits': { bytes: fixture('checksums.fits'), check: checkFits },
  'headers.fits': { bytes: fixture('headers.fits'), check: checkFits },
  'spec-lite.fits.gz': { bytes: fixture('gzipped.fits'), check: checkFits },
  'table of spec-lite.fits': { bytes: fixture('spec-lite.fits'), check: checkTableFile },
  'flux.npy': { bytes: writeNpy(arrays.flux), check: (bytes, file) => checkArray(readNpy(bytes, file)) },
  'stored.npz': { bytes: writeNpz(arrays), check: checkNpz },
  'deflated.npz': { bytes: writeNpz(arrays, { compress: true }), check: checkNpz },
  'table.csv': { bytes: csvBytes(table), check: checkTableFile },
  'labels.csv': { bytes: new TextEncoder().encode(labels), check: checkTableFile },
  'table.parquet': { bytes: parquetBytes(table), check: checkTableFile },
  'arrays.npz': { bytes: fixture('arrays.npz'), check: checkNpz },
  'spaces.ecsv': { bytes: fixture('spaces.ecsv'), check: checkTableFile },
  'snappy.parquet': { bytes: fixture('snappy.parquet'), check: checkTableFile },
  'gzip-v2.parquet': { bytes: fixture('gzip-v2.parquet'), check: checkTableFile },
  'delta.parquet': { bytes: fixture('delta.parquet'), check: checkTableFile },
};

describe(`${MUTATIONS} mutants of each kind of file decode soundly or are refused by name`, () => {
  for (const [name, { bytes, check }] of Object.entries(files)) {
    it(name, async (test) => {
      await check(bytes, name);
      const { decoded, refused } = await surviveMutations(bytes, name, check);
      test.diagnostic(`${decoded} decoded, ${refused} refused`);
    });
  }
});
