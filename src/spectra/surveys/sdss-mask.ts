/**
 * SPPIXMASK, the pixel mask of SDSS and BOSS spectra (data model, "bitmask SPPIXMASK"; sdssMaskbits.par). Bits below
 * 16 speak of a whole fibre (one or both halves of its spectrum), the others of the one pixel.
 */
export const SPPIXMASK = {
  /** Fibre not listed in the plug map: whatever was observed is not the object. */
  NOPLUG: 0,
  BADTRACE: 1,
  BADFLAT: 2,
  BADARC: 3,
  MANYBADCOLUMNS: 4,
  MANYREJECTED: 5,
  LARGESHIFT: 6,
  BADSKYFIBER: 7,
  NEARWHOPPER: 8,
  WHOPPER: 9,
  SMEARIMAGE: 10,
  SMEARHIGHSN: 11,
  SMEARMEDSN: 12,
  NEARBADPIXEL: 16,
  LOWFLAT: 17,
  /** Fully rejected in extraction. */
  FULLREJECT: 18,
  PARTIALREJECT: 19,
  /** Scattered light significant. */
  SCATTEREDLIGHT: 20,
  /** Light of neighbouring fibres significant. */
  CROSSTALK: 21,
  /** Sky level unknown at this wavelength. */
  NOSKY: 22,
  /** Sky above flux + 10 errors and above 1.25 × its neighbourhood: residuals dominate. */
  BRIGHTSKY: 23,
  NODATA: 24,
  /** Rejected when exposures were combined. */
  COMBINEREJ: 25,
  /** Low flux calibration or correction factor. */
  BADFLUXFACTOR: 26,
  /** Relative χ² above 3 in sky residuals at this wavelength. */
  BADSKYCHI: 27,
  /** A contiguous region of bad χ² in sky residuals. */
  REDMONSTER: 28,
} as const;

export type SdssMaskBit = keyof typeof SPPIXMASK;

/**
 * The bits that make a pixel "not observed", looked up in the AND mask: they must hold in every exposure that was
 * combined. The OR mask would throw away pixels that one exposure of many spoilt and the combination rejected
 * already: it flags about half of the pixels of a BOSS spectrum, whose residuals are as clean as the others'.
 *
 * Left out on purpose: bits of a whole fibre other than NOPLUG (the pipeline publishes those spectra, with larger
 * errors, and sets ivar 0 where nothing can be saved), NEARBADPIXEL, LOWFLAT and PARTIALREJECT (the errors account
 * for them), and NODATA (the data model says to look at ivar = 0 instead).
 */
export const BAD_SDSS_BITS: readonly SdssMaskBit[] = [
  'NOPLUG',
  'FULLREJECT',
  'SCATTEREDLIGHT',
  'CROSSTALK',
  'NOSKY',
  'BRIGHTSKY',
  'COMBINEREJ',
  'BADFLUXFACTOR',
  'BADSKYCHI',
  'REDMONSTER',
];

const BAD_SDSS_MASK = BAD_SDSS_BITS.reduce((mask, name) => mask | (1 << SPPIXMASK[name]), 0);

/** Sets ivar to 0, in place, where the AND mask (length P) has a bad bit. */
export function applySdssMask(ivar: Float64Array, andMask: Float64Array): void {
  for (let i = 0; i < ivar.length; i++) if ((andMask[i] & BAD_SDSS_MASK) !== 0) ivar[i] = 0;
}
