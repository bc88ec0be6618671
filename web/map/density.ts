/** How many objects there are at each place of the map, as a picture. */
import type { Positions } from './point-index.ts';

const SIDE = 256;

export interface Density {
  /** SIDE × SIDE, rows from the top. */
  readonly counts: Float32Array;
  readonly most: number;
}

/** @param admits objects that count */
export function densityOf({ x, y }: Positions, admits: (row: number) => boolean): Density {
  const counts = new Float32Array(SIDE * SIDE);
  for (let row = 0; row < x.length; row++) {
    if (!admits(row)) continue;
    const [i, j] = [Math.floor((x[row] + 1) * 0.5 * SIDE), Math.floor((1 - y[row]) * 0.5 * SIDE)];
    if (i >= 0 && i < SIDE && j >= 0 && j < SIDE) counts[j * SIDE + i]++;
  }
  return { counts, most: counts.reduce((most, count) => Math.max(most, count), 0) };
}

/** The density on a canvas of its own size; brightness follows the logarithm of the count, and nothing is clear. */
export function densityPicture({ counts, most }: Density, palette: readonly string[]): HTMLCanvasElement | null {
  const canvas = document.createElement('canvas');
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  const channels = palette.map((colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)));
  const picture = context.createImageData(SIDE, SIDE);
  const scale = most > 0 ? (palette.length - 1) / Math.log1p(most) : 0;
  for (let cell = 0; cell < counts.length; cell++) {
    if (counts[cell] === 0) continue;
    picture.data.set(channels[Math.round(Math.log1p(counts[cell]) * scale)], cell * 4);
    picture.data[cell * 4 + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
  return canvas;
}

/** Objects between two places of each axis, to the accuracy of the cells. */
export function countWithin({ counts }: Density, x: readonly [number, number], y: readonly [number, number]): number {
  const cell = (place: number) => Math.min(SIDE - 1, Math.max(0, Math.floor((place + 1) * 0.5 * SIDE)));
  let sum = 0;
  for (let j = cell(-y[1]); j <= cell(-y[0]); j++) {
    for (let i = cell(x[0]); i <= cell(x[1]); i++) sum += counts[j * SIDE + i];
  }
  return sum;
}
