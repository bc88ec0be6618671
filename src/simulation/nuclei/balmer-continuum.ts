/** Vacuum Å of the Balmer edge. */
const EDGE = 3647;

/** Gas at 15000 K, optical depth 1 at the edge: Grandi (1982, ApJ 255, 25), equation 7. */
const TEMPERATURE = 15000;
const EDGE_DEPTH = 1;

/** Width, in ln λ, over which blended high Balmer lines carry the emission down from the edge. */
const BLEND = 0.03;

/**
 * Shape of the Balmer continuum of a broad-line region, 1 at the edge: B_λ(T) (1 − e^{−τ}), τ ∝ λ³, up to the edge;
 * beyond it the merged high-order Balmer lines, which fade like a Gaussian (Wills, Netzer & Wills 1985, figure 4).
 */
export function balmerContinuum(wavelength: number): number {
  if (wavelength > EDGE) {
    const beyond = Math.log(wavelength / EDGE) / BLEND;
    return beyond > 5 ? 0 : Math.exp(-0.5 * beyond * beyond);
  }
  return thinBlackBody(wavelength) / thinBlackBody(EDGE);
}

function thinBlackBody(wavelength: number): number {
  const energy = 1.438777e8 / (wavelength * TEMPERATURE);
  const depth = EDGE_DEPTH * (wavelength / EDGE) ** 3;
  return -Math.expm1(-depth) / (wavelength ** 5 * Math.expm1(energy));
}
