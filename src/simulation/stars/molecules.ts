import type { Star } from './absorption.ts';

/**
 * Molecular bands, drawn as they look at a resolution of 3 Å: a sharp head and a tail that fades over `tail` Å to the
 * red (or to the blue for CN, CH and MgH, whose heads face red). `depth` is the optical depth at the head in a star
 * where the molecule is at its best.
 */
interface Band {
  readonly molecule: Molecule;
  /** Vacuum Å of the head. */
  readonly head: number;
  /** Å; negative for tails towards the blue. */
  readonly tail: number;
  readonly depth: number;
}

type Molecule = 'CN' | 'CH' | 'MgH' | 'C2' | 'TiO' | 'CaH';

/** Heads from Pearse & Gaydon (1976, The Identification of Molecular Spectra), vacuum. */
const BANDS: readonly Band[] = [
  { molecule: 'CN', head: 3591, tail: -35, depth: 0.3 },
  { molecule: 'CN', head: 3884, tail: -42, depth: 0.6 },
  { molecule: 'CN', head: 4217, tail: -55, depth: 0.3 },
  { molecule: 'CH', head: 4316, tail: -26, depth: 0.42 },
  { molecule: 'CH', head: 3890, tail: -20, depth: 0.1 },
  { molecule: 'C2', head: 4738, tail: -60, depth: 0.08 },
  { molecule: 'C2', head: 5167, tail: -60, depth: 0.08 },
  { molecule: 'MgH', head: 5212, tail: -90, depth: 0.3 },
  { molecule: 'MgH', head: 4846, tail: -50, depth: 0.12 },
  { molecule: 'TiO', head: 4586, tail: 70, depth: 0.35 },
  { molecule: 'TiO', head: 4763, tail: 90, depth: 0.7 },
  { molecule: 'TiO', head: 4956, tail: 100, depth: 0.9 },
  { molecule: 'TiO', head: 5168, tail: 110, depth: 0.9 },
  { molecule: 'TiO', head: 5450, tail: 90, depth: 0.8 },
  { molecule: 'TiO', head: 5500, tail: 60, depth: 0.2 },
  { molecule: 'TiO', head: 5599, tail: 70, depth: 0.25 },
  { molecule: 'TiO', head: 5761, tail: 60, depth: 0.3 },
  { molecule: 'TiO', head: 5849, tail: 90, depth: 0.7 },
  { molecule: 'TiO', head: 6160, tail: 130, depth: 0.8 },
  { molecule: 'TiO', head: 6571, tail: 60, depth: 0.2 },
  { molecule: 'TiO', head: 6653, tail: 130, depth: 0.6 },
  { molecule: 'TiO', head: 7056, tail: 190, depth: 1.1 },
  { molecule: 'TiO', head: 7128, tail: 120, depth: 0.3 },
  { molecule: 'TiO', head: 7591, tail: 180, depth: 0.4 },
  { molecule: 'TiO', head: 8208, tail: 100, depth: 0.25 },
  { molecule: 'TiO', head: 8434, tail: 160, depth: 0.5 },
  { molecule: 'TiO', head: 8862, tail: 150, depth: 0.6 },
  { molecule: 'CaH', head: 6384, tail: 60, depth: 0.15 },
  { molecule: 'CaH', head: 6920, tail: -150, depth: 0.2 },
];

/** How strong a molecule is in a star, 1 = at its best. */
function abundance(molecule: Molecule, star: Star): number {
  const theta = 5040 / star.temperature;
  const giant = Math.min(1, Math.max(0, (4.4 - star.logGravity) / 2.4));
  const metals = star.metallicity;
  const bell = (centre: number, width: number) => Math.exp(-0.5 * ((theta - centre) / width) ** 2);
  switch (molecule) {
    case 'CN':
      // Two metals bind: strong in cool, metal-rich giants (Worthey 1994, CN₂).
      return (0.35 + 0.65 * giant) * bell(1.1, 0.16) * 10 ** (0.7 * metals);
    case 'CH':
      return bell(1.02, 0.13) * 10 ** (0.3 * metals);
    case 'C2':
      return bell(1.1, 0.15) * 10 ** (0.8 * metals);
    case 'MgH':
      return (1 - 0.5 * giant) * bell(1.25, 0.15) * 10 ** (0.4 * metals);
    case 'TiO':
      // Appears at M0 (3850 K) and takes over within 600 K.
      return 2.6 / (1 + Math.exp((star.temperature - 3400 - 130 * metals) / 170));
    case 'CaH':
      return (1 - giant) / (1 + Math.exp((star.temperature - 3500) / 150));
  }
}

/** Adds the optical depth of all bands at the given wavelengths (vacuum Å). */
export function addMolecules(star: Star, wavelength: Float64Array, into: Float64Array): void {
  for (const band of BANDS) {
    const depth = band.depth * abundance(band.molecule, star);
    if (depth < 1e-4) continue;
    const scale = 1 / band.tail;
    for (let i = 0; i < wavelength.length; i++) {
      const tails = (wavelength[i] - band.head) * scale;
      // The head itself is smeared over a few Å.
      if (tails > -0.2 && tails < 6) into[i] += tails < 0 ? depth * Math.exp(tails * 25) : depth * Math.exp(-tails);
    }
  }
}
