import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readFits, readImage } from './read.ts';
import { type HduToWrite, writeFits } from './write.ts';
import { formatCards } from './writeCards.ts';

const everything: readonly HduToWrite[] = [
  {
    kind: 'empty',
    cards: [
      { keyword: 'PLATEID', value: 266, comment: 'plate' },
      {
        keyword: 'EXPTIME',
        value: 1.5e-17,
        comment: 'a comment that is too long for what is left of its card, and is cut',
      },
      { keyword: 'BIG', value: 1e30 },
      { keyword: 'LONGINT', value: 2n ** 62n },
      { keyword: 'GOOD', value: true },
      { keyword: 'NONE', value: undefined, comment: 'no value' },
      { keyword: 'QUOTED', value: "it's" },
      { keyword: 'LONGTEXT', value: "it's a long text, ".repeat(12).trim(), comment: 'goes on' },
      { keyword: 'ESO TEL AIRM', value: 1.25, comment: 'hierarchical' },
      { keyword: 'HISTORY', value: 'written by the tests '.repeat(5).trim() },
    ],
  },
  {
    kind: 'table',
    name: 'COADD',
    columns: [
      { name: 'flux', unit: '1e-17 erg/s/cm^2/Ang', values: Float32Array.of(1, Number.NaN, 3) },
      { name: 'and_mask', values: Int32Array.of(0, 5, -1), nullValue: -1 },
      { name: 'unsigned', values: Uint32Array.of(0, 5, 2 ** 32 - 1) },
      { name: 'short', values: Uint16Array.of(0, 5, 65535) },
      { name: 'byte', values: Int8Array.of(-128, 0, 127) },
      { name: 'vector', values: Float64Array.of(1, 2, 3, 4, 5, 6), width: 2 },
      { name: 'text', values: ['a', 'bcd', ''], characters: 6 },
      { name: 'texts', values: ['a', 'bcd', '', 'x', 'y', 'z'], width: 2 },
      { name: 'targetid', values: BigInt64Array.of(1n, -(2n ** 62n), 39627652591521181n) },
      { name: 'flag', values: Uint8Array.of(1, 0, 1), logical: true },
    ],
  },
  { kind: 'image', name: 'MASK', shape: [2, 3], data: Uint16Array.of(0, 1, 2, 3, 65535, 5) },
  { kind: 'image', name: 'FLUX', shape: [6], data: Float32Array.of(0, 1, 2, 3, Number.NaN, 5) },
  { kind: 'image', name: 'LONG', shape: [2], data: BigUint64Array.of(0n, 2n ** 64n - 1n) },
];

describe('a FITS file that was written', () => {
  it('is whole blocks and reads back as it was', () => {
    const bytes = writeFits(everything);
    assert.equal(bytes.length % 2880, 0);
    const fits = readFits(bytes, 'x.fits');
    for (const { keyword, value } of everything[0].cards ?? []) {
      if (keyword !== 'HISTORY') assert.equal(fits.hdus[0].header.get(keyword), value, keyword);
    }
    const table = fits.table('COADD');
    for (const { name, values } of everything[1].kind === 'table' ? everything[1].columns : []) {
      const column = table.column(name);
      assert.ok(column.kind !== 'variable');
      assert.deepEqual(Array.from<unknown>(column.values), Array.from<unknown>(values), name);
    }
    assert.deepEqual(table.columns[0], { name: 'flux', unit: '1e-17 erg/s/cm^2/Ang', format: 'E' });
    assert.deepEqual(table.identifiers('targetid')[2], '39627652591521181');
    for (const hdu of everything.slice(2)) {
      if (hdu.kind === 'image') assert.deepEqual(readImage(fits.hdu(hdu.name ?? '')).data, hdu.data);
    }
  });

  it('keeps every number, text and 64-bit integer exactly', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abc \'"&/='), maxLength: 200 }).map((s) => s.trimEnd());
    const cell = fc.record({
      d: fc.double(),
      f: fc.float(),
      i: fc.integer(),
      k: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
      s: text,
    });
    fc.assert(
      fc.property(
        fc.array(cell, { maxLength: 12 }),
        text,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (rows, note, number) => {
          const columns = [
            { name: 'd', values: Float64Array.from(rows, ({ d }) => d) },
            { name: 'f', values: Float32Array.from(rows, ({ f }) => f) },
            { name: 'i', values: Int32Array.from(rows, ({ i }) => i) },
            { name: 'k', values: BigInt64Array.from(rows, ({ k }) => k) },
            { name: 's', values: rows.map(({ s }) => s) },
          ];
          const cards = [
            { keyword: 'NOTE', value: note, comment: 'note' },
            { keyword: 'NUMBER', value: number },
          ];
          const fits = readFits(writeFits([{ kind: 'table', name: 'T', cards, columns }]), 'x.fits');
          const table = fits.table('T');
          assert.equal(table.header.get('NOTE'), note);
          assert.equal(table.header.number('NUMBER'), number);
          for (const { name, values } of columns) {
            const column = table.column(name);
            assert.ok(column.kind !== 'variable');
            assert.deepEqual(column.values, values);
          }
        },
      ),
    );
  });

  it('refuses what FITS cannot say', () => {
    const column = (values: string[]) => writeFits([{ kind: 'table', columns: [{ name: 'x', values }] }]);
    assert.throws(() => column(['Ångström']), /column "x": FITS holds printable ASCII only/);
    assert.throws(() => formatCards({ keyword: 'Z', value: Number.NaN }), /cannot hold NaN/);
    assert.throws(() => formatCards({ keyword: 'bad key', value: 1 }), /cannot be a FITS keyword/);
    assert.throws(() => writeFits([{ kind: 'image', shape: [3], data: new Float32Array(2) }]), /does not fit 2 values/);
  });

  const python = process.env.LIGHTFOLD_PYTHON;
  it('passes astropy’s verification without a warning', {
    skip: python === undefined ? 'no LIGHTFOLD_PYTHON' : false,
  }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'lightfold-fits-'));
    try {
      const path = join(folder, 'written.fits');
      writeFileSync(path, writeFits(everything));
      const script = `
import sys
from astropy.io import fits
with fits.open(sys.argv[1], memmap=False) as hdus:
    hdus.verify("exception")
    for hdu in hdus:
        hdu.data
    row = hdus["COADD"].data[2]
    print(row["text"], row["texts"][1], row["unsigned"], row["targetid"], row["vector"][1], row["flag"], hdus["MASK"].data[1, 1], hdus["LONG"].data[1])
    print(hdus[0].header["LONGTEXT"], hdus[0].header["ESO TEL AIRM"], hdus[0].header["QUOTED"])
`;
      const output = execFileSync(python ?? '', ['-W', 'error', '-c', script, path], { encoding: 'utf8' });
      assert.equal(
        output,
        ` z 4294967295 39627652591521181 6.0 True 65535 18446744073709551615\n${"it's a long text, ".repeat(12).trim()} 1.25 it's\n`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
