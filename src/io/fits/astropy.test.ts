/**
 * Every FITS fixture against what astropy reads in it. A file and its description dropped into tests/fixtures/io are
 * tested by themselves. With LIGHTFOLD_PYTHON naming a Python that has astropy, the real survey files are compared too.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FileError } from '../../base/index.ts';
import type { FixedColumn } from './columns.ts';
import { imageAsDoubles } from './image.ts';
import { type FitsFile, readFits, readImage } from './read.ts';

const FIXTURES = 'tests/fixtures/io';
const SURVEYS = '../shared/data';

type Value = number | string | null;

interface DescribedColumn {
  readonly name: string;
  readonly unit: string | null;
  readonly format: string;
  readonly kind: string;
  readonly values: readonly Value[] | readonly (readonly Value[])[];
}

interface DescribedHdu {
  readonly name: string;
  readonly kind: string;
  readonly cards: readonly (readonly [string, number | string | boolean | null, string])[];
  readonly image?: { readonly shape: readonly number[]; readonly kind: string; readonly values: readonly Value[] };
  readonly rows?: number;
  readonly columns?: readonly DescribedColumn[];
}

interface Described {
  readonly hdus?: readonly DescribedHdu[];
  readonly refused?: string;
}

/** Decoded values in the description's words. */
function flatten({
  values,
  missing,
}: {
  values: ArrayLike<number | bigint | string>;
  missing?: Uint8Array | null;
}): Value[] {
  return Array.from(values, (value, i) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'bigint') return missing?.[i] === 1 ? null : value.toString();
    if (Number.isNaN(value)) return 'nan';
    if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
    return missing?.[i] === 1 ? null : value;
  });
}

function flattenColumn(column: FixedColumn): Value[] {
  // astropy has no way to say that a logical value is missing: it says False.
  if (column.kind === 'logicals') return Array.from(column.values);
  return flatten(column);
}

function compareCards(fits: FitsFile, expected: DescribedHdu, index: number): void {
  const { header } = fits.hdus[index];
  for (const [keyword, value, comment] of expected.cards) {
    if (['COMMENT', 'HISTORY', ''].includes(keyword)) continue;
    const found = header.get(keyword);
    const plain = typeof found === 'bigint' ? found.toString() : (found ?? null);
    assert.equal(plain, value, `HDU ${index}, ${keyword}`);
    const card = [...header].find((candidate) => candidate.keyword === keyword.toUpperCase());
    assert.equal(card?.comment, comment.trim(), `comment of HDU ${index}, ${keyword}`);
  }
  const commentary = (key: string) => expected.cards.filter(([keyword]) => keyword === key).map(([, text]) => text);
  for (const key of ['COMMENT', 'HISTORY']) {
    const found = [...header].filter(({ keyword }) => keyword === key).map(({ value }) => value);
    assert.deepEqual(found, commentary(key));
  }
}

function compareColumns(fits: FitsFile, expected: DescribedHdu, index: number): void {
  const table = fits.table(index);
  assert.equal(table.rows, expected.rows);
  const described = (expected.columns ?? []).map(({ name, unit, format }) => ({ name, unit, format }));
  assert.deepEqual(table.columns, described);
  for (const { name, kind, values } of expected.columns ?? []) {
    const column = table.column(name);
    assert.equal(column.kind, kind, `kind of ${name}`);
    const found =
      column.kind === 'variable'
        ? Array.from({ length: column.rows }, (_, row) => flattenColumn(column.cell(row)))
        : flattenColumn(column);
    assert.deepEqual(found, values, `column ${name} of HDU ${index}`);
    if (column.kind === 'numbers') {
      const doubles = Array.from(column.values, (value, i) =>
        column.missing?.[i] === 1 && !(column.values instanceof Float32Array || column.values instanceof Float64Array)
          ? Number.NaN
          : value,
      );
      assert.deepEqual(Array.from(table.numbers(name)), doubles, `numbers of ${name}`);
    }
  }
}

function compareImage(fits: FitsFile, expected: DescribedHdu, index: number): void {
  const image = readImage(fits.hdus[index]);
  assert.deepEqual(image.shape, expected.image?.shape);
  assert.deepEqual(flatten({ values: image.data, missing: image.missing }), expected.image?.values);
  const doubles = imageAsDoubles(image);
  if (doubles !== null) assert.equal(doubles.length, image.data.length);
}

function compare(bytes: Uint8Array, file: string, expected: Described): void {
  const { refused } = expected;
  if (refused !== undefined) {
    const isRefusal = (error: unknown) => error instanceof FileError && error.message.includes(refused);
    assert.throws(() => readImage(readFits(bytes, file).hdus[1]), isRefusal);
    return;
  }
  const fits = readFits(bytes, file);
  const hdus = expected.hdus ?? [];
  assert.equal(fits.hdus.length, hdus.length);
  hdus.forEach((hdu, index) => {
    assert.equal(fits.hdus[index].name.toUpperCase(), hdu.name);
    assert.equal(fits.hdus[index].kind, hdu.kind);
    compareCards(fits, hdu, index);
    if (hdu.kind === 'table') compareColumns(fits, hdu, index);
    if (hdu.kind === 'image') compareImage(fits, hdu, index);
  });
}

describe('a FITS file reads as astropy reads it', () => {
  const names = readdirSync(FIXTURES).filter((name) => name.endsWith('.fits'));
  for (const name of names) {
    it(name, () => {
      const expected = JSON.parse(readFileSync(join(FIXTURES, name.replace(/fits$/, 'json')), 'utf8'));
      compare(new Uint8Array(readFileSync(join(FIXTURES, name))), name, expected);
    });
  }
});

describe('real survey files read as astropy reads them', () => {
  const python = process.env.LIGHTFOLD_PYTHON;
  const skip =
    python === undefined
      ? 'LIGHTFOLD_PYTHON names no Python with astropy'
      : existsSync(SURVEYS)
        ? false
        : `no ${SURVEYS}`;
  it('in every header, column and image', { skip }, () => {
    const files = readdirSync(SURVEYS, { recursive: true })
      .map((name) => join(SURVEYS, String(name)))
      .filter((name) => /\.fits?(\.gz)?$/.test(name));
    assert.ok(files.length > 0);
    const script = join(FIXTURES, 'describe_fits.py');
    const described = execFileSync(python ?? '', [script, ...files], { maxBuffer: 2 ** 30, encoding: 'utf8' });
    const lines = described.trimEnd().split('\n');
    files.forEach((file, i) => {
      compare(new Uint8Array(readFileSync(file)), file, JSON.parse(lines[i]));
    });
  });
});
