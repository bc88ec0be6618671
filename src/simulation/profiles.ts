/** Beyond five σ a Gaussian holds 6e-7 of its area. */
const REACH = 5;

/**
 * Adds amplitude · exp(−½ ((i − centre)/σ)²) to `into[i]`, touching only pixels within 5σ. Neighbouring values of a
 * Gaussian have ratios in geometric progression, so two multiplications a pixel replace the exponential.
 *
 * @param centre position in pixels of `into`, fractional; may lie outside
 * @param sigma in pixels, above 0
 */
export function addGaussian(into: Float64Array, centre: number, sigma: number, amplitude: number): void {
  const first = Math.max(0, Math.ceil(centre - REACH * sigma));
  const last = Math.min(into.length - 1, Math.floor(centre + REACH * sigma));
  if (first > last) return;
  const offset = first - centre;
  const inverse = 1 / (sigma * sigma);
  let value = amplitude * Math.exp(-0.5 * offset * offset * inverse);
  let ratio = Math.exp(-(offset + 0.5) * inverse);
  const ratioOfRatios = Math.exp(-inverse);
  for (let i = first; i <= last; i++) {
    into[i] += value;
    value *= ratio;
    ratio *= ratioOfRatios;
  }
}

/** Adds amplitude / (1 + ((i − centre)/width)²) to `into[i]`, out to `reach` half widths. */
export function addLorentzian(
  into: Float64Array,
  centre: number,
  width: number,
  amplitude: number,
  reach: number,
): void {
  const first = Math.max(0, Math.ceil(centre - reach * width));
  const last = Math.min(into.length - 1, Math.floor(centre + reach * width));
  const inverse = 1 / width;
  for (let i = first; i <= last; i++) {
    const x = (i - centre) * inverse;
    into[i] += amplitude / (1 + x * x);
  }
}

/**
 * Convolves with a Gaussian of `sigma` pixels and moves by a fraction of a pixel in one pass:
 * into[i] = Σ_k K(k) from[i + start + k], with K a Gaussian centred at −fraction; so `into[i]` is the blurred
 * `from` at position i + start − fraction. Where the kernel leaves `from`, its edge value is repeated.
 */
export function blurAndShift(
  from: Float64Array,
  start: number,
  fraction: number,
  sigma: number,
  into: Float64Array,
  kernel: Float64Array = new Float64Array(2 * Math.ceil(4 * sigma + 1) + 1),
): void {
  const radius = Math.min((kernel.length - 1) >> 1, Math.ceil(4 * sigma + 1));
  let sum = 0;
  for (let k = -radius; k <= radius; k++) {
    const value = Math.exp(-0.5 * ((k + fraction) / sigma) ** 2);
    kernel[k + radius] = value;
    sum += value;
  }
  for (let k = 0; k <= 2 * radius; k++) kernel[k] /= sum;
  const last = from.length - 1;
  for (let i = 0; i < into.length; i++) {
    const base = i + start - radius;
    let value = 0;
    if (base >= 0 && base + 2 * radius <= last) {
      for (let k = 0; k <= 2 * radius; k++) value += kernel[k] * from[base + k];
    } else {
      for (let k = 0; k <= 2 * radius; k++) value += kernel[k] * from[Math.min(last, Math.max(0, base + k))];
    }
    into[i] = value;
  }
}
