/** Vacuum Å of the Balmer edge. */
const EDGE = 3647;

/** Gas at 15000 K, optical depth 1 at the edge: Grandi (1982, ApJ 255, 25), equation 7. */
const TEMPERATURE = 15000;
const EDGE_DEPTH = 1;

/** Width, in ln λ, over which blended high Balmer lines carry the emission down from the edge. */
const BLEND = 0.03;

/** The shape is zero, or as good as, outside these ln λ, and tabulated within: spectra ask for it pixel by pixel. */
const FIRST = Math.log(900);
const LAST = Math.log(EDGE) + 5 * BLEND;
const STEP = 4e-4;

let table: Float64Array | null = null;

/**
 * Shape of the Balmer continuum of a broad-line region, 1 at the edge: B_λ(T) (1 − e^{−τ}), τ ∝ λ³, up to the edge;
 * beyond it the merged high-order Balmer lines, which fade like a Gaussian (Wills, Netzer & Wills 1985, figure 4).
 *
 * @param logWavelength ln of the rest wavelength in Å
 */
export function balmerContinuum(logWavelength: number): number {
  const place = (logWavelength - FIRST) / STEP;
  if (!(place >= 0 && logWavelength < LAST)) return 0;
  table ??= Float64Array.from({ length: Math.ceil((LAST - FIRST) / STEP) + 2 }, (_, i) =>
    shape(Math.exp(FIRST + i * STEP)),
  );
  const below = Math.floor(place);
  return table[below] + (place - below) * (table[below + 1] - table[below]);
}

function shape(wavelength: number): number {
  if (wavelength > EDGE) return Math.exp(-0.5 * (Math.log(wavelength / EDGE) / BLEND) ** 2);
  return thinBlackBody(wavelength) / thinBlackBody(EDGE);
}

function thinBlackBody(wavelength: number): number {
  const energy = 1.438777e8 / (wavelength * TEMPERATURE);
  const depth = EDGE_DEPTH * (wavelength / EDGE) ** 3;
  return -Math.expm1(-depth) / (wavelength ** 5 * Math.expm1(energy));
}
