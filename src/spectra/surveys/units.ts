/** How stored numbers become Å: `factor` × value, or 10^value first. */
export interface WavelengthScale {
  readonly factor: number;
  readonly isLog10: boolean;
  /** The file gave no unit, so Å was assumed. */
  readonly assumed: boolean;
}

/** Å in one of each, by the unit's name in lower case. */
const ANGSTROMS: Readonly<Record<string, number>> = {
  angstrom: 1,
  angstroms: 1,
  ångström: 1,
  ångstrom: 1,
  aa: 1,
  a: 1,
  å: 1,
  nm: 10,
  nanometer: 10,
  nanometre: 10,
  um: 1e4,
  µm: 1e4,
  μm: 1e4,
  micron: 1e4,
  microns: 1e4,
  micrometer: 1e4,
  micrometre: 1e4,
  mm: 1e7,
  cm: 1e8,
  m: 1e10,
};

/**
 * The scale of a wavelength column from its name and unit (`nm`, `Angstrom (vac)`, `log10(Angstrom)`); Å when no unit
 * is given, null when the unit is not a wavelength's.
 */
export function wavelengthScale(name: string, unit: string | null): WavelengthScale | null {
  const text = (unit ?? '').toLowerCase().replace(/vacuum|vac|air/g, '');
  const isLog10 = /log/i.test(name) || /log|dex/.test(text);
  const word = text.replace(/log(10)?|dex|lambda|wavelength|[\s()[\],;:_-]/g, '');
  if (word === '') return { factor: 1, isLog10, assumed: true };
  const factor = Object.hasOwn(ANGSTROMS, word) ? ANGSTROMS[word] : undefined;
  return factor === undefined ? null : { factor, isLog10, assumed: false };
}

/** Å, in place. */
export function toAngstrom(values: Float64Array, { factor, isLog10 }: WavelengthScale): Float64Array {
  for (let i = 0; i < values.length; i++) {
    values[i] = factor * (isLog10 ? Math.exp(values[i] * Math.LN10) : values[i]);
  }
  return values;
}

/** Without a unit, wavelengths that all lie below this would be far ultraviolet as Å: more likely they are nm or µm. */
const SHORTEST_PLAUSIBLE_RED_END = 900;

/** The largest of wavelengths whose unit was assumed, where it is too short for Å; null where Å is plausible. */
export function implausibleRedEnd(wavelength: Float64Array): number | null {
  let largest = 0;
  for (const value of wavelength) if (value > largest && value < Infinity) largest = value;
  return largest >= SHORTEST_PLAUSIBLE_RED_END || largest === 0 ? null : largest;
}

/** Whether a flux unit is per unit frequency (Jy, erg/s/cm²/Hz), which is no flux per Å. */
export function isPerFrequency(unit: string): boolean {
  return /jy|jansky|hz|maggy/i.test(unit);
}
