/*
 * Lines worth a name in a figure: rest-frame vacuum ångström as in the SDSS table of spectral lines (Stoughton et al.
 * 2002, AJ 123, 485, section 4.10; classic.sdss.org/dr7/algorithms/linestable.html), the resonance doublets and
 * Si IV + O IV] at the blends' wavelengths of Vanden Berk et al. (2001, AJ 122, 549, Table 2).
 */

export interface SpectralLine {
  readonly name: string;
  /** Rest-frame vacuum ångström. */
  readonly wavelength: number;
  /** How much the line matters to a reader; where two names would overlap the weightier one stands. */
  readonly weight: number;
  /** What tables call the line, if it is one that `lines/` measures: the names of DESI's FastSpecFit. */
  readonly key?: LineKey;
}

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
  { name: 'Lyα', wavelength: 1215.67, weight: 10 },
  { name: 'N V', wavelength: 1240.14, weight: 6 },
  { name: 'Si IV', wavelength: 1396.76, weight: 6 },
  { name: 'C IV', wavelength: 1549.06, weight: 10, key: 'CIV_1549' },
  { name: 'He II', wavelength: 1640.42, weight: 4 },
  { name: 'C III]', wavelength: 1908.73, weight: 9, key: 'CIII_1908' },
  { name: 'Mg II', wavelength: 2798.75, weight: 10, key: 'MGII_2799' },
  { name: '[Ne V]', wavelength: 3426.84, weight: 3 },
  { name: '[O II]', wavelength: 3728.48, weight: 8, key: 'OII_3727' },
  { name: '[Ne III]', wavelength: 3869.85, weight: 3 },
  { name: 'Ca K', wavelength: 3934.78, weight: 6 },
  { name: 'Ca H', wavelength: 3969.59, weight: 5 },
  { name: 'Hδ', wavelength: 4102.89, weight: 5, key: 'HDELTA' },
  { name: 'G band', wavelength: 4305.61, weight: 3 },
  { name: 'Hγ', wavelength: 4341.68, weight: 6, key: 'HGAMMA' },
  { name: 'Hβ', wavelength: 4862.68, weight: 9, key: 'HBETA' },
  { name: '[O III]', wavelength: 4960.3, weight: 4, key: 'OIII_4959' },
  { name: '[O III]', wavelength: 5008.24, weight: 9, key: 'OIII_5007' },
  { name: 'Mg b', wavelength: 5176.63, weight: 5 },
  { name: 'He I', wavelength: 5877.29, weight: 2, key: 'HEI_5876' },
  { name: 'Na D', wavelength: 5895.6, weight: 5 },
  { name: '[O I]', wavelength: 6302.05, weight: 3, key: 'OI_6300' },
  { name: '[N II]', wavelength: 6549.85, weight: 4, key: 'NII_6548' },
  { name: 'Hα', wavelength: 6564.61, weight: 10, key: 'HALPHA' },
  { name: '[N II]', wavelength: 6585.28, weight: 7, key: 'NII_6584' },
  { name: '[S II]', wavelength: 6718.29, weight: 6, key: 'SII_6716' },
  { name: '[S II]', wavelength: 6732.67, weight: 5, key: 'SII_6731' },
  { name: 'Ca II', wavelength: 8544.44, weight: 4 },
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
