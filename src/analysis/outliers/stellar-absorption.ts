/*
 * What stars absorb, as three templates: hot (Balmer lines of A and F stars), solar (Ca II, CH, Mg, Fe, Na of F to K) and
 * cool (TiO and CaH bands of M). Only shapes matter, the strength is fitted. Wavelengths are vacuum ångström.
 *
 * Lines: indices and widths of Worthey et al. (1994, ApJS 94, 687) and Gray & Corbally (2009, Stellar Spectral
 * Classification). Bands: heads of Kirkpatrick, Henry & McCarthy (1991, ApJS 77, 417, Table 5), air moved to vacuum; they
 * set in sharply at the head and fade to the red.
 */
export type StellarKind = 'hot' | 'solar' | 'cool';

/** Centre, depth, full width at half depth. */
type Line = readonly [number, number, number];
/** Head, depth, length to the red. */
type Band = readonly [number, number, number];

interface Absorption {
  readonly lines: readonly Line[];
  readonly bands: readonly Band[];
}

const ABSORPTION: Readonly<Record<StellarKind, Absorption>> = {
  hot: {
    lines: [
      [3836.5, 0.5, 18],
      [3890.2, 0.5, 22],
      [3971.2, 0.55, 26],
      [4102.9, 0.55, 28],
      [4341.7, 0.55, 28],
      [4862.7, 0.5, 28],
      [6564.6, 0.4, 24],
    ],
    bands: [],
  },
  solar: {
    lines: [
      [3934.8, 0.6, 14],
      [3969.6, 0.55, 14],
      [4103, 0.1, 10],
      [4228, 0.15, 6],
      [4305, 0.2, 26],
      [4341.7, 0.12, 10],
      [4384.8, 0.15, 12],
      [4862.7, 0.15, 12],
      [5176, 0.14, 28],
      [5271.5, 0.08, 14],
      [5336.5, 0.07, 12],
      [5893, 0.12, 12],
      [6564.6, 0.15, 10],
    ],
    bands: [],
  },
  cool: {
    lines: [
      [4228, 0.4, 14],
      [5893, 0.35, 24],
    ],
    bands: [
      [4762, 0.25, 150],
      [4955, 0.3, 160],
      [5168, 0.3, 180],
      [5449, 0.25, 150],
      [5849, 0.25, 150],
      [6160, 0.35, 250],
      [6653, 0.3, 200],
      [6752, 0.2, 200],
      [7056, 0.45, 250],
      [7591, 0.3, 200],
      [8208, 0.2, 200],
    ],
  },
};

export const STELLAR_KINDS: readonly StellarKind[] = ['hot', 'solar', 'cool'];

/** Flux over continuum, minus 1, at ln λ (vacuum ångström): 0 where the star does not absorb. */
export function stellarAbsorption(kind: StellarKind, logWavelength: number): number {
  const wavelength = Math.exp(logWavelength);
  let depth = 0;
  for (const [centre, deepest, width] of ABSORPTION[kind].lines) {
    const u = (2 * (wavelength - centre)) / width;
    if (Math.abs(u) < 12) depth += deepest / (1 + u * u);
  }
  for (const [head, deepest, length] of ABSORPTION[kind].bands) {
    if (wavelength >= head && wavelength < head + length) depth += deepest * (1 - (wavelength - head) / length);
  }
  return -depth;
}
