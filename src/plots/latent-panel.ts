import * as Plot from '@observablehq/plot';
import { row } from '../base/index.ts';
import type { LatentData } from './figure-data.ts';
import { channels } from './raster.ts';
import { words } from './sheet.ts';
import { framed, MAXIMUM_CIRCLES, type PaintedDot, type Place, paintedDots, type Range } from './square-panel.ts';
import type { Hue, Theme } from './theme.ts';

/* One square panel of objects in two latent axes, coloured by class: the stone that corner plots and tracks are built of. */

const UNCLASSIFIED = 'unclassified';
/** Classes smaller than this do not widen the ranges on their own, nor make a distribution. */
export const MINIMUM_CLASS = 10;

export interface LatentStyle {
  readonly theme: Theme;
  readonly hues: ReadonlyMap<string, Hue>;
  /** Smaller classes do not widen the ranges; ten objects unless told. */
  readonly minimumClass?: number;
}

/** The points of one class; classes are painted from the most to the least frequent, so that rare ones show. */
export interface ClassPoints {
  readonly name: string;
  readonly hue: Hue;
  readonly rows: readonly number[];
}

/**
 * Objects in two axes (across, down); painted as pixels where the whole figure would hold too many circles.
 *
 * @param circles circles in all panels of the figure together
 * @param above marks drawn over the objects, in the axes' units
 */
export function scatterPanel(
  place: Place,
  data: LatentData,
  axes: readonly [number, number],
  ranges: readonly [Range, Range],
  classes: readonly ClassPoints[],
  circles: number,
  style: LatentStyle,
  above: readonly Plot.Markish[] = [],
): string {
  const crowded = circles > MAXIMUM_CIRCLES;
  const marks: Plot.Markish[] = [
    Plot.frame({ stroke: style.theme.faint }),
    ...(crowded ? [] : circleMarks(data, axes, classes, style)),
    ...above,
  ];
  return (
    (crowded ? paintedPoints(place, data, axes, ranges, classes, style.theme) : '') +
    framed(place, ranges[0], ranges[1], marks, style.theme)
  );
}

function circleMarks(
  data: LatentData,
  [across, down]: readonly [number, number],
  classes: readonly ClassPoints[],
  { theme }: LatentStyle,
): Plot.Markish[] {
  return classes.map(({ rows, hue }) =>
    Plot.dot(rows, {
      x: (object: number) => row(data.position, object)[across],
      y: (object: number) => row(data.position, object)[down],
      r: radiusOf(rows.length),
      fill: theme.hues[hue],
      fillOpacity: opacity(rows.length),
      clip: true,
    }),
  );
}

function paintedPoints(
  place: Place,
  data: LatentData,
  [across, down]: readonly [number, number],
  ranges: readonly [Range, Range],
  classes: readonly ClassPoints[],
  { painted }: Theme,
): string {
  const dots = classes.flatMap(({ rows, hue }) => {
    const look = { colour: channels(painted[hue]), alpha: opacity(rows.length), radius: radiusOf(rows.length) };
    return rows.map((object): PaintedDot => {
      const position = row(data.position, object);
      return { ...look, x: position[across], y: position[down] };
    });
  });
  return paintedDots(place, ranges, dots);
}

/** A handful of objects must be found among thousands of others. */
function radiusOf(points: number): number {
  if (points < 30) return 3.2;
  if (points <= 300) return 1.7;
  return points > 3000 ? 0.65 : 1.1;
}

/** Points of a large class are fainter, so that overlapping ones add up to a density instead of a blot. */
function opacity(points: number): number {
  return Math.min(0.9, Math.max(0.06, 20 / Math.sqrt(points)));
}

export function pointsByClass(data: LatentData, { hues }: LatentStyle): ClassPoints[] {
  const rows = new Map<string, number[]>();
  data.objectClass.forEach((objectClass, index) => {
    const name = objectClass ?? UNCLASSIFIED;
    const own = rows.get(name);
    if (own === undefined) rows.set(name, [index]);
    else own.push(index);
  });
  return [...rows]
    .map(([name, own]) => ({ name, hue: hues.get(name) ?? (rows.size === 1 ? 'blue' : 'grey'), rows: own }))
    .sort((a, b) => b.rows.length - a.rows.length);
}

/**
 * The range that holds all but the outermost half per cent of every class, with a margin: a few outliers must not
 * hide the rest, nor a common class a rare one.
 */
export function shownRange(
  data: LatentData,
  axis: number,
  classes: readonly ClassPoints[],
  minimumClass = MINIMUM_CLASS,
): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  classes.forEach(({ rows }, index) => {
    if (index > 0 && rows.length < minimumClass) return;
    const values = Float32Array.from(rows, (object) => row(data.position, object)[axis]).sort();
    const cut = Math.floor(0.0025 * values.length);
    low = Math.min(low, values[cut]);
    high = Math.max(high, values[values.length - 1 - cut]);
  });
  if (low > high) return [-1, 1];
  const margin = high > low ? 0.06 * (high - low) : 1;
  return [low - margin, high + margin];
}

/** Classes with their counts, most frequent first as in every other figure and table. */
export function classLegend(
  x: number,
  y: number,
  classes: readonly ClassPoints[],
  objects: number,
  { theme }: LatentStyle,
): string {
  const entries = classes.map(
    ({ name, hue, rows }, index) =>
      `<circle cx="${x + 6}" cy="${y + index * 20 - 4}" r="5" fill="${theme.hues[hue]}"/>` +
      words(x + 18, y + index * 20, `${name} (${rows.length.toLocaleString('en')})`, { size: 12, fill: theme.ink }),
  );
  if (classes.length === 1 && classes[0].name === UNCLASSIFIED) {
    return words(x, y, `${objects.toLocaleString('en')} objects, unclassified`, { size: 12, fill: theme.ink });
  }
  const total = words(x, y + classes.length * 20 + 4, `${objects.toLocaleString('en')} objects`, {
    fill: theme.muted,
  });
  return entries.join('') + total;
}
