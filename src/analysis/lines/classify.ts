import type { LineColumns, LineMeasurements } from './measure-lines.ts';
import { LINE_FLAGS, type LineName } from './measured-line.ts';
import { FWHM_PER_SIGMA } from './profile.ts';

/** The four classes of Portillo et al. (2020), section 3. */
export type GalaxyClass = 'quiescent' | 'emission-line' | 'narrow-line AGN' | 'broad-line AGN';

/** Balmer lines weaker than this many σ do not count. */
const DETECTION = 3;

/**
 * A broad Balmer line makes a broad-line AGN when it stands at 5σ, is wider than narrow lines get (FWHM, km/s), and
 * carries enough of the continuum (Å) and of the narrow line not to be the wings of the latter: bright Seyfert 2 galaxies have some.
 */
const BROAD = { detection: 5, fwhm: 1000, width: 5, ofNarrow: 0.5 };

/** Hα/Hβ of galaxies, and its scatter: what is known of Hβ before it is measured (Brinchmann et al. 2004, figure 6). */
const DECREMENT = { mean: 3.9, relativeScatter: 0.35 };

/** Kewley et al. (2001, ApJ 556, 121), equation 5: above this line stars alone cannot ionise the gas so. */
export function kewley2001(logN2: number): number {
  return logN2 < 0.47 ? 0.61 / (logN2 - 0.47) + 1.19 : Number.NEGATIVE_INFINITY;
}

/** Kauffmann et al. (2003, MNRAS 346, 1055), equation 1: below this line galaxies form stars and nothing else shows. */
export function kauffmann2003(logN2: number): number {
  return logN2 < 0.05 ? 0.61 / (logN2 - 0.05) + 1.3 : Number.NEGATIVE_INFINITY;
}

/**
 * The class of each galaxy from its lines, in the order of the measurements; null where Hα (for quiescent galaxies) or
 * one of the four lines of the diagnostic is not observed. What is measured may be any object: stars come out
 * quiescent, quasars broad-line.
 */
export function classifyByLines(measured: LineMeasurements): (GalaxyClass | null)[] {
  return Array.from(measured.id, (_, i) => classOf(measured, i));
}

function classOf({ lines }: LineMeasurements, i: number): GalaxyClass | null {
  const at = (name: LineName): One | null => one(lines.get(name), i);
  if (isBroad(at('HALPHA_BROAD'), at('HALPHA')) || isBroad(at('HBETA_BROAD'), at('HBETA'))) return 'broad-line AGN';
  const [hAlpha, n2, hBeta, o3] = [at('HALPHA'), at('NII_6584'), at('HBETA'), at('OIII_5007')];
  if (hAlpha === null) return null;
  if (!(hAlpha.flux >= DETECTION * hAlpha.error)) return 'quiescent';
  if (n2 === null || hBeta === null || o3 === null) return null;
  // Lines that are not there point away from active nuclei.
  if (!(n2.flux > 0 && o3.flux > 0)) return 'emission-line';
  const ratio = Math.log10(o3.flux / expectedHBeta(hBeta, hAlpha.flux));
  return ratio > kewley2001(Math.log10(n2.flux / hAlpha.flux)) ? 'narrow-line AGN' : 'emission-line';
}

/** Hβ with what Hα says of it: a noisy Hβ near zero must not throw a galaxy across the diagram. */
function expectedHBeta(hBeta: One, hAlpha: number): number {
  const expected = hAlpha / DECREMENT.mean;
  const [own, prior] = [1 / hBeta.error ** 2, 1 / (expected * DECREMENT.relativeScatter) ** 2];
  return Math.max((hBeta.flux * own + expected * prior) / (own + prior), 0.1 * expected);
}

interface One {
  readonly flux: number;
  readonly error: number;
  readonly width: number;
  readonly sigma: number;
}

function one(columns: LineColumns | undefined, i: number): One | null {
  if (columns === undefined || (columns.flags[i] & LINE_FLAGS.unobserved) !== 0) return null;
  const [flux, error, width, sigma] = [columns.flux[i], columns.fluxError[i], columns.width[i], columns.sigma[i]];
  return flux - flux === 0 && error > 0 ? { flux, error, width, sigma } : null;
}

function isBroad(line: One | null, narrow: One | null): boolean {
  return (
    line !== null &&
    line.flux > BROAD.detection * line.error &&
    line.sigma * FWHM_PER_SIGMA > BROAD.fwhm &&
    !(line.width < BROAD.width) &&
    line.flux > BROAD.ofNarrow * (narrow?.flux ?? 0)
  );
}
