/** Latents as sliders show them: along the turned axes of the map. Axes: N objects, Q latents. */
import type { RunEntry } from '../../src/explorer/index.ts';

type Axes = RunEntry['axes'];

/** t = V (z − o) */
export function turned({ origin, vectors }: Axes, latent: ArrayLike<number>): number[] {
  const q = origin.length;
  return Array.from({ length: q }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < q; j++) sum += vectors[i * q + j] * (latent[j] - origin[j]);
    return sum;
  });
}

/** z = o + Vᵀ t, since the axes are orthonormal. */
export function unturned({ origin, vectors }: Axes, point: ArrayLike<number>): number[] {
  const q = origin.length;
  return Array.from({ length: q }, (_, j) => {
    let sum = origin[j];
    for (let i = 0; i < q; i++) sum += vectors[i * q + j] * point[i];
    return sum;
  });
}

export interface SliderScale {
  readonly low: number;
  readonly high: number;
  /** Where a share of the objects lies below. */
  readonly ticks: readonly { readonly percentile: number; readonly value: number }[];
}

const PERCENTILES = [1, 16, 50, 84, 99];
/** Sliders go this share of the objects' reach beyond them, so that one sees where the model is extrapolated. */
const BEYOND = 0.1;

/** @param points N × Q */
export function sliderScales(points: Float32Array, Q: number): SliderScale[] {
  return Array.from({ length: Q }, (_, q) => {
    const values = new Float32Array(points.length / Q)
      .map((_value, n) => points[n * Q + q])
      .filter((value) => Number.isFinite(value))
      .sort();
    const last = values.length - 1;
    if (last < 0) return { low: -1, high: 1, ticks: [] };
    const margin = BEYOND * (values[last] - values[0]) || 1;
    return {
      low: values[0] - margin,
      high: values[last] + margin,
      ticks: PERCENTILES.map((percentile) => ({ percentile, value: values[Math.round((percentile / 100) * last)] })),
    };
  });
}

/** A round step that divides a slider into about 500. */
export function sliderStep({ low, high }: Pick<SliderScale, 'low' | 'high'>): number {
  return 10 ** Math.floor(Math.log10((high - low) / 200));
}
