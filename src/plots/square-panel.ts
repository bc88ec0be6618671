import type * as Plot from '@observablehq/plot';
import { niceTicks } from './numbers.ts';
import { blank, paintDot, pngDataUri } from './raster.ts';
import { panel } from './sheet.ts';
import type { Theme } from './theme.ts';

/* Square panels of points, whose frames stand in a grid. */

/** Above this many circles in all panels together, points are painted as pixels. */
export const MAXIMUM_CIRCLES = 6000;
const PIXELS_PER_UNIT = 2;

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly outer: { readonly left: boolean; readonly bottom: boolean };
}

export type Range = readonly [number, number];

/** A square panel whose frame fills `place`; ticks only along the figure's outer edges. */
export function framed(place: Place, x: Range, y: Range, marks: Plot.Markish[], theme: Theme): string {
  const margin = { left: 40, bottom: 24, other: 4 };
  return panel(place.x - margin.left, place.y - margin.other, theme, {
    width: place.side + margin.left + margin.other,
    height: place.side + margin.other + margin.bottom,
    marginLeft: margin.left,
    marginRight: margin.other,
    marginTop: margin.other,
    marginBottom: margin.bottom,
    x: { domain: x, label: null, ticks: innerTicks(x), axis: place.outer.bottom ? 'bottom' : null },
    y: { domain: y, label: null, ticks: innerTicks(y), axis: place.outer.left ? 'left' : null },
    marks,
  });
}

/** Ticks away from the corners, where they would meet those of the next panel. */
function innerTicks([low, high]: Range): number[] {
  const margin = 0.08 * (high - low);
  const ticks = niceTicks(low + margin, high - margin, 3);
  return ticks.length >= 2 ? ticks : niceTicks(low + margin, high - margin, 5);
}

/** A dot to be painted: its place in the axes' units, its radius in those of the figure. */
export interface PaintedDot {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Red, green, blue, 0–1. */
  readonly colour: readonly number[];
  readonly alpha: number;
}

/** Points of a square panel as a picture that fills its frame, in the order given. */
export function paintedDots(
  { x, y, side }: Place,
  [[left, right], [low, high]]: readonly [Range, Range],
  dots: readonly PaintedDot[],
): string {
  const size = side * PIXELS_PER_UNIT;
  const picture = blank(size, size);
  for (const dot of dots) {
    const across = ((dot.x - left) / (right - left)) * size;
    const down = ((high - dot.y) / (high - low)) * size;
    paintDot(picture, across, down, dot.radius * PIXELS_PER_UNIT, dot.colour, dot.alpha);
  }
  return `<image x="${x}" y="${y}" width="${side}" height="${side}" href="${pngDataUri(picture)}"/>`;
}
