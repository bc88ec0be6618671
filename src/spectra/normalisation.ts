import { UserError } from '../base/index.ts';

/**
 * What a spectrum is divided by, so that spectra of bright and faint objects can be compared:
 * - `flux`: its mean flux density over the observed part of the grid, that is its total flux there (Portillo et al.
 *   2020) per observed Å, so that typical values are near 1 whatever the grid;
 * - `median`: its median flux density between two rest wavelengths in Å;
 * - `at`: its flux density at a rest wavelength in Å: the ivar-weighted mean within 1% of it (2475 to 2525 Å for
 *   2500 Å), a window wide enough to average the noise and narrow against any continuum;
 * - `none`: 1.
 */
export type Normalisation =
  | { readonly kind: 'flux' }
  | { readonly kind: 'median'; readonly low: number; readonly high: number }
  | { readonly kind: 'at'; readonly wavelength: number }
  | { readonly kind: 'none' };

/** Half the width of the window of `at`, as a fraction of the wavelength. */
export const AT_WINDOW = 0.01;

/**
 * The normalisation that a user writes as `flux`, `median@LO:HI`, `at@W` or `none` (Å, rest frame).
 *
 * @throws UserError naming the text and the forms expected
 */
export function parseNormalisation(text: string): Normalisation {
  if (text === 'flux' || text === 'none') return { kind: text };
  const [kind, place, ...rest] = text.split('@');
  const numbers = (place ?? '').split(':').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const usable = rest.length === 0 && numbers.every((value) => Number.isFinite(value) && value > 0);
  if (kind === 'at' && usable && numbers.length === 1) return { kind, wavelength: numbers[0] };
  if (kind === 'median' && usable && numbers.length === 2 && numbers[0] < numbers[1]) {
    return { kind, low: numbers[0], high: numbers[1] };
  }
  throw new UserError(
    `normalisation "${text}" is not flux, median@LO:HI, at@W or none, with rest wavelengths in ångström such as median@4000:4500 or at@2500`,
  );
}

/** The text that `parseNormalisation` reads back, as manifests keep it. */
export function formatNormalisation(how: Normalisation): string {
  if (how.kind === 'median') return `median@${how.low}:${how.high}`;
  if (how.kind === 'at') return `at@${how.wavelength}`;
  return how.kind;
}

/** Rest wavelengths in Å between which a normalisation looks; null when it looks at the whole grid. */
export function normalisationWindow(how: Normalisation): { low: number; high: number } | null {
  if (how.kind === 'median') return { low: how.low, high: how.high };
  if (how.kind === 'at') {
    return { low: how.wavelength * (1 - AT_WINDOW), high: how.wavelength * (1 + AT_WINDOW) };
  }
  return null;
}
