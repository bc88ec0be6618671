import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalFluxUnit, FLUX_UNIT } from './flux-unit.ts';

describe('units of flux per wavelength', () => {
  it('have one spelling, however a survey writes them', () => {
    for (const text of [
      FLUX_UNIT,
      '1E-17 erg/cm^2/s/Ang',
      '10**-17 erg/(s cm2 Angstrom)',
      '10**(-17) erg s-1 cm-2 Angstrom-1',
      '10^-17 ergs/s/cm^2/A',
      '10-17erg/s/cm2/Å',
      ' 1e-17 erg / (Angstrom s cm2) ',
      '1e-17 erg.s**-1.cm**(-2).AA^-1',
      '1e-17*erg*s^-1*cm^-2*angstrom^(-1)',
    ]) {
      assert.equal(canonicalFluxUnit(text), FLUX_UNIT, text);
    }
    assert.equal(canonicalFluxUnit('erg/s/cm2/AA'), 'erg/s/cm^2/Angstrom');
    assert.equal(canonicalFluxUnit('1.0 erg/s/cm2/AA'), 'erg/s/cm^2/Angstrom');
    assert.equal(canonicalFluxUnit('100 erg/s/cm2/AA'), '100 erg/s/cm^2/Angstrom');
  });

  it('are left alone when they are another quantity', () => {
    for (const text of [
      '',
      'counts',
      'W/m2/um',
      'erg/s/cm2',
      'erg/s/cm2/Hz',
      'erg/(s cm2 (Angstrom))',
      '10**+34 (s2 cm4 Angstrom2) / erg2',
      'constructor',
    ]) {
      assert.equal(canonicalFluxUnit(text), text);
    }
  });

  it('are settled at once, and any text is survived', () => {
    const part = fc.constantFrom(
      '10',
      '**',
      '^',
      '(',
      ')',
      '/',
      '.',
      ' ',
      '-17',
      '2',
      'erg',
      's',
      'cm',
      'Angstrom',
      'x',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join('')),
        ),
        (text) => {
          const once = canonicalFluxUnit(text);
          assert.equal(canonicalFluxUnit(once), once);
        },
      ),
    );
  });
});
