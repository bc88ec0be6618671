/** Vacuum wavelength, Å, of the Balmer line from level n, by Rydberg's formula for hydrogen. */
export function balmerWavelength(n: number): number {
  return 1 / (RYDBERG * (0.25 - 1 / (n * n)));
}

/** Rydberg's constant for hydrogen, Å⁻¹ (CODATA, reduced mass of hydrogen). */
const RYDBERG = 1.0967758e-3;

/** Vacuum wavelength, Å, of the Balmer limit. */
export const BALMER_LIMIT = 4 / RYDBERG;

/** The highest line that still stands alone: later ones merge (Inglis & Teller 1939 for main-sequence stars). */
export const LAST_BALMER_LEVEL = 16;

/**
 * Equivalent width of Hδ in dwarfs (Å) against log₁₀ T_eff, and the Balmer discontinuity (dex of flux across the
 * limit): from the Sun's 3.1 Å (Moore et al. 1966; of which metal lines are a part that the line list has already)
 * to the maximum at A2 and down to O stars, after Gray & Corbally (2009) and Barbier & Chalonge's classification.
 */
const HYDROGEN_TABLE: readonly (readonly [logTemperature: number, hDelta: number, jump: number])[] = [
  [3.45, 0, 0],
  [3.6, 0.8, 0],
  [3.68, 1.2, 0.02],
  [3.72, 1.7, 0.05],
  [3.76, 2.8, 0.09],
  [3.8, 4.4, 0.16],
  [3.83, 6.8, 0.24],
  [3.87, 10.0, 0.37],
  [3.91, 13.0, 0.45],
  [3.96, 15.0, 0.5],
  [4.0, 13.8, 0.49],
  [4.08, 10.2, 0.4],
  [4.18, 7.2, 0.29],
  [4.3, 5.0, 0.18],
  [4.48, 3.3, 0.08],
  [4.7, 2.2, 0.03],
];

/** Equivalent width of Hδ (Å) and Balmer jump (dex) at log₁₀ T_eff. */
export function hydrogenStrength(logTemperature: number): { hDelta: number; jump: number } {
  const table = HYDROGEN_TABLE;
  const at = Math.min(Math.max(logTemperature, table[0][0]), table[table.length - 1][0]);
  let k = 1;
  while (table[k][0] < at) k++;
  const share = (at - table[k - 1][0]) / (table[k][0] - table[k - 1][0]);
  const between = (column: 1 | 2) => table[k - 1][column] + share * (table[k][column] - table[k - 1][column]);
  return { hDelta: between(1), jump: between(2) };
}
