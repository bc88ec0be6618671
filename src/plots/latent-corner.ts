import * as Plot from '@observablehq/plot';
import { row } from '../base/index.ts';
import type { Figure, LatentData } from './figure-data.ts';
import { niceTicks, percent } from './numbers.ts';
import { blank, channels, paintDot, pngDataUri } from './raster.ts';
import { panel, sheet, words } from './sheet.ts';
import type { Hue, Theme } from './theme.ts';

/*
 * Where objects lie in latent space (VAE paper, Fig. 8): every pair of axes against each other, coloured by class,
 * with the distribution of each class on the diagonal.
 */

const LEFT = 62;
const TOP = 58;
const BOTTOM = 46;
const GAP = 8;
const MAXIMUM_AXES = 6;
const UNCLASSIFIED = 'unclassified';
/** Above this many circles in all panels together, points are painted as pixels. */
const MAXIMUM_CIRCLES = 6000;
const PIXELS_PER_UNIT = 2;
/** Classes smaller than this do not widen the ranges on their own. */
const MINIMUM_CLASS = 10;

export interface CornerStyle {
  readonly theme: Theme;
  readonly hues: ReadonlyMap<string, Hue>;
}

/** The points of one class; classes are painted from the most to the least frequent, so that rare ones show. */
interface ClassPoints {
  readonly name: string;
  readonly hue: Hue;
  readonly rows: readonly number[];
}

export function cornerFigure(name: string, data: LatentData, style: CornerStyle): Figure {
  const axes = Math.min(data.axes.length, MAXIMUM_AXES);
  const side = axes <= 2 ? 300 : Math.floor((960 - LEFT - 20 - GAP * (axes - 1)) / axes);
  const step = side + GAP;
  const width = axes === 1 ? 620 : LEFT + axes * step + 12;
  const height = TOP + axes * step + BOTTOM;
  const classes = pointsByClass(data, style);
  const ranges = Array.from({ length: axes }, (_, axis) => shownRange(data, axis, classes));
  const circles = data.position.rows * ((axes * (axes - 1)) / 2);
  const parts = [words(LEFT, 26, titleOf(data), { size: 16, weight: 'bold', fill: style.theme.ink })];
  for (let down = 0; down < axes; down++) {
    for (let across = 0; across <= down; across++) {
      const place = {
        x: LEFT + across * step,
        y: TOP + down * step,
        side,
        outer: { left: across === 0, bottom: down === axes - 1 },
      };
      if (down === across) parts.push(diagonal(place, data, down, ranges[down], classes, style));
      else parts.push(pair(place, data, [across, down], [ranges[across], ranges[down]], classes, circles, style));
    }
  }
  for (let axis = 0; axis < axes; axis++) parts.push(axisTitles(data, axis, side, step, axes, style.theme));
  parts.push(
    classLegend(axes === 1 ? LEFT + side + 24 : LEFT + step + 24, TOP + 16, classes, data.position.rows, style),
  );
  const caption = captionOf(data, axes);
  const svg = sheet(name, width, height, `${titleOf(data)}. ${caption}`, parts, style.theme);
  return { name, title: titleOf(data), caption, width, height, svg };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly outer: { readonly left: boolean; readonly bottom: boolean };
}

type Range = readonly [number, number];

function pair(
  place: Place,
  data: LatentData,
  axes: readonly [number, number],
  ranges: readonly [Range, Range],
  classes: readonly ClassPoints[],
  circles: number,
  style: CornerStyle,
): string {
  const marks: Plot.Markish[] = [Plot.frame({ stroke: style.theme.faint })];
  const crowded = circles > MAXIMUM_CIRCLES;
  if (!crowded) marks.push(...circleMarks(data, axes, classes, style));
  return (
    (crowded ? paintedPoints(place, data, axes, ranges, classes, style.theme) : '') +
    framed(place, ranges[0], ranges[1], marks, style)
  );
}

function circleMarks(
  data: LatentData,
  [across, down]: readonly [number, number],
  classes: readonly ClassPoints[],
  { theme }: CornerStyle,
): Plot.Markish[] {
  return classes.map(({ rows, hue }) =>
    Plot.dot(rows, {
      x: (object: number) => row(data.position, object)[across],
      y: (object: number) => row(data.position, object)[down],
      r: rows.length > 300 ? 1.4 : 2,
      fill: theme.hues[hue],
      fillOpacity: opacity(rows.length),
      clip: true,
    }),
  );
}

