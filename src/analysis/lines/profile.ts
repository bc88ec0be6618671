/** km/s */
export const SPEED_OF_LIGHT = 299792.458;

/** Full width at half maximum of a Gaussian in units of σ. */
export const FWHM_PER_SIGMA = 2 * Math.sqrt(2 * Math.LN2);

/** Beyond this many σ a Gaussian holds 2e-8 of its area. */
const REACH = 5.6;

/**
 * Adds a Gaussian line of flux `weight`, averaged over each pixel, and its derivatives: pixels of the papers' grids are
 * wider (270 km/s) than narrow lines, so the value at a pixel's centre would be wrong by tens of per cent.
 *
 *     p_j = [Φ(u_{j+1}) − Φ(u_j)] / (e_{j+1} − e_j),   u = (e − centre)/σ
 *
 * @param edges boundaries of the pixels, Å, length n + 1
 * @param line wavelength at rest in Å; velocity and σ (above 0) in km/s
 * @param into length n; flux density, in units of flux per Å
 * @param byVelocity length n; ∂/∂velocity, added; null when it is not wanted
 * @param byLogSigma length n; ∂/∂ln σ, added
 */
export function addLine(
  edges: Float64Array,
  line: { readonly wavelength: number; readonly velocity: number; readonly sigma: number },
  weight: number,
  into: Float64Array,
  byVelocity: Float64Array | null = null,
  byLogSigma: Float64Array | null = null,
): void {
  const n = edges.length - 1;
  const centre = line.wavelength * (1 + line.velocity / SPEED_OF_LIGHT);
  const sigma = (line.wavelength * line.sigma) / SPEED_OF_LIGHT;
  let j = firstEdgeAbove(edges, centre - REACH * sigma) - 1;
  if (j < 0) j = 0;
  const end = centre + REACH * sigma;
  if (j >= n) return;
  let u = (edges[j] - centre) / sigma;
  let density = Math.exp(-0.5 * u * u);
  let cumulative = normalCumulative(u, density);
  for (; j < n && edges[j] < end; j++) {
    const uNext = (edges[j + 1] - centre) / sigma;
    const densityNext = Math.exp(-0.5 * uNext * uNext);
    const cumulativeNext = normalCumulative(uNext, densityNext);
    const perWidth = weight / (edges[j + 1] - edges[j]);
    into[j] += perWidth * (cumulativeNext - cumulative);
    if (byVelocity !== null) byVelocity[j] -= (perWidth * INVERSE_ROOT_2PI * (densityNext - density)) / line.sigma;
    if (byLogSigma !== null) byLogSigma[j] -= perWidth * INVERSE_ROOT_2PI * (uNext * densityNext - u * density);
    u = uNext;
    density = densityNext;
    cumulative = cumulativeNext;
  }
}

const INVERSE_ROOT_2PI = 1 / Math.sqrt(2 * Math.PI);

/**
 * Φ(u), given exp(−u²/2): Abramowitz & Stegun 7.1.26, whose error is below 1e-7. The density comes for nothing, as the
 * derivatives need it too.
 */
function normalCumulative(u: number, density: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(u) * Math.SQRT1_2);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * series * density;
  return u > 0 ? 1 - tail : tail;
}

function firstEdgeAbove(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
