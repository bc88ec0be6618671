import * as Plot from '@observablehq/plot';
import type { Figure, TraversalData, TraversalStep } from './figure-data.ts';
import { lineLabels } from './line-labels.ts';
import { percent } from './numbers.ts';
import { panel, sheet, words } from './sheet.ts';
import type { Hue, Theme } from './theme.ts';

/*
 * What each latent axis does to a spectrum (VAE paper, Fig. 14): spectra decoded along one axis at a time through
 * the centroid of all objects. For PCA the differences are its components.
 */

const WIDTH = 960;
const LEFT = 58;
const RIGHT = 20;
const NAMES_HEIGHT = 34;
const CENTRE_HEIGHT = 190;
const AXIS_PANEL_HEIGHT = 118;
const MAXIMUM_AXES = 6;

export function traversalFigure(name: string, data: TraversalData, fluxLabel: string, theme: Theme): Figure {
  const axes = data.axes.slice(0, MAXIMUM_AXES);
  const title = `What the latents of ${data.model} do, ${data.latents} latent${data.latents === 1 ? '' : 's'}`;
  const steps = axes[0]?.spectra ?? [];
  const parts = [
    words(LEFT, 26, title, { size: 16, weight: 'bold', fill: theme.ink }),
    stepLegend(steps, theme),
    centrePanel(62, data, fluxLabel, theme),
  ];
  let y = 62 + CENTRE_HEIGHT;
  axes.forEach((axis, index) => {
    const last = index === axes.length - 1;
    parts.push(axisPanel(y, data, axis, last, theme));
    y += AXIS_PANEL_HEIGHT + (last ? 44 : 0);
  });
  const caption =
    'Top: the spectrum at the centre of latent space. Below: how it changes along each axis alone, as the difference ' +
    `from that spectrum, ${stepsInWords(steps)}. Axes stand in order of their ` +
    'share of the latent means’ variance; features that rise and fall together belong to one physical change.';
  const svg = sheet(name, WIDTH, y, `${title}. ${caption}`, parts, theme);
  return { name, title, caption, width: WIDTH, height: y, svg };
}

function stepsInWords(steps: readonly TraversalStep[]): string {
  return steps.some(({ quantile }) => quantile !== undefined)
    ? 'where the marked shares of the objects lie below'
    : 'at the marked numbers of standard deviations of the objects';
}

/** How far from the middle, negative below: what colours go by. */
function sideOf({ offset, quantile }: TraversalStep): number {
  return quantile === undefined ? offset : quantile - 0.5;
}

function stepName({ offset, quantile }: TraversalStep): string {
  if (quantile !== undefined) return `${Math.round(100 * quantile)}%`;
  return `${offset > 0 ? '+' : '−'}${Math.abs(offset)}σ`;
}

function stepLegend(steps: readonly TraversalStep[], theme: Theme): string {
  const width = 62;
  const said = steps.some(({ quantile }) => quantile !== undefined)
    ? words(LEFT + steps.length * width + 4, 50, 'of the objects lie below', { fill: theme.muted })
    : '';
  const swatches = steps.map((step, index) => {
    const x = LEFT + index * width;
    const colour = stepColour(step, steps, theme);
    const swatch = `<path d="M${x} 46h19" stroke="${colour.stroke}" stroke-opacity="${colour.opacity}" stroke-width="2.4" fill="none"/>`;
    return swatch + words(x + 24, 50, stepName(step), { fill: theme.ink });
  });
  return swatches.join('') + said;
}

/** Blue below the centre, vermillion above, stronger further out. */
function stepColour(
  step: TraversalStep,
  steps: readonly TraversalStep[],
  theme: Theme,
): { stroke: string; opacity: number } {
  const side = sideOf(step);
  const hue: Hue = side < 0 ? 'blue' : 'vermillion';
  const furthest = Math.max(...steps.map((other) => Math.abs(sideOf(other))));
  return { stroke: theme.hues[hue], opacity: Math.abs(side) > 0.99 * furthest ? 1 : 0.45 };
}

function centrePanel(y: number, data: TraversalData, fluxLabel: string, theme: Theme): string {
  const { wavelength } = data;
  const [low, high] = [wavelength[0], wavelength[wavelength.length - 1]];
  const drawn = panel(0, y, theme, {
    width: WIDTH,
    height: CENTRE_HEIGHT,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginTop: NAMES_HEIGHT,
    marginBottom: 8,
    x: { domain: [low, high], axis: null },
    y: { label: null, ticks: 4, nice: false, domain: padded(data.centre) },
    marks: [
      Plot.frame({ stroke: theme.faint }),
      Plot.lineY(data.centre, { x: wavelength, stroke: theme.ink, strokeWidth: 1.2, clip: true }),
    ],
  });
  const axis = { low, high, left: LEFT, right: WIDTH - RIGHT, top: y + NAMES_HEIGHT, bottom: y + CENTRE_HEIGHT - 8 };
  const middle = (axis.top + axis.bottom) / 2;
  return (
    lineLabels(axis, data.lines, { tiers: 2, unnamed: 'left out', theme }) +
    drawn +
    words(14, middle, fluxLabel, { anchor: 'middle', rotate: -90, fill: theme.ink })
  );
}

function axisPanel(
  y: number,
  data: TraversalData,
  axis: TraversalData['axes'][number],
  last: boolean,
  theme: Theme,
): string {
  const { wavelength, centre } = data;
  const bottom = last ? 44 : 6;
  const differences = axis.spectra.map(({ flux }) => flux.map((value, pixel) => value - centre[pixel]));
  const drawn = panel(0, y, theme, {
    width: WIDTH,
    height: AXIS_PANEL_HEIGHT - 6 + bottom,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginTop: 22,
    marginBottom: bottom,
    x: {
      domain: [wavelength[0], wavelength[wavelength.length - 1]],
      ...(last
        ? { label: 'Rest-frame wavelength (Å)', labelAnchor: 'center', labelArrow: 'none', tickFormat: 'd' }
        : { axis: null }),
    },
    y: { domain: padded(...differences), label: null, ticks: 3 },
    marks: [
      Plot.frame({ stroke: theme.faint }),
      Plot.ruleY([0], { stroke: theme.muted, strokeWidth: 0.6 }),
      ...axis.spectra.map((step, index) => stepLine(step, differences[index], wavelength, axis.spectra, theme)),
    ],
  });
  const share = `${percent(axis.varianceShare)} of the latent variance`;
  return (
    drawn +
    words(LEFT, y + 16, axis.label, { weight: 'bold', fill: theme.ink }) +
    words(WIDTH - RIGHT, y + 16, share, { anchor: 'end', size: 10, fill: theme.muted }) +
    words(14, y + 22 + (AXIS_PANEL_HEIGHT - 28) / 2, 'change', { anchor: 'middle', rotate: -90, fill: theme.ink })
  );
}

function stepLine(
  step: TraversalStep,
  difference: Float32Array,
  wavelength: Float64Array,
  steps: readonly TraversalStep[],
  theme: Theme,
): Plot.Markish {
  const { stroke, opacity } = stepColour(step, steps, theme);
  return Plot.lineY(difference, { x: wavelength, stroke, strokeOpacity: opacity, strokeWidth: 1.1, clip: true });
}

function padded(...curves: readonly Float32Array[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const curve of curves) {
    for (const value of curve) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!(high > low)) return [low - 1, low + 1];
  const margin = 0.07 * (high - low);
  return [low - margin, high + margin];
}
