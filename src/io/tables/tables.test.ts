import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { FileError, UserError } from '../../base/index.ts';
import { readNpz } from '../npy/npz.ts';
import { csvBytes, readCsv } from './csv.ts';
import { readTable, tableBytes } from './files.ts';
import { type Column, makeTable, numberColumn, type Table, textColumn } from './table.ts';

const FIXTURES = 'tests/fixtures/io';
const text = (content: string) => new TextEncoder().encode(content);

interface Expected {
  readonly refused?: string;
  readonly columns?: Readonly<Record<string, readonly unknown[]>>;
  readonly omitted?: readonly string[];
}

function plainColumns(table: Table): Record<string, unknown[]> {
  const plain = (cell: unknown) => (typeof cell === 'bigint' ? cell.toString() : cell);
  return Object.fromEntries(
    table.names.map((name) => [name, Array.from<unknown, unknown>(table.columns[name], plain)]),
  );
}

describe('a table written by another program reads as it was meant', () => {
  for (const name of readdirSync(FIXTURES).filter((name) => /\.(parquet|ecsv|csv|tsv)$/.test(name))) {
    it(name, async () => {
      const bytes = new Uint8Array(readFileSync(`${FIXTURES}/${name}`));
      const expected: Expected = JSON.parse(readFileSync(`${FIXTURES}/${name}.json`, 'utf8'));
      const { refused } = expected;
      if (refused !== undefined) {
        await assert.rejects(readTable(bytes, name), (error: unknown) => {
          return error instanceof FileError && error.message.startsWith(name) && error.message.includes(refused);
        });
        return;
      }
      const table = await readTable(bytes, name);
      assert.deepEqual(plainColumns(table), expected.columns);
      assert.deepEqual(table.omitted, expected.omitted);
    });
  }
});

describe('a table', () => {
  const cellText = fc.string({ maxLength: 12 }).map((s) => `t${s.replaceAll(/[\r\n\0]/g, '')}t`);
  const nullable = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 4 });
  const rows = fc.array(
    fc.record({
      name: nullable(cellText),
      value: nullable(fc.double({ noNaN: true, noDefaultInfinity: true })),
      count: nullable(fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 })),
      identifier: fc.bigInt({ min: 2n ** 54n, max: 2n ** 63n - 1n }),
    }),
    { minLength: 1, maxLength: 20 },
  );

  for (const extension of ['.csv', '.parquet', '.fits']) {
    it(`comes back from ${extension} as it was written`, async () => {
      await fc.assert(
        fc.asyncProperty(rows, async (cells) => {
          const isAscii = extension === '.fits';
          const name = (cell: string | null) => (cell === null || !isAscii ? cell : cell.replaceAll(/[^ -~]/g, '?'));
          const table = makeTable([
            ['name', cells.map((cell) => name(cell.name))],
            ['value', cells.map((cell) => cell.value)],
            ['count', cells.map((cell) => cell.count)],
            ['identifier', cells.map((cell) => cell.identifier)],
          ]);
          const back = await readTable(tableBytes(table, extension), `t${extension}`);
          for (const column of table.names) {
            const sign = (cell: unknown) => (Object.is(cell, -0) ? 0 : cell);
            const [found, expected] = [back, table].map(({ columns }) =>
              Array.from<unknown, unknown>(columns[column], sign),
            );
            assert.deepEqual(found, expected);
          }
        }),
        { numRuns: 60 },
      );
    });
  }

  it('keeps the type of typed columns, and takes their NaN for no value', async () => {
    const columns: [string, Column][] = [
      ['single', Float32Array.of(0.1, Number.NaN, 3e-20)],
      ['double', Float64Array.of(1, Number.NaN, 1 / 3)],
      ['integer', Int32Array.of(1, -2, 3)],
    ];
    const csv = new TextDecoder().decode(tableBytes(makeTable(columns), 'out/table.csv'));
    assert.equal(csv, 'single,double,integer\n0.1,1,1\n,,-2\n3e-20,0.3333333333333333,3\n');
    const arrays = readNpz(tableBytes(makeTable(columns), '.npz'), 't.npz');
    assert.deepEqual(
      [...arrays].map(([name, { dtype }]) => [name, dtype]),
      [
        ['single', 'f4'],
        ['double', 'f8'],
        ['integer', 'i4'],
      ],
    );
    for (const extension of ['.parquet', '.fits']) {
      const back = await readTable(tableBytes(makeTable(columns), extension), 't');
      assert.deepEqual(back.columns.double, [1, null, 1 / 3]);
      assert.deepEqual(back.columns.single, [Math.fround(0.1), null, Math.fround(3e-20)]);
    }
  });

  it('of no rows is written and read', async () => {
    const empty = makeTable([
      ['id', []],
      ['z', new Float64Array()],
    ]);
    for (const extension of ['.csv', '.parquet', '.fits']) {
      const back = await readTable(tableBytes(empty, extension), 't');
      assert.deepEqual([back.rows, back.names], [0, ['id', 'z']]);
    }
  });

  it('may have columns named like parts of every object', async () => {
    const table = makeTable([
      ['constructor', ['a']],
      ['__proto__', [1]],
      ['2', [2]],
      ['1', [3]],
    ]);
    for (const extension of ['.csv', '.parquet', '.fits']) {
      const back = await readTable(tableBytes(table, extension), 't');
      assert.deepEqual(back.names, ['constructor', '__proto__', '2', '1']);
      assert.deepEqual(numberColumn(back, '__proto__', 't'), [1]);
    }
    assert.throws(() => numberColumn(table, 'toString', 't.csv'), /t\.csv: the table has no column "toString"/);
  });

  it('is not written in a format that is not known', () => {
    assert.throws(() => tableBytes(makeTable([]), 'out/z.xlsx'), UserError);
  });

  it('gives columns as numbers or text on demand', () => {
    const table = readCsv(text('id,z\nx,1\ny,\n'), 'labels.csv');
    assert.deepEqual(numberColumn(table, 'z', 'labels.csv'), [1, null]);
    assert.deepEqual(textColumn(table, 'z', 'labels.csv'), ['1', null]);
    assert.throws(
      () => numberColumn(table, 'id', 'labels.csv'),
      /labels\.csv, row 0, column "id": a number is expected/,
    );
  });
});

