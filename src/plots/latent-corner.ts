import * as Plot from '@observablehq/plot';
import { row } from '../base/index.ts';
import type { Figure, LatentData } from './figure-data.ts';
import {
  type ClassPoints,
  classLegend,
  type LatentStyle,
  MINIMUM_CLASS,
  pointsByClass,
  scatterPanel,
  shownRange,
} from './latent-panel.ts';
import { percent } from './numbers.ts';
import { sheet, words } from './sheet.ts';
import { framed, type Place, type Range } from './square-panel.ts';
import type { Theme } from './theme.ts';

/*
 * Where objects lie in latent space (VAE paper, Fig. 8): every pair of axes against each other, coloured by class,
 * with the distribution of each class on the diagonal.
 */

const LEFT = 62;
const TOP = 58;
const BOTTOM = 46;
const GAP = 8;
const MAXIMUM_AXES = 6;

/** @param said title and caption, where the figure shows something else than a survey's own latent space */
export function cornerFigure(
  name: string,
  data: LatentData,
  style: LatentStyle,
  said?: Pick<Figure, 'title' | 'caption'>,
): Figure {
  const axes = Math.min(data.axes.length, MAXIMUM_AXES);
  const side = axes <= 2 ? 300 : Math.floor((960 - LEFT - 20 - GAP * (axes - 1)) / axes);
  const step = side + GAP;
  const width = axes === 1 ? 620 : LEFT + axes * step + 12;
  const height = TOP + axes * step + BOTTOM;
  const classes = pointsByClass(data, style);
  const ranges = Array.from({ length: axes }, (_, axis) => shownRange(data, axis, classes, style.minimumClass));
  const circles = data.position.rows * ((axes * (axes - 1)) / 2);
  const title = said?.title ?? titleOf(data);
  const parts = [words(LEFT, 26, title, { size: 16, weight: 'bold', fill: style.theme.ink })];
  for (let down = 0; down < axes; down++) {
    for (let across = 0; across <= down; across++) {
      const place = {
        x: LEFT + across * step,
        y: TOP + down * step,
        side,
        outer: { left: across === 0, bottom: down === axes - 1 },
      };
      if (down === across) parts.push(diagonal(place, data, down, ranges[down], classes, style));
      else
        parts.push(scatterPanel(place, data, [across, down], [ranges[across], ranges[down]], classes, circles, style));
    }
  }
  for (let axis = 0; axis < axes; axis++) parts.push(axisTitles(data, axis, side, step, axes, style.theme));
  const legendLeft = axes === 1 ? LEFT + side + 24 : LEFT + step + 24;
  parts.push(classLegend(legendLeft, TOP + 16, classes, data.position.rows, style));
  const caption = said?.caption ?? captionOf(data, axes);
  const svg = sheet(name, width, height, `${title}. ${caption}`, parts, style.theme);
  return { name, title, caption, width, height, svg };
}

function diagonal(
  place: Place,
  data: LatentData,
  axis: number,
  range: Range,
  classes: readonly ClassPoints[],
  style: LatentStyle,
): string {
  const bins = Math.round(Math.min(40, Math.max(10, 2 * Math.cbrt(data.position.rows))));
  const drawn = classes.filter(({ rows }, index) => index === 0 || rows.length >= MINIMUM_CLASS);
  const curves = drawn.map(({ rows, hue }) => {
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
  return framed(bare, range, [0, 1.08 * highest], marks, style.theme);
}

function axisTitles(data: LatentData, axis: number, side: number, step: number, axes: number, theme: Theme): string {
  const { label, varianceShare } = data.axes[axis];
  const title = `${label} (${percent(varianceShare)})`;
  const middle = axis * step + side / 2;
  const style = { anchor: 'middle', fill: theme.ink } as const;
  const below = words(LEFT + middle, TOP + axes * step - GAP + 36, title, style);
  return axis === 0 ? below : below + words(16, TOP + middle, title, { ...style, rotate: -90 });
}

/** How the axes came to be: `turned to axes of falling variance`. */
export function axesInWords(axes: LatentData['axes']): string {
  return axes.some(({ latent }) => latent !== undefined)
    ? 'on the model’s own latents z in order of their variance'
    : 'turned to axes of falling variance';
}

function titleOf({ model, latents }: LatentData): string {
  return `Latent space of ${model}, ${latents} latent${latents === 1 ? '' : 's'}`;
}

function captionOf(data: LatentData, axes: number): string {
  const shown = data.axes.length > axes ? `; the first ${axes} of ${data.axes.length} are shown` : '';
  return (
    `Latent means of ${data.position.rows.toLocaleString('en')} objects, ${axesInWords(data.axes)} (share of ` +
    `the variance in brackets${shown}) and coloured by class; the model was not told the classes. On the diagonal, each ` +
    'class’s own distribution, scaled to equal area. Classes that separate here differ in their spectra; an axis with ' +
    'almost no variance is one the model does not use. Ranges leave out the outermost half per cent of each class.'
  );
}
