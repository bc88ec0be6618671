import { airToVacuum } from '../../spectra/index.ts';

/**
 * Emission of Fe II (and Fe III) of broad-line regions as sums of Gaussians in ln λ: what is left of the templates of
 * I Zwicky 1 when only the lines and blends that stand out at 2000 km/s are kept. Every group is broadened by the
 * width of the broad lines.
 */
export interface IronGroup {
  /** Vacuum Å. */
  readonly wavelength: number;
  /** σ that the blend has of itself, km/s; 0 for single lines. */
  readonly spread: number;
  /** Flux in units of the whole template's reference flux. */
  readonly flux: number;
}

/** Air wavelength and relative strength of optical lines: Véron-Cetty, Joly & Véron (2004, A&A 417, 515), table A.1. */
const OPTICAL_LINES: readonly number[] = [
  4128.7, 0.2, 4173.5, 0.3, 4178.9, 0.4, 4233.2, 0.6, 4258.2, 0.15, 4273.3, 0.25, 4296.6, 0.35, 4303.2, 0.4, 4351.8,
  0.7, 4369.4, 0.2, 4385.4, 0.45, 4416.8, 0.4, 4472.9, 0.2, 4489.2, 0.5, 4491.4, 0.4, 4508.3, 0.55, 4515.3, 0.6, 4520.2,
  0.55, 4522.6, 0.75, 4549.5, 1.0, 4555.9, 0.65, 4576.3, 0.35, 4583.8, 1.1, 4620.5, 0.25, 4629.3, 0.75, 4666.8, 0.3,
  4731.4, 0.2, 4923.9, 0.8, 4993.4, 0.1, 5018.4, 1.0, 5132.7, 0.15, 5154.4, 0.2, 5169.0, 1.15, 5197.6, 0.75, 5234.6,
  0.8, 5254.9, 0.2, 5264.8, 0.45, 5276.0, 0.85, 5284.1, 0.45, 5316.7, 1.15, 5325.6, 0.3, 5337.7, 0.25, 5362.9, 0.6,
  5414.1, 0.2, 5425.3, 0.35, 5534.8, 0.4, 5991.4, 0.15, 6084.1, 0.1, 6147.7, 0.15, 6149.3, 0.15, 6238.4, 0.25, 6247.6,
  0.35, 6416.9, 0.25, 6432.7, 0.25, 6456.4, 0.4, 6516.1, 0.2,
];

/** F(4434–4684 Å) of the optical lines is 1: the measure that R_Fe uses (Boroson & Green 1992). */
export const OPTICAL_IRON: readonly IronGroup[] = normalised(
  pairs(OPTICAL_LINES).map(([air, flux]) => ({ wavelength: airToVacuum(air), spread: 0, flux })),
  4434,
  4684,
);

/**
 * Ultraviolet blends: vacuum Å, σ in km/s, flux; after Vestergaard & Wilkes (2001, ApJS 134, 1), figures 3 and 5.
 * UV 191, Fe III UV 34 and UV 48, the bumps of UV 2/3, 35/36, 64 and 1, 62/63, 61, 60/78, and the near ultraviolet.
 */
const ULTRAVIOLET_BLENDS: readonly number[] = [
  1610, 3500, 0.9, 1700, 3000, 0.5, 1787, 800, 0.6, 1850, 2500, 0.6, 1895, 600, 0.35, 1914, 600, 0.45, 1926, 600, 0.35,
  1970, 2500, 0.8, 2070, 1900, 1.9, 2140, 2500, 1.1, 2200, 2500, 1.6, 2250, 2200, 2.0, 2300, 1800, 2.6, 2340, 1500, 3.0,
  2375, 1300, 2.9, 2405, 1200, 2.5, 2440, 1400, 2.3, 2480, 1500, 2.7, 2510, 1300, 2.1, 2545, 1200, 1.9, 2570, 1000, 2.1,
  2600, 1000, 2.7, 2625, 900, 2.0, 2655, 1100, 1.1, 2690, 1300, 0.9, 2735, 1100, 1.9, 2755, 900, 1.5, 2780, 1000, 0.8,
  2835, 1100, 0.8, 2875, 1300, 1.3, 2920, 1400, 1.6, 2955, 1300, 1.5, 2990, 1300, 1.0, 3050, 2000, 0.6, 3120, 2200, 0.7,
  3190, 1800, 1.2, 3230, 1600, 0.9, 3285, 1600, 0.8, 3350, 2500, 0.5, 3480, 3000, 0.5,
];

/** F(2200–3090 Å) is 1. */
export const ULTRAVIOLET_IRON: readonly IronGroup[] = normalised(
  triples(ULTRAVIOLET_BLENDS).map(([wavelength, spread, flux]) => ({ wavelength, spread, flux })),
  2200,
  3090,
);

function normalised(groups: readonly IronGroup[], low: number, high: number): IronGroup[] {
  const total = groups.reduce(
    (sum, { wavelength, flux }) => sum + (wavelength > low && wavelength < high ? flux : 0),
    0,
  );
  return groups.map((group) => ({ ...group, flux: group.flux / total }));
}

function pairs(flat: readonly number[]): [number, number][] {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
}

function triples(flat: readonly number[]): [number, number, number][] {
  return Array.from({ length: flat.length / 3 }, (_, i) => [flat[3 * i], flat[3 * i + 1], flat[3 * i + 2]]);
}
