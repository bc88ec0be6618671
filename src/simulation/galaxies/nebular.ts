/** The narrow emission lines of galaxies, by name; wavelengths in vacuum Å. */
export const NEBULAR_LINES = [
  { name: '[Ne V] 3427', wavelength: 3426.85 },
  { name: '[O II] 3727', wavelength: 3727.09 },
  { name: '[O II] 3730', wavelength: 3729.88 },
  { name: 'H10', wavelength: 3798.98 },
  { name: 'H9', wavelength: 3836.48 },
  { name: '[Ne III] 3870', wavelength: 3869.86 },
  { name: 'H8', wavelength: 3890.16 },
  { name: '[Ne III] 3968', wavelength: 3968.59 },
  { name: 'Hε', wavelength: 3971.2 },
  { name: 'Hδ', wavelength: 4102.9 },
  { name: 'Hγ', wavelength: 4341.69 },
  { name: '[O III] 4364', wavelength: 4364.44 },
  { name: 'He I 4473', wavelength: 4472.73 },
  { name: 'He II 4687', wavelength: 4687.02 },
  { name: 'Hβ', wavelength: 4862.69 },
  { name: '[O III] 4960', wavelength: 4960.3 },
  { name: '[O III] 5008', wavelength: 5008.24 },
  { name: 'He I 5877', wavelength: 5877.25 },
  { name: '[O I] 6302', wavelength: 6302.05 },
  { name: '[O I] 6366', wavelength: 6365.54 },
  { name: '[N II] 6550', wavelength: 6549.86 },
  { name: 'Hα', wavelength: 6564.61 },
  { name: '[N II] 6585', wavelength: 6585.27 },
  { name: 'He I 6680', wavelength: 6679.99 },
  { name: '[S II] 6718', wavelength: 6718.29 },
  { name: '[S II] 6733', wavelength: 6732.67 },
  { name: '[Ar III] 7138', wavelength: 7137.77 },
  { name: '[O II] 7322', wavelength: 7322.0 },
  { name: '[O II] 7332', wavelength: 7331.7 },
  { name: '[S III] 9071', wavelength: 9071.1 },
] as const;

export type LineName = (typeof NEBULAR_LINES)[number]['name'];

/** Fluxes by line; where it matters, relative to Hα and before dust. */
export type LineFluxes = Readonly<Record<LineName, number>>;

/** Ratios to Hα that set the rest, each in dex but for the Balmer decrement. */
interface Diagnostics {
  /** Hα/Hβ without dust. */
  readonly decrement: number;
  /** log [N II] 6585/Hα, log [O III] 5008/Hβ, log [S II]/Hα (both lines), log [O I] 6302/Hα, log [O II]/Hβ (both). */
  readonly n2: number;
  readonly o3: number;
  readonly s2: number;
  readonly o1: number;
  readonly o2: number;
  /** [O III] 4364/5008 and He II 4687/Hβ, [Ne V] 3427/[O III] 5008, linear. */
  readonly auroral: number;
  readonly heliumTwo: number;
  readonly neonFive: number;
}

/** Case B at 10⁴ K, low density: Osterbrock & Ferland (2006), table 4.4. Relative to Hβ. */
const CASE_B = { Hγ: 0.468, Hδ: 0.259, Hε: 0.159, H8: 0.105, H9: 0.0731, H10: 0.053 };

/** Fixed by atomic physics: 5008/4960, 6585/6550 (Storey & Zeippen 2000), 6302/6366. */
const O3_DOUBLET = 2.98;
const N2_DOUBLET = 3.05;
const O1_DOUBLET = 3.0;

