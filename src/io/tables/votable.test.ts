import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DOMParser } from 'linkedom';
import { makeTable } from './table.ts';
import { votableBytes } from './votable.ts';

function parsed(bytes: Uint8Array) {
  const document = new DOMParser().parseFromString(new TextDecoder().decode(bytes), 'text/xml');
  const fields = [...document.querySelectorAll('FIELD')].map((field) => ({
    name: field.getAttribute('name'),
    datatype: field.getAttribute('datatype'),
    arraysize: field.getAttribute('arraysize'),
    unit: field.getAttribute('unit'),
    ucd: field.getAttribute('ucd'),
    description: field.querySelector('DESCRIPTION')?.textContent ?? null,
  }));
  const rows = [...document.querySelectorAll('TR')].map((row) =>
    [...row.querySelectorAll('TD')].map((cell) => cell.textContent),
  );
  return { fields, rows, table: document.querySelector('TABLE') };
}

describe('a VOTable', () => {
  it('declares the type, unit and meaning of each column, and leaves cells without a value empty', () => {
    const table = makeTable([
      ['id', ['0266-51630-0168', null]],
      ['z', Float64Array.of(0.1, Number.NaN)],
      ['count', Int32Array.of(3, -4)],
      ['targetid', [39627658462857232n, null]],
    ]);
    const bytes = votableBytes(table, {
      name: 'a & b',
      fields: { z: { unit: '1', ucd: 'src.redshift', description: 'z < 1' } },
    });
    const { fields, rows, table: element } = parsed(bytes);
    assert.match(new TextDecoder().decode(bytes), /<TABLE name="a &amp; b"/);
    assert.equal(element?.getAttribute('nrows'), '2');
    assert.deepEqual(
      fields.map(({ name, datatype, arraysize }) => [name, datatype, arraysize]),
      [
        ['id', 'unicodeChar', '*'],
        ['z', 'double', null],
        ['count', 'int', null],
        ['targetid', 'long', null],
      ],
    );
    assert.deepEqual([fields[1].unit, fields[1].ucd, fields[1].description], ['1', 'src.redshift', 'z < 1']);
    assert.deepEqual(rows, [
      ['0266-51630-0168', '0.1', '3', '39627658462857232'],
      ['', '', '-4', ''],
    ]);
  });

  it('holds any text and number so that they are read back the same', () => {
    const cell = fc.record({
      text: fc.string({
        minLength: 1,
        maxLength: 15,
        unit: fc.constantFrom('a', '<', '&', '>', '"', "'", 'é', '𝛼', ']'),
      }),
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 10 }), (cells) => {
        const values = Float64Array.from(cells, ({ value }) => value);
        const { rows } = parsed(
          votableBytes(
            makeTable([
              ['text', cells.map(({ text }) => text)],
              ['value', values],
            ]),
            { name: 't' },
          ),
        );
        assert.deepEqual(
          rows.map(([text]) => text),
          cells.map(({ text }) => text),
        );
        assert.deepEqual(
          rows.map(([, value]) => Number(value) + 0),
          cells.map(({ value }) => value + 0),
        );
      }),
    );
  });

  it('leaves out characters that XML cannot hold', () => {
    const bytes = votableBytes(makeTable([['t', ['a\u0000b\u001fc\ttab']]]), { name: 't' });
    assert.match(new TextDecoder().decode(bytes), /<TD>abc\ttab<\/TD>/);
  });
});
