/*
 * Lines worth a name in a figure: rest-frame vacuum ångström as in the SDSS table of spectral lines (Stoughton et al.
 * 2002, AJ 123, 485, section 4.10; classic.sdss.org/dr7/algorithms/linestable.html), the resonance doublets and
 * Si IV + O IV] at the blends' wavelengths of Vanden Berk et al. (2001, AJ 122, 549, Table 2).
 */

export interface SpectralLine {
  readonly name: string;
  /** Rest-frame vacuum ångström. */
  readonly wavelength: number;
  readonly species: LineSpecies;
  /** How much the line matters to a reader; where two names would overlap the weightier one stands. */
  readonly weight: number;
  /** What tables call the line, if it is one that `lines/` measures: the names of DESI's FastSpecFit. */
  readonly key?: LineKey;
}

/** What the line is in most spectra: emission by ionised gas, or absorption by the atmospheres of stars. */
export type LineSpecies = 'emission' | 'absorption';

export type LineKey =
  | 'CIV_1549'
  | 'CIII_1908'
  | 'MGII_2799'
  | 'OII_3727'
  | 'HDELTA'
  | 'HGAMMA'
  | 'HBETA'
  | 'OIII_4959'
  | 'OIII_5007'
  | 'HEI_5876'
  | 'OI_6300'
  | 'NII_6548'
  | 'HALPHA'
  | 'NII_6584'
  | 'SII_6716'
  | 'SII_6731';

export const SPECTRAL_LINES: readonly SpectralLine[] = [
  { name: 'Lyα', species: 'emission', wavelength: 1215.67, weight: 10 },
  { name: 'N V', species: 'emission', wavelength: 1240.14, weight: 6 },
  { name: 'Si IV', species: 'emission', wavelength: 1396.76, weight: 6 },
  { name: 'C IV', species: 'emission', wavelength: 1549.06, weight: 10, key: 'CIV_1549' },
  { name: 'He II', species: 'emission', wavelength: 1640.42, weight: 4 },
  { name: 'C III]', species: 'emission', wavelength: 1908.73, weight: 9, key: 'CIII_1908' },
  { name: 'Mg II', species: 'emission', wavelength: 2798.75, weight: 10, key: 'MGII_2799' },
  { name: '[Ne V]', species: 'emission', wavelength: 3426.84, weight: 3 },
  { name: '[O II]', species: 'emission', wavelength: 3728.48, weight: 8, key: 'OII_3727' },
  { name: '[Ne III]', species: 'emission', wavelength: 3869.85, weight: 3 },
  { name: 'Ca K', species: 'absorption', wavelength: 3934.78, weight: 6 },
  { name: 'Ca H', species: 'absorption', wavelength: 3969.59, weight: 5 },
  { name: 'Hδ', species: 'emission', wavelength: 4102.89, weight: 5, key: 'HDELTA' },
  { name: 'G band', species: 'absorption', wavelength: 4305.61, weight: 3 },
  { name: 'Hγ', species: 'emission', wavelength: 4341.68, weight: 6, key: 'HGAMMA' },
  { name: 'Hβ', species: 'emission', wavelength: 4862.68, weight: 9, key: 'HBETA' },
  { name: '[O III]', species: 'emission', wavelength: 4960.3, weight: 4, key: 'OIII_4959' },
  { name: '[O III]', species: 'emission', wavelength: 5008.24, weight: 9, key: 'OIII_5007' },
  { name: 'Mg b', species: 'absorption', wavelength: 5176.63, weight: 5 },
  { name: 'He I', species: 'emission', wavelength: 5877.29, weight: 2, key: 'HEI_5876' },
  { name: 'Na D', species: 'absorption', wavelength: 5895.6, weight: 5 },
  { name: '[O I]', species: 'emission', wavelength: 6302.05, weight: 3, key: 'OI_6300' },
  { name: '[N II]', species: 'emission', wavelength: 6549.85, weight: 4, key: 'NII_6548' },
  { name: 'Hα', species: 'emission', wavelength: 6564.61, weight: 10, key: 'HALPHA' },
  { name: '[N II]', species: 'emission', wavelength: 6585.28, weight: 7, key: 'NII_6584' },
  { name: '[S II]', species: 'emission', wavelength: 6718.29, weight: 6, key: 'SII_6716' },
  { name: '[S II]', species: 'emission', wavelength: 6732.67, weight: 5, key: 'SII_6731' },
  { name: 'Ca II', species: 'absorption', wavelength: 8544.44, weight: 4 },
];

/** The lines within the reach of a grid (rest-frame vacuum ångström, increasing). */
export function linesOn(wavelength: Float64Array): readonly SpectralLine[] {
  const [low, high] = [wavelength[0], wavelength[wavelength.length - 1]];
  return SPECTRAL_LINES.filter((line) => line.wavelength >= low && line.wavelength <= high);
}

/** Rest-frame vacuum ångström of a line that is measured. */
export function wavelengthOf(key: LineKey): number {
  const line = SPECTRAL_LINES.find((candidate) => candidate.key === key);
  if (line === undefined) throw new RangeError(`no spectral line has the key ${key}`);
  return line.wavelength;
}