function linesOf(d: Diagnostics): LineFluxes {
  const hBeta = 1 / d.decrement;
  const o3 = hBeta * 10 ** d.o3;
  const n2 = 10 ** d.n2;
  const s2 = 10 ** d.s2;
  const o1 = 10 ** d.o1;
  const o2 = hBeta * 10 ** d.o2;
  const neon = 0.085 * o3;
  return {
    '[Ne V] 3427': d.neonFive * o3,
    // Low-density doublet ratios.
    '[O II] 3727': 0.42 * o2,
    '[O II] 3730': 0.58 * o2,
    H10: CASE_B.H10 * hBeta,
    H9: CASE_B.H9 * hBeta,
    '[Ne III] 3870': neon,
    // Blended with He I 3890.
    H8: (CASE_B.H8 + 0.09) * hBeta,
    '[Ne III] 3968': 0.301 * neon,
    Hε: CASE_B.Hε * hBeta,
    Hδ: CASE_B.Hδ * hBeta,
    Hγ: CASE_B.Hγ * hBeta,
    '[O III] 4364': d.auroral * o3,
    'He I 4473': 0.04 * hBeta,
    'He II 4687': d.heliumTwo * hBeta,
    Hβ: hBeta,
    '[O III] 4960': o3 / O3_DOUBLET,
    '[O III] 5008': o3,
    'He I 5877': 0.115 * hBeta,
    '[O I] 6302': o1,
    '[O I] 6366': o1 / O1_DOUBLET,
    '[N II] 6550': n2 / N2_DOUBLET,
    Hα: 1,
    '[N II] 6585': n2,
    'He I 6680': 0.033 * hBeta,
    '[S II] 6718': 0.57 * s2,
    '[S II] 6733': 0.43 * s2,
    '[Ar III] 7138': 0.06 * o3 + 0.03 * hBeta,
    '[O II] 7322': 0.013 * o2,
    '[O II] 7332': 0.011 * o2,
    '[S III] 9071': 0.25 * hBeta * 10 ** (0.3 * d.o3),
  };
}

/**
 * Gas ionised by young stars. [N II]/Hα follows oxygen by the N2 calibration of Pettini & Pagel (2004, MNRAS 348,
 * L59, equation 1), saturating where nitrogen cools itself; [O III]/Hβ the star-forming sequence of Kewley et al.
 * (2013, ApJ 774, L10, equation 5).
 *
 * @param oxygen 12 + log(O/H) on the scale of that calibration, 7.8 to 8.9
 * @param ionisation dex by which the ionisation parameter departs from the sequence
 */
export function starFormingLines(oxygen: number, ionisation: number): LineFluxes {
  const linear = (oxygen - 8.9) / 0.57;
  // Softly below −0.38, where SDSS galaxies end (Kauffmann et al. 2003).
  const n2 = -0.38 - 0.25 * Math.log1p(Math.exp((-0.38 - linear) / 0.25)) - 0.15 * ionisation;
  const sequence = 1.1 + 0.61 / (n2 + 0.08);
  const o3 = sequence + 0.8 * ionisation;
  const poor = Math.max(0, 8.45 - oxygen);
  return linesOf({
    decrement: 2.86,
    n2,
    o3,
    s2: -0.42 - 0.4 * poor - 0.3 * ionisation,
    o1: -1.5 - 0.2 * poor - 0.4 * ionisation,
    o2: 0.52 - 2.2 * (oxygen - 8.35) ** 2 - 0.25 * ionisation,
    auroral: 0.014 * 10 ** (-0.9 * (oxygen - 8)),
    heliumTwo: 0.01,
    neonFive: 0,
  });
}

/**
 * Gas ionised by an active nucleus, between Seyfert (`hardness` 1) and LINER (0): centres of the two branches of
 * Kewley et al. (2006, MNRAS 372, 961), figures 4 and 5. Hα/Hβ is 3.1 (Osterbrock & Ferland 2006, chapter 11).
 *
 * @param nitrogen, ionisation dex of scatter in [N II]/Hα and [O III]/Hβ
 */
export function activeNucleusLines(hardness: number, nitrogen: number, ionisation: number): LineFluxes {
  const between = (liner: number, seyfert: number) => liner + hardness * (seyfert - liner);
  return linesOf({
    decrement: 3.1,
    n2: between(0.1, -0.02) + nitrogen,
    o3: between(0.28, 0.95) + ionisation,
    s2: between(0.02, -0.22) + 0.5 * nitrogen,
    o1: between(-0.6, -0.9),
    o2: between(0.65, 0.38) - 0.4 * ionisation,
    auroral: 0.014,
    heliumTwo: between(0.05, 0.22),
    neonFive: between(0, 0.08),
  });
}

/** The line between gas that stars can ionise and gas that they cannot: Kewley et al. (2001, ApJ 556, 121), equation 5. */
export function aboveKewley(n2: number, o3: number): boolean {
  return n2 >= 0.47 || o3 > 0.61 / (n2 - 0.47) + 1.19;
}

/** The upper edge of pure star formation in SDSS: Kauffmann et al. (2003, MNRAS 346, 1055), equation 1. */
export function aboveKauffmann(n2: number, o3: number): boolean {
  return n2 >= 0.05 || o3 > 0.61 / (n2 - 0.05) + 1.3;
}
