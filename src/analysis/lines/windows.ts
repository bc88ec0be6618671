import { COMPLEXES, type Complex, OTHER_LINES } from './complexes.ts';
import { SPEED_OF_LIGHT } from './profile.ts';

/** The pixels of a grid on which a complex is fitted: `start` to `end`, the latter not inside. */
export interface ComplexWindow {
  readonly complex: Complex;
  readonly start: number;
  readonly end: number;
  /** Å, end − start + 1. */
  readonly edges: Float64Array;
  /** Place of each pixel in the window, −1 to 1. */
  readonly place: Float64Array;
  /** 1 where a line stands that is not fitted. */
  readonly avoided: Uint8Array;
}

/** Fewer pixels cannot carry lines and a continuum. */
const LEAST_PIXELS = 12;

export function complexWindows(wavelength: Float64Array, edges: Float64Array): ComplexWindow[] {
  return COMPLEXES.flatMap((complex) => {
    const start = wavelength.findIndex((at) => at >= complex.low);
    const past = wavelength.findIndex((at) => at > complex.high);
    const end = past < 0 ? wavelength.length : past;
    if (start < 0 || end - start < LEAST_PIXELS) return [];
    const inside = wavelength.subarray(start, end);
    const [low, high] = [inside[0], inside[inside.length - 1]];
    return [
      {
        complex,
        start,
        end,
        edges: edges.slice(start, end + 1),
        place: inside.map((at) => (2 * (at - low)) / (high - low) - 1),
        avoided: Uint8Array.from(inside, (at) => Number(complex.avoid.some(([from, to]) => at > from && at < to))),
      },
    ];
  });
}

/** Half the width, km/s, of what is kept from the continuum around a line. */
const KEEP_CLEAR = 650;
/** Lines that may be broad are kept clearer. */
const KEEP_CLEAR_PERMITTED = 900;

/** 1 where some emission line may stand; length P. */
export function emissionMask(wavelength: Float64Array, edges: Float64Array): Uint8Array {
  const mask = new Uint8Array(wavelength.length);
  const cover = (line: number, halfWidth: number): void => {
    const reach = (line * halfWidth) / SPEED_OF_LIGHT;
    for (let j = 0; j < mask.length; j++) if (edges[j + 1] > line - reach && edges[j] < line + reach) mask[j] = 1;
  };
  for (const { terms } of COMPLEXES) {
    for (const { parts, permitted } of terms) {
      for (const { wavelength: line } of parts) cover(line, permitted ? KEEP_CLEAR_PERMITTED : KEEP_CLEAR);
    }
  }
  for (const line of OTHER_LINES) cover(line, KEEP_CLEAR);
  return mask;
}
