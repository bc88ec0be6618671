import { BROAD_PROFILE } from '../emission.ts';
import { FWHM_PER_SIGMA } from '../log-wavelength.ts';
import { logEddington, type QuasarHidden } from './hidden.ts';

/** A Gaussian in velocity on a continuum: equivalent width in rest Å over the power law at its wavelength. */
export interface GaussianLine {
  /** Vacuum Å. */
  readonly wavelength: number;
  /** km/s, negative to the blue. */
  readonly velocity: number;
  /** σ, km/s. */
  readonly sigma: number;
  readonly width: number;
}

/** L_bol over λL_λ at 1350, 3000 and 5100 Å: Richards et al. (2006, ApJS 166, 470), as Shen et al. (2011) use them. */
const BOLOMETRIC = { 1350: 3.81, 3000: 5.15, 5100: 9.26 } as const;

function logLuminosity(hidden: QuasarHidden, at: keyof typeof BOLOMETRIC): number {
  return hidden.logLbol - Math.log10(BOLOMETRIC[at]);
}

/**
 * FWHM (km/s) of the broad lines from mass and luminosity, the virial relations turned round:
 * Hβ and C IV from Vestergaard & Peterson (2006, ApJ 641, 689), equations 5 and 7,
 *   log M = 6.91 + 2 log(FWHM/1000) + 0.50 log(λL_5100/10⁴⁴),  6.66 and 0.53 at 1350 Å;
 * Mg II from Vestergaard & Osmer (2009, ApJ 699, 800), equation 1, 6.86 and 0.50 at 3000 Å.
 */
export function broadLineWidths(hidden: QuasarHidden): { hBeta: number; mgII: number; cIV: number } {
  const virial = (zero: number, power: number, at: keyof typeof BOLOMETRIC) =>
    10 ** (3 + 0.5 * (hidden.logMbh - zero - power * (logLuminosity(hidden, at) - 44)) + hidden.widths);
  return { hBeta: virial(6.91, 0.5, 5100), mgII: virial(6.86, 0.5, 3000), cIV: virial(6.66, 0.53, 1350) };
}

/** Luminosity and Eddington ratio at which the mean equivalent widths below are meant. */
const PIVOT_LUMINOSITY = 46.5;
const PIVOT_EDDINGTON = -0.6;

type Family = 'high' | 'low' | 'balmer';

interface BroadLine {
  readonly wavelength: number;
  /** Equivalent width at the pivot, Å: Vanden Berk et al. (2001), table 2. */
  readonly width: number;
  /** Baldwin effect, d log W/d log L: Dietrich et al. (2002, ApJ 581, 912), table 5. */
  readonly baldwin: number;
  readonly family: Family;
}

/** Equivalent width of Hβ at the pivot, Å. */
const HBETA_WIDTH = 62;

const BROAD_LINES: readonly BroadLine[] = [
  { wavelength: 1215.67, width: 75, baldwin: -0.14, family: 'high' },
  { wavelength: 1240.14, width: 20, baldwin: -0.05, family: 'high' },
  { wavelength: 1262.6, width: 3.5, baldwin: -0.1, family: 'low' },
  { wavelength: 1305.4, width: 3.2, baldwin: -0.08, family: 'low' },
  { wavelength: 1335.3, width: 1.3, baldwin: -0.05, family: 'low' },
  { wavelength: 1398.3, width: 9, baldwin: -0.1, family: 'high' },
  { wavelength: 1549.06, width: 37, baldwin: -0.18, family: 'high' },
  { wavelength: 1640.42, width: 8, baldwin: -0.22, family: 'high' },
  { wavelength: 1665.85, width: 4, baldwin: -0.12, family: 'high' },
  { wavelength: 1750.3, width: 2.2, baldwin: -0.05, family: 'high' },
  { wavelength: 1857.4, width: 2.2, baldwin: -0.05, family: 'low' },
  { wavelength: 1892.03, width: 3.5, baldwin: -0.08, family: 'low' },
  { wavelength: 1908.73, width: 17, baldwin: -0.1, family: 'low' },
  { wavelength: 2325.4, width: 1.2, baldwin: -0.05, family: 'low' },
  { wavelength: 2798.75, width: 36, baldwin: -0.12, family: 'low' },
  { wavelength: 3890.2, width: 0.8, baldwin: 0, family: 'balmer' },
  { wavelength: 3971.2, width: 1.5, baldwin: 0, family: 'balmer' },
  { wavelength: 4102.9, width: 6, baldwin: 0, family: 'balmer' },
  { wavelength: 4341.69, width: 16, baldwin: 0, family: 'balmer' },
  { wavelength: 4687.02, width: 3, baldwin: -0.1, family: 'balmer' },
  { wavelength: 4862.69, width: HBETA_WIDTH, baldwin: 0, family: 'balmer' },
];

