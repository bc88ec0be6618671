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
}

export const SPECTRAL_LINES: readonly SpectralLine[] = [
  { name: 'Lyα', wavelength: 1215.67, weight: 10 },
  { name: 'N V', wavelength: 1240.14, weight: 6 },
  { name: 'Si IV', wavelength: 1396.76, weight: 6 },
  { name: 'C IV', wavelength: 1549.06, weight: 10 },
  { name: 'He II', wavelength: 1640.42, weight: 4 },
  { name: 'C III]', wavelength: 1908.73, weight: 9 },
  { name: 'Mg II', wavelength: 2798.75, weight: 10 },
  { name: '[Ne V]', wavelength: 3426.84, weight: 3 },
  { name: '[O II]', wavelength: 3728.48, weight: 8 },
  { name: '[Ne III]', wavelength: 3869.85, weight: 3 },
  { name: 'Ca K', wavelength: 3934.78, weight: 6 },
  { name: 'Ca H', wavelength: 3969.59, weight: 5 },
  { name: 'Hδ', wavelength: 4102.89, weight: 5 },
  { name: 'G band', wavelength: 4305.61, weight: 3 },
  { name: 'Hγ', wavelength: 4341.68, weight: 6 },
  { name: 'Hβ', wavelength: 4862.68, weight: 9 },
  { name: '[O III]', wavelength: 4960.3, weight: 4 },
  { name: '[O III]', wavelength: 5008.24, weight: 9 },
  { name: 'Mg b', wavelength: 5176.63, weight: 5 },
  { name: 'He I', wavelength: 5877.29, weight: 2 },
  { name: 'Na D', wavelength: 5895.6, weight: 5 },
  { name: '[O I]', wavelength: 6302.05, weight: 3 },
  { name: '[N II]', wavelength: 6549.85, weight: 4 },
  { name: 'Hα', wavelength: 6564.61, weight: 10 },
  { name: '[N II]', wavelength: 6585.28, weight: 7 },
  { name: '[S II]', wavelength: 6718.29, weight: 6 },
  { name: '[S II]', wavelength: 6732.67, weight: 5 },
  { name: 'Ca II', wavelength: 8544.44, weight: 4 },
];

/** The lines within the reach of a grid (rest-frame vacuum ångström, increasing). */
export function linesOn(wavelength: Float64Array): readonly SpectralLine[] {
  const [low, high] = [wavelength[0], wavelength[wavelength.length - 1]];
  return SPECTRAL_LINES.filter((line) => line.wavelength >= low && line.wavelength <= high);
}
