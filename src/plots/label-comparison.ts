import * as Plot from '@observablehq/plot';
import type { Figure } from './figure-data.ts';
import type { LabelComparison, LabelFigureData } from './label-data.ts';
import { labelGrid, panelTitles, sheetTitle } from './label-grid.ts';
import { printed } from './numbers.ts';
import { channels } from './raster.ts';
import { sheet, words } from './sheet.ts';
import { framed, MAXIMUM_CIRCLES, type Place, paintedDots, type Range } from './square-panel.ts';
import type { Hue, Theme } from './theme.ts';

/*
 * Labels predicted from spectra against labels measured otherwise (Lalchand & Eilers 2025), a panel a label, both
 * errors drawn; of many objects, some with their errors over the density of all.
 */

/** Objects drawn with their errors in one panel: more would hide each other. */
const WITH_ERRORS = 60;

export interface ComparisonStyle {
  readonly theme: Theme;
  /** Of the model. */
  readonly hue: Hue;
}

/**
 * @param comparisons those of one sheet, at least one
 * @param index of the sheet
 */
export function comparisonFigure(
  name: string,
  data: LabelFigureData,
  comparisons: readonly LabelComparison[],
  index: number,
  style: ComparisonStyle,
): Figure {
  const { theme } = style;
  const grid = labelGrid(comparisons.length, 14);
  const title = sheetTitle(`Labels predicted from spectra by ${data.model}`, index, data.comparisons.length);
  const circles = comparisons.reduce((total, { measured }) => total + measured.length, 0);
  const parts = [
    words(20, 26, title, { size: 16, weight: 'bold', fill: theme.ink }),
    words(20, 44, `${data.comparedOn}, ${data.latents} latents`, { size: 12, fill: theme.muted }),
    ...grid
      .places()
      .map((place, label) => comparisonPanel(place, comparisons[label], circles > MAXIMUM_CIRCLES, style)),
  ];
  const caption = captionOf(data, comparisons);
  const svg = sheet(name, grid.width, grid.height, `${title}. ${caption}`, parts, theme);
  return { name, title, caption, width: grid.width, height: grid.height, svg };
}

function comparisonPanel(place: Place, label: LabelComparison, crowded: boolean, style: ComparisonStyle): string {
  const { theme, hue } = style;
  const range = commonRange(label);
  const objects = Array.from(label.measured.keys());
  const singled = withErrors(label.measured);
  const look = { radius: objects.length > 3000 ? 0.8 : 1.2, alpha: Math.min(0.8, 14 / Math.sqrt(objects.length)) };
  const dots = objects.map((object) => ({ x: label.measured[object], y: label.predicted[object], ...look }));
  const marks = [
    Plot.frame({ stroke: theme.faint }),
    ...(crowded
      ? []
      : [
          Plot.dot(singled.length < objects.length ? dots : [], {
            x: 'x',
            y: 'y',
            r: look.radius,
            fill: theme.hues[hue],
            fillOpacity: look.alpha,
            clip: true,
          }),
        ]),
    ...errorMarks(label, singled, style),
    Plot.line([range[0], range[1]], {
      x: (end: number) => end,
      y: (end: number) => end,
      stroke: theme.ink,
      strokeWidth: 1,
      clip: true,
    }),
  ];
  const colour = channels(theme.painted[hue]);
  const painted = crowded
    ? paintedDots(
        place,
        [range, range],
        dots.map((dot) => ({ ...dot, colour })),
      )
    : '';
  const titles = { panel: label.name, below: 'measured', left: 'predicted' };
  return (
    painted +
    framed(place, range, range, marks, theme) +
    panelTitles(place, titles, label.scores.n, theme) +
    scoreWords(place, label, theme)
  );
}

function errorMarks(label: LabelComparison, objects: readonly number[], { theme, hue }: ComparisonStyle) {
  const { measured, measuredDeviation, predicted, predictedDeviation } = label;
  const bar = { stroke: theme.hues[hue], strokeWidth: 0.7, strokeOpacity: 0.75, clip: true } as const;
  return [
    Plot.link(objects, {
      x1: (object: number) => measured[object] - measuredDeviation[object],
      x2: (object: number) => measured[object] + measuredDeviation[object],
      y1: (object: number) => predicted[object],
      y2: (object: number) => predicted[object],
      ...bar,
    }),
    Plot.link(objects, {
      x1: (object: number) => measured[object],
      x2: (object: number) => measured[object],
      y1: (object: number) => predicted[object] - predictedDeviation[object],
      y2: (object: number) => predicted[object] + predictedDeviation[object],
      ...bar,
    }),
    Plot.dot(objects, {
      x: (object: number) => measured[object],
      y: (object: number) => predicted[object],
      r: 2.2,
      fill: theme.hues[hue],
      stroke: theme.paper,
      strokeWidth: 0.6,
      clip: true,
    }),
  ];
}

/** Evenly through the measured values, so that every part of their range is shown. */
function withErrors(measured: Float32Array): number[] {
  const order = Array.from(measured.keys()).sort((a, b) => measured[a] - measured[b]);
  if (order.length <= WITH_ERRORS) return order;
  return Array.from({ length: WITH_ERRORS }, (_, k) => order[Math.floor(((k + 0.5) / WITH_ERRORS) * order.length)]);
}

/** The one range that holds all but the outermost quarter per cent of both, at either end. */
function commonRange({ measured, predicted }: LabelComparison): Range {
  const ends = [measured, predicted].map((values) => {
    const sorted = Float32Array.from(values).sort();
    const cut = Math.floor(0.0025 * sorted.length);
    return [sorted[cut], sorted[sorted.length - 1 - cut]];
  });
  const low = Math.min(...ends.map(([end]) => end));
  const high = Math.max(...ends.map(([, end]) => end));
  const margin = high > low ? 0.06 * (high - low) : 1;
  return [low - margin, high + margin];
}

/** Scores in the upper left corner, which the one-to-one line leaves free. */
function scoreWords({ x, y }: Place, { scores }: LabelComparison, theme: Theme): string {
  const lines = [
    `RMSE ${printed(scores.rmse)}`,
    `robust scatter ${printed(scores.robust)}`,
    `in 68% interval: ${(100 * scores.coverage68).toFixed(1)}%`,
    `in 95% interval: ${(100 * scores.coverage95).toFixed(1)}%`,
  ];
  return lines.map((line, index) => words(x + 8, y + 17 + index * 14, line, { size: 10.5, fill: theme.ink })).join('');
}

function captionOf({ model, comparedOn }: LabelFigureData, comparisons: readonly LabelComparison[]): string {
  const some = comparisons.some(({ measured }) => measured.length > WITH_ERRORS)
    ? ` for ${WITH_ERRORS} objects spread over the range; the other dots are all other objects`
    : '';
  return (
    `Labels that ${model} predicts from spectra alone against those measured, for ${comparedOn}. Bars are one standard ` +
    `deviation of the measurement (across) and of the prediction (upright)${some}. On the line both agree. Robust scatter is ` +
    '1.48 times the median absolute deviation. The last lines say how many measurements lie within the stated intervals of ' +
    'both errors together; they should show 68% and 95%. Ranges leave out the outermost quarter per cent.'
  );
}