describe('a CSV table', () => {
  it('takes quotes, comments, tabs, a byte-order mark and Windows line ends', () => {
    const csv =
      '\ufeff# a comment\r\nid,note,z\r\n1,"two\r\nlines, ""quoted""",0.5\r\n# between\r\n2,x # no comment,NaN\r\n';
    const { columns } = readCsv(text(csv), 't.csv');
    assert.deepEqual(columns.note, ['two\r\nlines, "quoted"', 'x # no comment']);
    assert.deepEqual(columns.z, [0.5, null]);
    assert.deepEqual(readCsv(text('a\tb\n1\t2,5\n'), 't.tsv').columns.b, ['2,5']);
    const unquoted = readCsv(text('\ufeff# a comment\r\nid,z\r\n\r\nx,1\r\n# between\r\ny,2'), 't.csv');
    assert.deepEqual(
      [unquoted.columns.id, unquoted.columns.z],
      [
        ['x', 'y'],
        [1, 2],
      ],
    );
  });

  it('keeps identifiers exact: zeros in front and integers beyond 2⁵³', () => {
    const { columns } = readCsv(text('plate,targetid,id\n0266,39627652591521181,1\n0267,5,\n'), 't.csv');
    assert.deepEqual(columns.plate, ['0266', '0267']);
    assert.deepEqual(columns.targetid, [39627652591521181n, 5n]);
    assert.deepEqual(columns.id, [1, null]);
  });

  it('reads every spelling of "no number" as none, in columns of numbers only', () => {
    const { columns } = readCsv(text('z,class\nnan,NA\n-inf,b\nnull,\n--,c\n1e3,d\n'), 't.csv');
    assert.deepEqual(columns.z, [null, null, null, null, 1000]);
    assert.deepEqual(columns.class, ['NA', 'b', null, 'c', 'd']);
  });

  const refusals: readonly [string, string, RegExp][] = [
    ['a ragged row', 'a,b\n1,2\n3\n', /^t\.csv, line 3: it has 1 entries and the table has 2 columns/],
    ['a repeated name', 'a,a\n1,2\n', /^t\.csv, line 1: two columns are called "a"/],
    ['a missing name', 'a,\n1,2\n', /^t\.csv, line 1: column 2 has no name/],
    ['a header that is commented out', '# id,z\n1,2\n', /^t\.csv, line 2: it holds numbers where column names/],
    ['nothing at all', '\n', /^t\.csv: the table is empty/],
    ['an open quote', 'a,b\n"1,2\n', /^t\.csv: it is not a sound CSV table/],
    ['binary data', 'a,b\n1,\0\n', /^t\.csv: it is a binary file/],
  ];
  for (const [what, csv, message] of refusals) {
    it(`is refused for ${what}`, () => {
      assert.throws(
        () => readCsv(text(csv), 't.csv'),
        (error: unknown) => {
          assert.ok(error instanceof FileError);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it('is quoted so that it reads back', () => {
    const names = ['#a', ' padded ', 'comma, and "quote"', 'line\nbreak'];
    const back = readCsv(csvBytes(makeTable([['n', names]])), 't.csv');
    assert.deepEqual(back.columns.n, names);
  });
});

describe('files that are no tables', () => {
  it('are refused by name', async () => {
    const pdf = text('<?xml version="1.0"?><VOTABLE/>');
    await assert.rejects(readTable(pdf, 'cat.xml'), /^FileError: cat\.xml: tables of this kind are not read/);
    await assert.rejects(readTable(text('PAR1 and no more'), 'x.parquet'), /^FileError: x\.parquet/);
  });
});

describe('an Arrow table', () => {
  it('holds every column with its type, and null where there is no value', () => {
    const table = makeTable([
      ['id', ['a', null, 'c']],
      ['targetid', [39627835576420141n, null, 1n]],
      ['z', new Float64Array([0.5, Number.NaN, 2])],
      ['sd', new Float32Array([1, 2, 3])],
      ['count', [1, null, 3]],
    ]);
    const read = tableFromIPC(tableBytes(table, 'latents.arrow'));
    const columns = Object.fromEntries(read.schema.fields.map(({ name }) => [name, read.getChild(name)?.toJSON()]));
    assert.deepEqual(columns, {
      id: ['a', null, 'c'],
      targetid: [39627835576420141n, null, 1n],
      z: [0.5, null, 2],
      sd: [1, 2, 3],
      count: [1, null, 3],
    });
    assert.deepEqual(
      read.schema.fields.map(({ type }) => String(type)),
      ['Utf8', 'Int64', 'Float64', 'Float32', 'Int32'],
    );
  });
});
