import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isQuasar, readableClass } from './classes.ts';

describe('the class of an object', () => {
  it('is what Portillo et al. call it', () => {
    const cases: [string | null, string | null, string | null][] = [
      ['GALAXY', '', 'quiescent'],
      ['GALAXY', null, 'galaxy'],
      ['GALAXY', 'STARFORMING', 'emission-line'],
      ['GALAXY', 'STARBURST', 'emission-line'],
      ['GALAXY', 'AGN', 'narrow-line AGN'],
      ['GALAXY', 'AGN BROADLINE', 'broad-line AGN'],
      ['GALAXY  ', 'STARFORMING BROADLINE', 'broad-line AGN'],
      ['QSO', 'STARBURST BROADLINE', 'QSO'],
      ['STAR', 'M4.5:III (123657)', 'star'],
      ['quiescent', null, 'quiescent'],
      ['', null, null],
      [null, 'AGN', null],
    ];
    for (const [kind, subclass, expected] of cases) assert.equal(readableClass(kind, subclass), expected);
  });

  it("says whether it is a quasar's", () => {
    assert.ok(isQuasar('QSO') && isQuasar('quasar') && !isQuasar('GALAXY') && !isQuasar(null));
  });
});
