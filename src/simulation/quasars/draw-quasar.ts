import type { Random } from '../../base/index.ts';
import { LOG_EDDINGTON, type QuasarHidden } from './hidden.ts';

/** Redshifts at which 2500 Å, where spectra are normalised, lies well inside 3600–10300 Å. */
const REDSHIFTS: readonly [number, number] = [0.5, 2.95];

/**
 * Means and scatters of what is free once luminosity and mass are known: f_λ slope after Vanden Berk et al. (2001)
 * and Richards et al. (2003), reddening after Hopkins et al. (2004), line scatters after Shen et al. (2011).
 */
export const QUASAR_SCATTER = {
  slope: { mean: -1.62, sigma: 0.22 },
  /** Exponential distribution. */
  ebv: { mean: 0.018 },
  lines: { mean: 0, sigma: 0.11 },
  ionisation: { mean: 0, sigma: 0.07 },
  widths: { mean: 0, sigma: 0.06 },
  iron: { mean: 0, sigma: 0.14 },
  narrow: { mean: 0, sigma: 0.22 },
  balmer: { mean: 0, sigma: 0.12 },
  blueshift: { mean: 0, sigma: 250 },
} as const;

/** A normal distribution, dex, whose mean is `mean` at `pivot` and moves by `slope` per dex of what it follows. */
interface Relation {
  readonly mean: number;
  readonly pivot: number;
  readonly slope: number;
  readonly sigma: number;
}

/** Luminosity follows log (1 + z): a flux limit. */
export const LUMINOSITY_OF_REDSHIFT: Relation = { mean: 46.35, pivot: Math.log10(2), slope: 2.2, sigma: 0.38 };

/** The Eddington ratio spreads about 0.3 dex around 0.2 and rises with log L_bol (Shen et al. 2011, figure 14). */
export const EDDINGTON_OF_LUMINOSITY: Relation = { mean: -0.65, pivot: 46.5, slope: 0.15, sigma: 0.33 };

/** Draws a quasar of a survey with a flux limit: luminosity follows redshift, mass follows luminosity. */
export function drawQuasar(random: Random): QuasarHidden {
  const redshift = drawRedshift(random);
  const logLbol = clamp(drawRelated(LUMINOSITY_OF_REDSHIFT, Math.log10(1 + redshift), random), 45, 48.2);
  const eddington = clamp(drawRelated(EDDINGTON_OF_LUMINOSITY, logLbol, random), -1.9, 0.5);
  const free = (scatter: { mean: number; sigma: number }) => random.normal(scatter.mean, scatter.sigma);
  return {
    redshift,
    logLbol,
    logMbh: logLbol - eddington - LOG_EDDINGTON,
    slope: free(QUASAR_SCATTER.slope),
    ebv: Math.min(0.15, -QUASAR_SCATTER.ebv.mean * Math.log(1 - random.uniform())),
    lines: free(QUASAR_SCATTER.lines),
    ionisation: free(QUASAR_SCATTER.ionisation),
    widths: free(QUASAR_SCATTER.widths),
    iron: free(QUASAR_SCATTER.iron),
    narrow: free(QUASAR_SCATTER.narrow),
    balmer: free(QUASAR_SCATTER.balmer),
    blueshift: free(QUASAR_SCATTER.blueshift),
  };
}

function drawRelated({ mean, pivot, slope, sigma }: Relation, at: number, random: Random): number {
  return mean + slope * (at - pivot) + random.normal(0, sigma);
}

/** SDSS-I/II quasars around 1.5 and BOSS quasars, chosen for their Lyman α forests, around 2.3. */
function drawRedshift(random: Random): number {
  for (;;) {
    const redshift = random.uniform() < 0.6 ? random.normal(1.45, 0.5) : random.normal(2.35, 0.25);
    if (redshift >= REDSHIFTS[0] && redshift <= REDSHIFTS[1]) return redshift;
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
