/** One spelling for units of flux per wavelength: surveys write the same unit in a dozen ways. */

/** The unit of SDSS, BOSS, DESI and the simulated surveys. */
export const FLUX_UNIT = '1e-17 erg/s/cm^2/Angstrom';

/** Our name of each unit, by its name in files, in lower case. */
const NAMES: Readonly<Record<string, string>> = {
  erg: 'erg',
  ergs: 'erg',
  s: 's',
  sec: 's',
  second: 's',
  cm: 'cm',
  angstrom: 'Angstrom',
  angstroms: 'Angstrom',
  ang: 'Angstrom',
  aa: 'Angstrom',
  a: 'Angstrom',
  å: 'Angstrom',
};

const POWER_OF_TEN = /^10\s*(?:(?:\*\*|\^)\s*\(?\s*([+-]?\d+)\s*\)?|([+-]\d+))/;
const NUMBER = /^\d+(?:\.\d*)?(?:[eE][+-]?\d+)?/;
const UNIT = /^([A-Za-zÅ]+)(?:(?:\*\*|\^)?\s*\(?([+-]?\d+)\)?)?/;

/**
 * A unit of flux per wavelength as `1e-17 erg/s/cm^2/Angstrom`, however the file spells it (`10**-17 erg/(s cm2
 * Angstrom)`, `1E-17 erg/cm^2/s/Ang`, `erg s-1 cm-2 AA-1`). Any other unit is left as it is, without outer spaces.
 */
export function canonicalFluxUnit(text: string): string {
  const unit = text.trim();
  const { scale, rest } = splitScale(unit);
  const powers = new Map<string, number>();
  if (!addPowers(rest, 1, powers)) return unit;
  const of = (name: string): number => powers.get(name) ?? 0;
  if (of('erg') !== 1 || of('s') !== -1 || of('cm') !== -2 || of('Angstrom') !== -1) return unit;
  return `${scale}erg/s/cm^2/Angstrom`;
}

function nameOf(word: string): string | undefined {
  const key = word.toLowerCase();
  return Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
}

/** `10**-17 erg` → `1e-17 ` and ` erg`. */
function splitScale(unit: string): { scale: string; rest: string } {
  const power = POWER_OF_TEN.exec(unit);
  const number = power ?? NUMBER.exec(unit);
  if (number === null) return { scale: '', rest: unit };
  const value = power === null ? Number(number[0]) : Number(`1e${power[1] ?? power[2]}`);
  return { scale: value === 1 ? '' : `${value} `, rest: unit.slice(number[0].length) };
}

/**
 * Adds the powers of the units in a product such as `erg/(s cm2 Angstrom)`; `/` divides by the one unit or bracket after it.
 *
 * @returns whether everything was understood
 */
function addPowers(product: string, sign: 1 | -1, powers: Map<string, number>): boolean {
  let rest = product;
  let own = sign;
  for (;;) {
    rest = rest.replace(/^[\s*.·]+/, '');
    if (rest === '') return true;
    if (rest.startsWith('/')) {
      own = sign === 1 ? -1 : 1;
      rest = rest.slice(1);
      continue;
    }
    const bracket = /^\(([^()]*)\)/.exec(rest);
    const unit = UNIT.exec(rest);
    if (bracket !== null) {
      if (!addPowers(bracket[1], own, powers)) return false;
    } else {
      const name = unit === null ? undefined : nameOf(unit[1]);
      if (unit === null || name === undefined) return false;
      powers.set(name, (powers.get(name) ?? 0) + own * Number(unit[2] ?? 1));
    }
    rest = rest.slice((bracket ?? unit ?? [''])[0].length);
    own = sign;
  }
}