function paintedPoints(
  { x, y, side }: Place,
  data: LatentData,
  [across, down]: readonly [number, number],
  [[left, right], [low, high]]: readonly [Range, Range],
  classes: readonly ClassPoints[],
  { painted }: Theme,
): string {
  const picture = blank(side * PIXELS_PER_UNIT, side * PIXELS_PER_UNIT);
  const size = picture.width;
  for (const { rows, hue } of classes) {
    const colour = channels(painted[hue]);
    const alpha = opacity(rows.length);
    const radius = (rows.length > 3000 ? 0.7 : 1.1) * PIXELS_PER_UNIT * 0.9;
    for (const object of rows) {
      const position = row(data.position, object);
      const h = ((position[across] - left) / (right - left)) * size;
      const v = ((high - position[down]) / (high - low)) * size;
      paintDot(picture, h, v, radius, colour, alpha);
    }
  }
  return `<image x="${x}" y="${y}" width="${side}" height="${side}" href="${pngDataUri(picture)}"/>`;
}

/** Points of a large class are fainter, so that overlapping ones add up to a density instead of a blot. */
function opacity(points: number): number {
  return Math.min(0.9, Math.max(0.06, 20 / Math.sqrt(points)));
}

function diagonal(
  place: Place,
  data: LatentData,
  axis: number,
  range: Range,
  classes: readonly ClassPoints[],
  style: CornerStyle,
): string {
  const bins = Math.round(Math.min(40, Math.max(10, 2 * Math.cbrt(data.position.rows))));
  const curves = classes.map(({ rows, hue }) => {
    const density = new Float64Array(bins);
    for (const object of rows) {
      const bin = Math.floor(((row(data.position, object)[axis] - range[0]) / (range[1] - range[0])) * bins);
      if (bin >= 0 && bin < bins) density[bin] += 1 / rows.length;
    }
    return { hue, density };
  });
  const highest = Math.max(...curves.flatMap(({ density }) => [...density]));
  const at = (bin: number) => range[0] + ((bin + 0.5) / bins) * (range[1] - range[0]);
  const marks = [
    Plot.frame({ stroke: style.theme.faint }),
    ...curves.map(({ hue, density }) =>
      Plot.lineY(density, {
        x: (_: number, bin: number) => at(bin),
        y: (value: number) => value,
        curve: 'step',
        stroke: style.theme.hues[hue],
        strokeWidth: 1.4,
        clip: true,
      }),
    ),
  ];
  const bare = { ...place, outer: { left: false, bottom: place.outer.bottom } };
  return framed(bare, range, [0, 1.08 * highest], marks, style);
}

/** A square panel whose frame fills `place`; ticks only along the figure's outer edges. */
function framed(place: Place, x: Range, y: Range, marks: Plot.Markish[], { theme }: CornerStyle): string {
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

function axisTitles(data: LatentData, axis: number, side: number, step: number, axes: number, theme: Theme): string {
  const { label, varianceShare } = data.axes[axis];
  const title = `${label} (${percent(varianceShare)})`;
  const middle = axis * step + side / 2;
  const style = { anchor: 'middle', fill: theme.ink } as const;
  const below = words(LEFT + middle, TOP + axes * step - GAP + 36, title, style);
  return axis === 0 ? below : below + words(16, TOP + middle, title, { ...style, rotate: -90 });
}

function classLegend(
  x: number,
  y: number,
  classes: readonly ClassPoints[],
  objects: number,
  { theme }: CornerStyle,
): string {
  // Most frequent first, as in every other figure and table.
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

function pointsByClass(data: LatentData, { hues }: CornerStyle): ClassPoints[] {
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
function shownRange(data: LatentData, axis: number, classes: readonly ClassPoints[]): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  classes.forEach(({ rows }, index) => {
    if (index > 0 && rows.length < MINIMUM_CLASS) return;
    const values = Float32Array.from(rows, (object) => row(data.position, object)[axis]).sort();
    const cut = Math.floor(0.0025 * values.length);
    low = Math.min(low, values[cut]);
    high = Math.max(high, values[values.length - 1 - cut]);
  });
  if (low > high) return [-1, 1];
  const margin = high > low ? 0.06 * (high - low) : 1;
  return [low - margin, high + margin];
}

function titleOf({ model, latents }: LatentData): string {
  return `Latent space of ${model}, ${latents} latent${latents === 1 ? '' : 's'}`;
}

function captionOf(data: LatentData, axes: number): string {
  const shown = data.axes.length > axes ? `; the first ${axes} of ${data.axes.length} are shown` : '';
  return (
    `Latent means of ${data.position.rows.toLocaleString('en')} objects, turned to axes of falling variance (share of ` +
    `the variance in brackets${shown}) and coloured by class; the model was not told the classes. On the diagonal, each ` +
    'class’s own distribution, scaled to equal area. Classes that separate here differ in their spectra; an axis with ' +
    'almost no variance is one the model does not use. Ranges leave out the outermost half per cent of each class.'
  );
}
