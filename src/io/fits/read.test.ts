/** What a damaged or unusual FITS file is told, and what a sound one gives on demand. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { FileError } from '../../base/index.ts';
import { readFits, readImage } from './read.ts';
import { writeFits } from './write.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(`tests/fixtures/io/${name}.fits`));

/** A copy in which the first card of this keyword (from the given HDU's header on) has another value. */
function withCard(bytes: Uint8Array, keyword: string, value: string, occurrence = 0): Uint8Array {
  const copy = bytes.slice();
  const text = new TextDecoder('latin1').decode(copy);
  let at = -80;
  for (let found = -1; found < occurrence; found++) {
    do at = text.indexOf(`${keyword.padEnd(8)}=`, at + 80);
    while (at >= 0 && at % 80 !== 0);
    assert.ok(at >= 0, `no card ${keyword}`);
  }
  copy.set(new TextEncoder().encode(`${keyword.padEnd(8)}= ${value}`.padEnd(80)), at);
  return copy;
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof FileError, String(error));
    return error.message;
  }
  return assert.fail('it was not refused');
}

describe('a damaged FITS file is refused with its place', () => {
  const sound = fixture('spec-lite');
  const cases: readonly [string, () => unknown, RegExp][] = [
    ['something else', () => readFits(new TextEncoder().encode('hello'), 'x.fits'), /^x\.fits: it is not a FITS file/],
    ['nothing', () => readFits(new Uint8Array(), 'x.fits'), /^x\.fits: it is not a FITS file/],
    [
      'a header without END',
      () => readFits(sound.subarray(0, 400), 'x.fits'),
      /^x\.fits, HDU 0: its header has no END/,
    ],
    [
      'a negative axis',
      () => readFits(withCard(sound, 'NAXIS2', '-5'), 'x.fits'),
      /^x\.fits, HDU 1 \(COADD\): NAXIS2 is -5; an axis cannot be negative/,
    ],
    [
      'axes whose product no file could hold',
      () => readFits(withCard(withCard(sound, 'NAXIS2', '9007199254740991'), 'NAXIS1', '9007199254740991'), 'x.fits'),
      /^x\.fits, HDU 1 \(COADD\): its axes .* make more data than a file can hold/,
    ],
    [
      'an absurd number of axes',
      () => readFits(withCard(sound, 'NAXIS', '1000000000'), 'x.fits'),
      /^x\.fits, HDU 0: NAXIS is 1000000000, not between 0 and 999/,
    ],
    [
      'more rows than there are bytes',
      () =>
        readFits(withCard(sound, 'NAXIS2', '99999999999'), 'x.fits')
          .table(1)
          .numbers('flux'),
      /^x\.fits, HDU 1 \(COADD\): its data are truncated/,
    ],
    [
      'a truncated table',
      () =>
        readFits(sound.subarray(0, 2 * 2880 + 100), 'x.fits')
          .table(1)
          .numbers('ivar'),
      /^x\.fits, HDU 1 \(COADD\): its data are truncated: .* ends 1180 bytes too early/,
    ],
    [
      'columns that do not fill the row',
      () => readFits(withCard(sound, 'TFORM2', "'D'"), 'x.fits').table(1).rows,
      /^x\.fits, HDU 1 \(COADD\): its columns take 36 bytes a row and NAXIS1 says 32/,
    ],
    [
      'an unknown column format',
      () => readFits(withCard(sound, 'TFORM2', "'Z'"), 'x.fits').table(1).rows,
      /^x\.fits, HDU 1 \(COADD\): TFORM2 is "Z", which is not a column format/,
    ],
    [
      'a damaged keyword',
      () => readFits(withCard(sound, 'PLATEID', '26x6'), 'x.fits').hdus[0].header.number('PLATEID'),
      /^x\.fits, HDU 0, header keyword PLATEID: the header card is damaged: its value "26x6" is neither/,
    ],
    [
      'a missing keyword',
      () => readFits(sound, 'x.fits').hdus[0].header.text('OBJTYPE'),
      /^x\.fits, HDU 0, header keyword OBJTYPE: the keyword is missing/,
    ],
    [
      'a keyword of another type',
      () => readFits(sound, 'x.fits').hdus[1].header.number('EXTNAME'),
      /header keyword EXTNAME: a number is expected here and the text "COADD" was found/,
    ],
    [
      'a missing HDU',
      () => readFits(fixture('junk-after'), 'x.fits').table('SPALL'),
      /^x\.fits: it has no HDU SPALL \(it has 0 PRIMARY, 1 COADD, 2 SPECOBJ, 3 SPZLINE; what follows byte 20160 is/,
    ],
    [
      'a missing column',
      () => readFits(sound, 'x.fits').table('coadd').numbers('lambda'),
      /^x\.fits, HDU 1 \(COADD\): it has no column "lambda" \(it has flux, loglam, /,
    ],
    [
      'text where numbers are wanted',
      () => readFits(sound, 'x.fits').table('SPECOBJ').numbers('CLASS'),
      /^x\.fits, HDU 2 \(SPECOBJ\), column "CLASS": its values \(format 6A\) are not numbers/,
    ],
    [
      'identifiers that a double would round',
      () => readFits(sound, 'x.fits').table('SPECOBJ').numbers('BESTOBJID'),
      /column "BESTOBJID": its values \(format K\) are not numbers that a double holds exactly/,
    ],
    [
      'a table where an image is wanted',
      () => readImage(readFits(sound, 'x.fits').hdus[1]),
      /^x\.fits, HDU 1 \(COADD\): an image is expected here; it is a table/,
    ],
    [
      'a heap that the rows point beyond',
      () => {
        const bytes = fixture('variable');
        const row = readFits(bytes, 'x.fits').table(1);
        assert.equal(row.columns[0].format.startsWith('PB'), true);
        new DataView(bytes.buffer).setInt32(2 * 2880 + 4, 1 << 30);
        return readFits(bytes, 'x.fits').table(1).column('PB');
      },
      /^x\.fits, HDU 1 \(RAGGED\), column "PB": row 0 points to 3 values at byte 1073741824 of a heap of \d+ bytes/,
    ],
    [
      'a heap smaller than the rows need',
      () =>
        readFits(withCard(fixture('variable'), 'PCOUNT', '3'), 'x.fits')
          .table(1)
          .column('QD'),
      /^x\.fits, HDU 1 \(RAGGED\), column "QD": row \d points to \d values at byte \d+ of a heap of 3 bytes/,
    ],
    [
      'a byte that is neither true nor false',
      () => {
        const bytes = writeFits([
          { kind: 'table', columns: [{ name: 'GOOD', values: Uint8Array.of(1, 0), logical: true }] },
        ]);
        bytes[2 * 2880 + 1] = 7;
        return readFits(bytes, 'x.fits').table(1).column('GOOD');
      },
      /^x\.fits, HDU 1, column "GOOD": row 1 holds byte 7 where T, F or 0/,
    ],
    [
      'a scale that erases the data',
      () =>
        readFits(withCard(fixture('images'), 'BSCALE', '0.0'), 'x.fits').hdus.filter(
          (hdu) => hdu.kind === 'image' && hdu.read(),
        ),
      /^x\.fits, HDU \d+ \(.*\): BSCALE is 0, which would erase every value/,
    ],
  ];
  for (const [what, work, message] of cases) {
    it(`for ${what}`, () => {
      assert.match(refusal(work), message);
    });
  }
});

describe('a sound FITS file', () => {
  it('gives columns as numbers, text and identifiers, by name in any case', () => {
    const fits = readFits(fixture('spec-lite'), 'x.fits');
    const coadd = fits.table('COADD');
    assert.equal(coadd.rows, 40);
    assert.equal(coadd.has('LOGLAM'), true);
    assert.equal(coadd.numbers('LOGLAM')[0], Math.fround(3.58));
    const spec = fits.table('specobj');
    assert.deepEqual(spec.texts('CLASS'), ['GALAXY']);
    assert.deepEqual(spec.identifiers('BESTOBJID'), ['1237648704595656780']);
    assert.deepEqual(spec.identifiers('ZWARNING'), ['0']);
    assert.deepEqual(Array.from(spec.numbers('THETA')), [0, 1, 2, 3, 4]);
  });

  it('marks what is not a usable number and keeps the values it has', () => {
    const table = readFits(fixture('tables'), 'x.fits').table('ALL');
    const column = table.column('E');
    assert.ok(column.kind === 'numbers');
    assert.deepEqual(column.missing, Uint8Array.of(0, 1, 1));
    assert.deepEqual(Array.from(table.numbers('I')), [-32768, Number.NaN, 32767]);
    const { data } = readFits(fixture('images'), 'x.fits').imageNumbers('BLANK');
    assert.deepEqual(Array.from(data), [1, Number.NaN, 3]);
  });

  it('is read however it lies in its buffer', () => {
    const bytes = fixture('spec-lite');
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const [here, there] = [bytes, shifted.subarray(3)].map((b) => readFits(b, 'x.fits').table(1).numbers('flux'));
    assert.deepEqual(here, there);
  });

  it('is held against the sums that it carries, wherever a byte has changed', () => {
    const bytes = fixture('checksums');
    const damage = (place: string, read: (file: ReturnType<typeof readFits>) => unknown) => {
      const { header } = readFits(bytes, 'x.fits').hdu(place);
      const text = new TextDecoder('latin1').decode(bytes);
      const at = text.indexOf(`DATASUM = '${header.text('DATASUM')}`);
      const start = Math.ceil((text.indexOf('END'.padEnd(80), at) + 80) / 2880) * 2880;
      for (const offset of [0, 1, 2, 3]) {
        const changed = bytes.slice();
        changed[start + offset] ^= 4;
        const words = refusal(() => read(readFits(changed, 'x.fits')));
        assert.match(words, new RegExp(`^x\\.fits, HDU \\d.*${place}.*its DATASUM says \\d+.*fetch it again`));
      }
    };
    damage('TABLE', (file) => file.table('TABLE').numbers('E'));
    damage('TEXT', (file) => file.table('TEXT').texts('NAME'));
    damage('IMAGE', (file) => file.imageNumbers('IMAGE'));
    damage('ZEROS', (file) => readImage(file.hdu('ZEROS')));
    const unpadded = readFits(bytes.subarray(0, bytes.length - 2880 + 12), 'x.fits');
    assert.deepEqual([...unpadded.imageNumbers('ZEROS').data], [0, 0, 0]);
  });

  it('keeps what is before a truncation readable', () => {
    const bytes = fixture('spec-lite');
    const fits = readFits(bytes.subarray(0, bytes.length - 2880), 'x.fits');
    assert.equal(fits.table('COADD').numbers('flux').length, 40);
    assert.equal(fits.table('SPECOBJ').rows, 1);
  });

  it('says where it goes on with bytes that are not FITS', () => {
    assert.equal(readFits(fixture('junk-after'), 'x.fits').ignoredFrom, 20160);
    assert.equal(readFits(fixture('spec-lite'), 'x.fits').ignoredFrom, null);
  });
});
