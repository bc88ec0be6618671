import { UserError } from '../base/index.ts';

/**
 * `pixels` wavelengths in Å from `low` to `high` (both are pixel centres), evenly spaced in log λ,
 * so that every pixel spans the same velocity.
 *
 * @throws UserError unless 0 < low < high and pixels is a whole number of at least 2
 */
export function logGrid(low: number, high: number, pixels: number): Float64Array {
  if (!(Number.isFinite(low) && Number.isFinite(high) && low > 0 && high > low)) {
    throw new UserError(`a wavelength grid needs 0 < low < high in Å, not ${low} to ${high}`);
  }
  if (!Number.isInteger(pixels) || pixels < 2 || pixels > MAXIMUM_PIXELS) {
    throw new UserError(`a wavelength grid needs a whole number of pixels from 2 to ${MAXIMUM_PIXELS}, not ${pixels}`);
  }
  const wavelength = new Float64Array(pixels);
  const step = Math.log(high / low) / (pixels - 1);
  for (let i = 0; i < pixels; i++) wavelength[i] = low * Math.exp(step * i);
  wavelength[pixels - 1] = high;
  return wavelength;
}

/** Far above any spectrograph; refuses a slip of the keyboard before it fills the memory. */
const MAXIMUM_PIXELS = 1_000_000;

/**
 * The grid that a user writes as `LO:HI:N`: N log-spaced pixels from LO to HI ångström.
 *
 * @throws UserError naming the text and the form expected
 */
export function parseGrid(text: string): Float64Array {
  const parts = text.split(':').map((part) => part.trim());
  const numbers = parts.map((part) => (part === '' ? Number.NaN : Number(part)));
  if (parts.length !== 3 || !numbers.every(Number.isFinite)) {
    throw new UserError(`grid "${text}" is not LO:HI:N in ångström, such as 3388:8318:1000`);
  }
  try {
    return logGrid(numbers[0], numbers[1], numbers[2]);
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`grid "${text}": ${error.message}`);
    throw error;
  }
}
