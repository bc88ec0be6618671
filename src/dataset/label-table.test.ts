import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { surviveMutations } from '../../tests/contracts/mutations.ts';
import { FileError } from '../base/index.ts';
import { csvBytes, makeTable, parquetBytes, readCsv, readParquet, readTable, tableBytes } from '../io/index.ts';
import { type LabelTable, type LabelTableOptions, labelTable } from './label-table.ts';

const csv = (text: string, options: LabelTableOptions = {}): LabelTable =>
  labelTable(readCsv(new TextEncoder().encode(text), 'labels.csv'), 'labels.csv', options);
const spectrum = (id: string, file = 'x.fits') => ({ id, source: { file, place: '' } });

describe('a table of labels', () => {
  it('is joined by id, whether or not plate and fibre are padded with zeros', () => {
    const table = csv('id,log_mbh,log_mbh_err\n266-51630-168,8.5,0.5\n0267-51608-0413,7.5,0.25\n');
    assert.deepEqual(table.labelNames, ['log_mbh']);
    assert.deepEqual(table.rowFor(spectrum('0266-51630-0168'))?.labels, { log_mbh: { value: 8.5, ivar: 4 } });
    assert.deepEqual(table.rowFor(spectrum('0267-51608-0413'))?.labels, { log_mbh: { value: 7.5, ivar: 16 } });
    assert.equal(table.rowFor(spectrum('0266-51630-0169')), null);
  });

  it('is joined by plate, MJD and fibre, by file name, or by any column that is named', () => {
    const byFibre = csv('PLATE,MJD,FIBERID,age\n266,51630,168,3\n');
    assert.equal(byFibre.rowFor(spectrum('0266-51630-0168'))?.labels.age.value, 3);
    assert.deepEqual(byFibre.labelNames, ['age']);
    const byFile = csv('file,age\nqso/spec-0266-51630-0168.fits,3\n');
    assert.equal(byFile.rowFor(spectrum('?', '../data/spec-0266-51630-0168.fits.gz'))?.labels.age.value, 3);
    const byName = csv('star,age\nm0001,3\n', { key: 'star' });
    assert.equal(byName.rowFor(spectrum('m0001'))?.labels.age.value, 3);
    const byTwo = csv('field,number,age\nA,7,3\n', { key: 'field, number' });
    assert.equal(byTwo.rowFor(spectrum('A-7'))?.labels.age.value, 3);
  });

  it('joins 64-bit ids exactly, from CSV and from Parquet', async () => {
    const ids = [39627733927462346n, 39627733927462347n];
    const table = makeTable([
      ['TARGETID', ids],
      ['age', [1, 2]],
    ]);
    const tables = [
      labelTable(readCsv(csvBytes(table), 'a.csv'), 'a.csv'),
      labelTable(await readParquet(parquetBytes(table), 'a.parquet'), 'a.parquet'),
    ];
    for (const { rowFor } of tables) {
      assert.equal(rowFor(spectrum('39627733927462347'))?.labels.age.value, 2);
      assert.equal(rowFor(spectrum('39627733927462348')), null);
    }
    const rounded = makeTable([
      ['TARGETID', [2 ** 55]],
      ['age', [1]],
    ]);
    assert.throws(() => labelTable(rounded, 'a.csv'), /row 0, column "TARGETID": the id .* has lost digits/);
  });

  it('takes empty cells, NaN and the usual sentinels for "not measured"', () => {
    const table = csv('id,a,a_err\n1,,0.1\n2,nan,0.1\n3,-999,0.1\n4,-9999,0.1\n5,2,0.5\n');
    for (const id of ['1', '2', '3', '4']) assert.deepEqual(table.rowFor(spectrum(id))?.labels, {});
    assert.deepEqual(table.rowFor(spectrum('5'))?.labels, { a: { value: 2, ivar: 4 } });
  });

  it('reads inverse variances too, where 0 means "not measured"', () => {
    const table = csv('id,a,a_ivar\n1,5,4\n2,6,0\n');
    assert.deepEqual(table.rowFor(spectrum('1'))?.labels, { a: { value: 5, ivar: 4 } });
    assert.deepEqual(table.rowFor(spectrum('2'))?.labels, {});
  });

  it('tells labels from bookkeeping, redshift, class and text', () => {
    const table = csv('id,ra,dec,z,z_err,class,subclass,log_mbh,note\n1,10,20,0.5,0.01,QSO,BROADLINE,8,bright\n');
    const row = table.rowFor(spectrum('1'));
    assert.deepEqual(table.labelNames, ['log_mbh']);
    assert.deepEqual(
      [row?.redshift, row?.redshiftError, row?.objectClass, row?.subclass],
      [0.5, 0.01, 'QSO', 'BROADLINE'],
    );
    assert.deepEqual(row?.extra, { ra: 10, dec: 20, note: 'bright' });
  });

  it('takes the labels it is told to', () => {
    const table = csv('id,ra,age,mass\n1,10,2,3\n', { labels: ['ra', 'mass'] });
    const row = table.rowFor(spectrum('1'));
    assert.deepEqual(Object.keys(row?.labels ?? {}), ['ra', 'mass']);
    assert.deepEqual(row?.extra, { age: 2 });
  });

  it('survives damage in every format: sound labels or a refusal', async () => {
    const table = makeTable([
      ['id', Array.from({ length: 12 }, (_, i) => `0266-51630-${i}`)],
      ['z', Array.from({ length: 12 }, (_, i) => 0.1 * i)],
      ['class', Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? null : 'QSO'))],
      ['log_mbh', Array.from({ length: 12 }, (_, i) => (i % 4 === 0 ? null : 8 + 0.1 * i))],
      ['log_mbh_err', Array.from({ length: 12 }, () => 0.25)],
    ]);
    for (const extension of ['.csv', '.parquet', '.fits']) {
      const file = `labels${extension}`;
      await surviveMutations(tableBytes(table, extension), file, async (bytes) => {
        const { rowFor } = labelTable(await readTable(bytes, file), file);
        for (let i = 0; i < 12; i++) {
          const row = rowFor(spectrum(`0266-51630-${i}`));
          for (const { value, ivar } of Object.values(row?.labels ?? {})) {
            // Whether float32 can hold it is asked when an object takes it.
            assert.ok(Number.isFinite(value) && ivar > 0);
          }
          // What a redshift may be is asked when it is used.
          assert.ok(Number.isFinite(row?.redshift ?? 0));
        }
      });
    }
  });

  it('is refused, naming row and column, when it cannot be joined', () => {
    const cases: [() => unknown, RegExp][] = [
      [() => csv('a,b\n1,2\n'), /has no key column .* its columns \(a, b\) with --key/],
      [() => csv('id,b\n1,2\n', { key: 'name' }), /has no key column name/],
      [() => csv('id,b\n1,2\n1,3\n'), /rows 0 and 1, column "id": the key 1 stands twice/],
      [() => csv('id,b\n1,x\n', { labels: ['b'] }), /row 0, column "b": a number is expected/],
      [() => csv('id,b\n1,2\n', { labels: ['c'] }), /has no column "c"/],
    ];
    for (const [read, pattern] of cases) {
      assert.throws(read, (error) => {
        assert.ok(error instanceof FileError);
        assert.match(error.message, pattern);
        return error.message.startsWith('labels.csv');
      });
    }
  });
});
