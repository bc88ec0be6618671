import * as Plot from '@observablehq/plot';
import type { Figure } from './figure-data.ts';
import { logTicks, printed } from './numbers.ts';
import type { SearchData, SearchPoint } from './search-data.ts';
import { type LegendEntry, legend, panel, sheet, words } from './sheet.ts';
import { type Hue, printTheme, type Theme } from './theme.ts';

/*
 * A random search: error and latents in use of every trial against each quantity searched, coloured by how far the
 * trial was trained.
 */

const WIDTH = 960;
const AXIS = 74;
const ERROR_HEIGHT = 268;
const USE_HEIGHT = 176;
/** From the first rung to the last. */
const RUNG_HUES: readonly Hue[] = ['grey', 'sky', 'green', 'orange', 'purple', 'blue'];
const END_HUE: Hue = 'vermillion';

/** @param data of at least one trial with an error */
export function searchFigure(data: SearchData, theme: Theme = printTheme): Figure {
  const title = `Random search: ${data.model} with ${data.latents} latent${data.latents === 1 ? '' : 's'}`;
  const key = legend(20, 50, WIDTH - 20, legendEntries(data, theme), theme);
  const top = 46 + key.height;
  const width = Math.floor((WIDTH - AXIS - 8) / data.dimensions.length);
  const panels = data.dimensions.flatMap((_, index) => {
    const first = index === 0;
    const place = { x: first ? 0 : AXIS + index * width - 12, width: width + (first ? AXIS : 12), first };
    return [
      errorPanel(data, index, { ...place, y: top }, theme),
      usePanel(data, index, { ...place, y: top + ERROR_HEIGHT }, theme),
    ];
  });
  const axisTitles = [
    words(14, top + (ERROR_HEIGHT - 20) / 2, data.errorTitle, { anchor: 'middle', rotate: -90, fill: theme.ink }),
    words(14, top + ERROR_HEIGHT + (USE_HEIGHT - 40) / 2, 'Latents in use', {
      anchor: 'middle',
      rotate: -90,
      fill: theme.ink,
    }),
  ];
  const failures = data.failed === 0 ? '' : ` ${data.failed} failed and are not shown.`;
  const caption =
    `Every one of the ${data.trials.length + data.failed} trials by what was drawn for it, coloured by how far it was trained before it was given ` +
    'up. Above: the error on validation spectra that trials are ranked by, which does not contain λ; errors of trials ' +
    'given up early are those of unfinished training. The ring marks the best. Below: latents whose posterior is ' +
    `narrower than the prior.${failures}`;
  const height = top + ERROR_HEIGHT + USE_HEIGHT;
  const heading = words(20, 26, title, { size: 16, weight: 'bold', fill: theme.ink });
  const svg = sheet(
    data.name,
    WIDTH,
    height,
    `${title}. ${caption}`,
    [heading, key.markup, ...panels, ...axisTitles],
    theme,
  );
  return { name: data.name, title, caption, width: WIDTH, height, svg };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Has the axis on its left. */
  readonly first: boolean;
}

function errorPanel(data: SearchData, dimension: number, place: Place, theme: Theme): string {
  const domain = errorDomain(data.trials);
  return panel(place.x, place.y, theme, {
    width: place.width,
    height: ERROR_HEIGHT,
    marginLeft: place.first ? AXIS : 12,
    marginRight: 10,
    marginTop: 6,
    marginBottom: 14,
    x: { ...scaleOf(data, dimension), axis: null },
    y: {
      type: 'log',
      domain,
      ticks: logTicks(...domain),
      tickFormat: place.first ? (value: number) => printed(value) : () => '',
      tickSize: place.first ? 5 : 0,
      label: null,
      grid: true,
    },
    marks: [
      Plot.frame({ stroke: theme.faint }),
      ...trialDots(data, dimension, ({ error }) => Math.min(error, domain[1]), theme),
      Plot.dot(data.trials.slice(0, 1), {
        x: ({ values }: SearchPoint) => values[dimension],
        y: 'error',
        r: 8,
        stroke: theme.ink,
        strokeWidth: 1.6,
      }),
    ],
  });
}

function usePanel(data: SearchData, dimension: number, place: Place, theme: Theme): string {
  const counts = Array.from({ length: data.latents + 1 }, (_, count) => count);
  const step = Math.ceil(counts.length / 7);
  return panel(place.x, place.y, theme, {
    width: place.width,
    height: USE_HEIGHT,
    marginLeft: place.first ? AXIS : 12,
    marginRight: 10,
    marginTop: 6,
    marginBottom: 44,
    x: {
      ...scaleOf(data, dimension),
      label: data.dimensions[dimension].title,
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: {
      domain: [-0.5, data.latents + 0.5],
      ticks: counts.filter((count) => count % step === 0),
      tickFormat: place.first ? 'd' : () => '',
      tickSize: place.first ? 5 : 0,
      label: null,
      grid: true,
    },
    marks: [
      Plot.frame({ stroke: theme.faint }),
      ...trialDots(data, dimension, ({ latentsInUse }) => latentsInUse, theme),
    ],
  });
}

/** Those that came furthest are drawn last, on top. */
function trialDots(
  data: SearchData,
  dimension: number,
  y: (point: SearchPoint) => number,
  theme: Theme,
): Plot.Markish[] {
  return [
    Plot.dot(data.trials.toReversed(), {
      x: ({ values }: SearchPoint) => values[dimension],
      y,
      r: ({ rung }: SearchPoint) => (rung === data.rungs.length - 1 ? 5 : 3.6),
      fill: ({ rung }: SearchPoint) => theme.hues[hueOf(rung, data.rungs.length)],
      stroke: theme.paper,
      strokeWidth: 0.8,
    }),
  ];
}

function scaleOf({ dimensions }: SearchData, dimension: number) {
  const { low, high } = dimensions[dimension];
  const margin = (high / low) ** 0.03;
  return {
    type: 'log' as const,
    domain: [low / margin, high * margin],
    ticks: logTicks(low, high),
    tickFormat: (value: number) => printed(value),
  };
}

/** The best to the 90th of a hundred: a few hopeless ones, drawn at the edge, would squeeze the rest. */
function errorDomain(trials: readonly SearchPoint[]): [number, number] {
  const errors = trials.map(({ error }) => error).sort((a, b) => a - b);
  const high = errors[Math.floor(0.9 * (errors.length - 1))];
  return [errors[0] / 1.04, Math.max(high, errors[0] * 1.1) * 1.02];
}

function hueOf(rung: number, rungs: number): Hue {
  return rung === rungs - 1 ? END_HUE : RUNG_HUES[Math.min(rung, RUNG_HUES.length - 1)];
}

function legendEntries({ rungs, trials }: SearchData, theme: Theme): LegendEntry[] {
  return rungs.map((label, rung) => ({
    label: `${label} (${trials.filter((trial) => trial.rung === rung).length})`,
    colour: theme.hues[hueOf(rung, rungs.length)],
    shape: 'dot' as const,
  }));
}
