/**
 * The simulator works where SDSS spectra live: on pixels of 10⁻⁴ in log₁₀ λ (vacuum Å), numbered so that pixel p is
 * centred on 10^(p·10⁻⁴) Å. In this coordinate a redshift is a shift, s = 10⁴ log₁₀(1 + z) pixels, and a velocity
 * width is a number of pixels, the same at every wavelength.
 */
export const LOG_STEP = 1e-4;

/** km/s */
export const SPEED_OF_LIGHT = 299792.458;

/** ln λ across one pixel. */
export const LN_STEP = Math.LN10 * LOG_STEP;

/** The velocity width of a pixel, 69.03 km/s. */
export const KMS_PER_PIXEL = SPEED_OF_LIGHT * LN_STEP;

/** Full width at half maximum of a Gaussian in units of σ. */
export const FWHM_PER_SIGMA = 2 * Math.sqrt(2 * Math.LN2);

/** Vacuum Å at the centre of pixel p; fractional p is allowed. */
export function wavelengthAt(pixel: number): number {
  return 10 ** (pixel * LOG_STEP);
}

/** Pixel coordinate, fractional, of a wavelength in vacuum Å. */
export function pixelAt(wavelength: number): number {
  return Math.log10(wavelength) / LOG_STEP;
}

/** How many pixels a redshift moves a spectrum to the red. */
export function shiftOfRedshift(redshift: number): number {
  return Math.log10(1 + redshift) / LOG_STEP;
}

/** A run of pixels: numbers `first` … `first + count − 1`. */
export interface PixelRange {
  readonly first: number;
  readonly count: number;
}

/** The pixels from `low` to `high` Å, both inside. */
export function pixelsBetween(low: number, high: number): PixelRange {
  const first = Math.ceil(pixelAt(low) - 1e-9);
  return { first, count: Math.floor(pixelAt(high) + 1e-9) - first + 1 };
}

/** Wavelengths, in Å, of a run of pixels. */
export function wavelengthsOf({ first, count }: PixelRange): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => wavelengthAt(first + i));
}
