import * as Plot from '@observablehq/plot';
import type { Figure } from './figure-data.ts';
import type { DecoderRelevance, LabelFigureData, LatentShares, RelevanceData } from './label-data.ts';
import { niceTicks, printedAlike } from './numbers.ts';
import { panel, sheet, textWidth, words } from './sheet.ts';
import type { Theme } from './theme.ts';

/*
 * Which latents matter: the inverse lengthscales of each decoder (automatic relevance determination), and below, in the
 * same columns, the share of each label and of the spectrum that hangs on each latent.
 */

const WIDTH = 960;
const RIGHT = 20;
const HEADING = 24;
const BARS_HEIGHT = 84;
const AXIS_HEIGHT = 40;
const ROW = 30;
/** Narrower columns leave no room for numbers. */
const MAXIMUM_LATENTS = 32;

/** Share from which the cell is too dark for dark words. */
const STRONG = 0.85;

interface Columns {
  /** Counted from 1. */
  readonly latents: readonly number[];
  readonly left: number;
  readonly width: number;
}

export function relevanceFigure(name: string, data: LabelFigureData, theme: Theme): Figure {
  const { relevance, model } = data;
  const columns = columnsOf(data);
  const title = `Which latents of ${model} matter`;
  const parts = [words(20, 26, title, { size: 16, weight: 'bold', fill: theme.ink })];
  let y = 40;
  for (const decoder of relevance.decoders) {
    parts.push(bars(y, decoder, columns, theme));
    y += HEADING + BARS_HEIGHT + 6;
  }
  parts.push(heatMap(y, relevance.shares, columns, theme));
  y += HEADING + relevance.shares.length * ROW + AXIS_HEIGHT + 6;
  const caption = captionOf(data, columns.latents.length);
  const width = columns.left + columns.width + RIGHT;
  return { name, title, caption, width, height: y, svg: sheet(name, width, y, `${title}. ${caption}`, parts, theme) };
}

function columnsOf({ latents, relevance }: LabelFigureData): Columns {
  const named = relevance.shares.map(({ name }) => textWidth(name, 12));
  const left = Math.min(240, Math.max(76, Math.max(...named) + 28));
  const shown = strongest(relevance, latents);
  return { latents: shown, left, width: Math.min(WIDTH - left - RIGHT, Math.max(460, shown.length * 56)) };
}

/** The latents that count most anywhere, in their own order. */
function strongest({ decoders, shares }: RelevanceData, latents: number): number[] {
  const all = Array.from({ length: latents }, (_, q) => q + 1);
  if (latents <= MAXIMUM_LATENTS) return all;
  const highest = (values: Float64Array) => Math.max(...values) || 1;
  const rows = [...decoders.map((decoder) => decoder.inverseLengthscale), ...shares.map(({ share }) => share)];
  const weight = (latent: number) => Math.max(...rows.map((values) => values[latent - 1] / highest(values)));
  return all
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, MAXIMUM_LATENTS)
    .sort((a, b) => a - b);
}

function heading(y: number, text: string, { left }: Columns, theme: Theme): string {
  return words(left, y + 16, text, { size: 12, fill: theme.muted });
}

function bars(y: number, { name, inverseLengthscale }: DecoderRelevance, columns: Columns, theme: Theme): string {
  const value = (latent: number) => inverseLengthscale[latent - 1];
  const highest = Math.max(...columns.latents.map(value)) || 1;
  const ticks = [0, ...niceTicks(0, highest, 3)];
  const texts = printedAlike(ticks);
  const drawn = panel(0, y + HEADING, theme, {
    ...across(columns),
    height: BARS_HEIGHT,
    marginTop: 6,
    marginBottom: 4,
    y: {
      domain: [0, 1.08 * highest],
      label: null,
      ticks,
      tickFormat: (_: number, index: number) => texts[index],
    },
    marks: [
      Plot.barY(columns.latents, {
        x: (latent: number) => latent,
        y: value,
        fill: theme.hues.blue,
        insetLeft: 3,
        insetRight: 3,
      }),
      Plot.ruleY([0], { stroke: theme.muted }),
    ],
  });
  return heading(y, `Inverse lengthscales, decoder of ${name}`, columns, theme) + drawn;
}

function heatMap(y: number, shares: readonly LatentShares[], columns: Columns, theme: Theme): string {
  const cells = shares.flatMap(({ name, share }) =>
    columns.latents.map((latent) => ({ name, latent, share: share[latent - 1] })),
  );
  const narrow = columns.width / columns.latents.length < 34;
  const drawn = panel(0, y + HEADING, theme, {
    ...across(columns),
    height: shares.length * ROW + AXIS_HEIGHT + 2,
    marginTop: 2,
    marginBottom: AXIS_HEIGHT,
    x: {
      type: 'band',
      domain: columns.latents,
      padding: 0,
      label: 'Latent',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickSize: 0,
      tickFormat: (latent: number) => `z${latent}`,
    },
    y: { type: 'band', domain: shares.map(({ name }) => name), padding: 0, label: null, tickSize: 0 },
    marks: [
      Plot.cell(cells, { x: 'latent', y: 'name', fill: theme.faint, fillOpacity: 0.35, inset: 1 }),
      Plot.cell(cells, { x: 'latent', y: 'name', fill: theme.hues.blue, fillOpacity: 'share', inset: 1 }),
      Plot.text(cells, {
        x: 'latent',
        y: 'name',
        text: ({ share }: { share: number }) => wholePercent(share),
        fill: ({ share }: { share: number }) => (share > STRONG ? theme.paper : theme.ink),
        fontSize: narrow ? 9 : 11,
      }),
    ],
  });
  return heading(y, 'Share that hangs on each latent, in per cent', columns, theme) + drawn;
}

function across({ latents, left, width }: Columns) {
  return {
    width: left + width + RIGHT,
    marginLeft: left,
    marginRight: RIGHT,
    x: { type: 'band', domain: latents, padding: 0, axis: null },
    opacity: { type: 'identity' },
  } as const;
}

function wholePercent(share: number): string {
  return share > 0 && share < 0.005 ? '<1' : (100 * share).toFixed(0);
}

function captionOf({ latents, model, relevance }: LabelFigureData, shown: number): string {
  const bars =
    relevance.decoders.length === 0
      ? ''
      : `Bars: inverse lengthscales of ${relevance.decoders.length === 1 ? 'the decoder' : 'each decoder'} of ${model}; ` +
        'what it decodes hardly depends on a latent whose bar is short beside the others. ';
  const left = shown < latents ? ` The ${shown} latents that count most of ${latents} are shown.` : '';
  return (
    `${bars}Cells: how much of each predicted label, and of the spectrum (mean over its pixels), hangs on each latent: half ` +
    'the mean squared change when an object’s latent is exchanged with another object’s, as a share of the sum over latents. ' +
    `A label whose share lies on latents that the spectrum uses can be told from spectra.${left}`
  );
}