interface NarrowLine {
  readonly wavelength: number;
  readonly width: number;
}

/** Narrow lines, equivalent widths at the pivot (Vanden Berk et al. 2001, table 2). */
const NARROW_LINES: readonly NarrowLine[] = [
  { wavelength: 3346.8, width: 0.35 },
  { wavelength: 3426.85, width: 1.0 },
  { wavelength: 3728.5, width: 1.6 },
  { wavelength: 3869.86, width: 1.4 },
  { wavelength: 3968.6, width: 0.5 },
  { wavelength: 4364.44, width: 0.5 },
  { wavelength: 4960.3, width: 4.4 },
  { wavelength: 5008.24, width: 13.2 },
];

/** σ of narrow lines, km/s, spectrograph included. */
const NARROW_SIGMA = 250;

/** Every emission line of a quasar but iron. */
export function emissionLines(hidden: QuasarHidden): GaussianLine[] {
  const widths = broadLineWidths(hidden);
  const brighter = hidden.logLbol - PIVOT_LUMINOSITY;
  const faster = logEddington(hidden) - PIVOT_EDDINGTON;
  const broad = BROAD_LINES.flatMap((line) => {
    // High-ionisation lines weaken as the Eddington ratio rises (Richards et al. 2011; Shen & Ho 2014).
    const favour = line.family === 'high' ? hidden.ionisation - 0.18 * faster : lowIonisation(hidden);
    const width = line.width * 10 ** (line.baldwin * brighter + hidden.lines + favour);
    if (line.family === 'high') return windLine(line.wavelength, width, widths.cIV, outflow(hidden));
    const fwhm = line.family === 'balmer' ? widths.hBeta : widths.mgII;
    return symmetricLine(line.wavelength, width, fwhm);
  });
  // Eigenvector 1 (Boroson & Green 1992): [O III] fades as the Eddington ratio rises; it also fades with luminosity.
  const narrowScale = 10 ** (-0.5 * faster - 0.22 * brighter + hidden.narrow);
  const narrow = NARROW_LINES.map(
    ({ wavelength, width }): GaussianLine => ({
      wavelength,
      velocity: 0,
      sigma: NARROW_SIGMA,
      width: width * narrowScale,
    }),
  );
  return [...broad, ...narrow];
}

function lowIonisation(hidden: QuasarHidden): number {
  return -0.5 * hidden.ionisation;
}

/** Equivalent width of broad Hβ, Å. */
export function hBetaWidth(hidden: QuasarHidden): number {
  return HBETA_WIDTH * 10 ** (hidden.lines + lowIonisation(hidden));
}

function symmetricLine(wavelength: number, width: number, fwhm: number): GaussianLine[] {
  return BROAD_PROFILE.map(({ share, sigma }) => ({
    wavelength,
    velocity: 0,
    sigma: sigma * fwhm,
    width: share * width,
  }));
}

/**
 * Blueshift of the wind, km/s, growing with the Eddington ratio: 600 at the pivot, 1100 per dex
 * (Richards et al. 2011, AJ 141, 167; Coatman et al. 2016, MNRAS 461, 647); never less than 0, smoothly.
 */
function outflow(hidden: QuasarHidden): number {
  const mean = 600 + 1100 * (logEddington(hidden) - PIVOT_EDDINGTON) + hidden.blueshift;
  return 200 * Math.log1p(Math.exp(mean / 200));
}

/** A line with a virial half near rest and a broader, blueshifted half from the wind. */
function windLine(wavelength: number, width: number, fwhm: number, blueshift: number): GaussianLine[] {
  const sigma = fwhm / FWHM_PER_SIGMA;
  return [
    { wavelength, velocity: -0.3 * blueshift, sigma: 0.85 * sigma, width: 0.55 * width },
    { wavelength, velocity: -1.7 * blueshift, sigma: Math.hypot(1.9 * sigma, 0.6 * blueshift), width: 0.45 * width },
  ];
}

/** Equivalent widths of iron: ultraviolet (2200–3090 Å) in Å, and optical (4434–4684 Å) as a share of Hβ. */
export function ironStrength(hidden: QuasarHidden): { ultraviolet: number; opticalToHBeta: number } {
  const faster = logEddington(hidden) - PIVOT_EDDINGTON;
  return {
    // Sameshima et al. (2017, ApJ 834, 203): Fe II over Mg II rises with the Eddington ratio.
    ultraviolet: 95 * 10 ** (0.25 * faster + 0.7 * hidden.iron + 0.5 * hidden.lines),
    // Shen & Ho (2014, Nature 513, 210): R_Fe is the measure of the Eddington ratio.
    opticalToHBeta: 0.42 * 10 ** (0.45 * faster + hidden.iron),
  };
}
