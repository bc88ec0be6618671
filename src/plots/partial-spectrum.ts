import * as Plot from '@observablehq/plot';
import type { Figure } from './figure-data.ts';
import type { LabelFigureData, PartialSpectrum } from './label-data.ts';
import { lineLabels } from './line-labels.ts';
import { legend, panel, sheet, textWidth, words } from './sheet.ts';
import {
  BAND_OPACITY,
  colourOf,
  fluxDomain,
  gapMarks,
  pixelsBetween,
  type SpectrumStyle,
  twoSigmaBand,
} from './spectrum-panel.ts';

/*
 * Spectra of which a model was shown a few windows (Lalchand & Eilers 2025): what it makes of the rest, with the data
 * that it was not shown behind; and below each, how far these stand off, on a scale that shows the band.
 */

const WIDTH = 960;
const LEFT = 58;
const RIGHT = 20;
const NAMES_HEIGHT = 52;
const PANEL_HEIGHT = 246;
const STRIP_HEIGHT = 112;
const AXIS_HEIGHT = 38;
const WINDOW_OPACITY = 0.16;

/** @param data with at least one partial spectrum */
export function partialFigure(name: string, data: LabelFigureData, style: SpectrumStyle): Figure {
  const { theme } = style;
  const { model, partial } = data;
  const title = `Spectra predicted from four windows by ${model}`;
  const key = legend(LEFT, 50, WIDTH - RIGHT, legendEntries(data, style), theme);
  const parts = [words(LEFT, 26, title, { size: 16, weight: 'bold', fill: theme.ink }), key.markup];
  let y = 42 + key.height;
  partial.forEach((object, index) => {
    const last = index === partial.length - 1;
    parts.push(spectrumPart(y, model, object, style), stripPart(y + PANEL_HEIGHT, model, object, last, style));
    y += PANEL_HEIGHT + STRIP_HEIGHT + (last ? AXIS_HEIGHT : 0);
  });
  const caption =
    `Held-out spectra of which ${model} was shown four narrow windows only (tinted). The line is what it makes of the whole ` +
    'spectrum, the band ±2σ of where it says that the spectrum without noise lies; the thin line behind is the observed flux that ' +
    'it was not shown. Below each, the same minus the prediction, enlarged. The intervals are those of prediction and noise ' +
    'together and should hold 68% and 95% of the pixels not shown.';
  return {
    name,
    title,
    caption,
    width: WIDTH,
    height: y,
    svg: sheet(name, WIDTH, y, `${title}. ${caption}`, parts, theme),
  };
}

function legendEntries({ model, partial }: LabelFigureData, style: SpectrumStyle) {
  const { theme } = style;
  const colour = colourOf(model, style);
  return [
    { label: 'shown to the model', colour: theme.ink, shape: 'line' as const },
    { label: 'windows', colour: theme.hues.orange, shape: 'band' as const, opacity: 2 * WINDOW_OPACITY },
    { label: 'observed, not shown', colour: theme.hues.grey, shape: 'line' as const },
    ...(partial.some(({ ivar }) => ivar.includes(0))
      ? [{ label: 'not observed', colour: theme.gap, shape: 'band' as const }]
      : []),
    { label: model, colour, shape: 'line' as const },
    { label: 'its ±2σ', colour, shape: 'band' as const, opacity: BAND_OPACITY },
    ...(partial.some(({ truth }) => truth !== null)
      ? [{ label: 'noise-free truth', colour: theme.ink, shape: 'dashed' as const }]
      : []),
  ];
}

function spectrumPart(y: number, model: string, object: PartialSpectrum, style: SpectrumStyle): string {
  const { theme } = style;
  const { wavelength, predicted: flux, deviation } = object;
  const [low, high] = [wavelength[0], wavelength[wavelength.length - 1]];
  const pixels = pixelsBetween(wavelength, low, high);
  const drawn = panel(0, y, theme, {
    ...frame(PANEL_HEIGHT, NAMES_HEIGHT, 4),
    x: { domain: [low, high], axis: null },
    y: { domain: fluxDomain(object, [{ flux, deviation }], pixels), label: null, ticks: 5 },
    marks: marksOf(object, pixels, 'whole', colourOf(model, style), style),
  });
  const edges = { top: y + NAMES_HEIGHT, bottom: y + PANEL_HEIGHT - 4 };
  const axis = { low, high, left: LEFT, right: WIDTH - RIGHT, ...edges };
  return (
    lineLabels(axis, object.lines, { tiers: 2, unnamed: 'left out', theme }) +
    drawn +
    headingOf(y + 20, object, style) +
    words(14, (edges.top + edges.bottom) / 2, style.fluxLabel, { anchor: 'middle', rotate: -90, fill: theme.ink })
  );
}

/** Everything minus the prediction. */
function stripPart(y: number, model: string, object: PartialSpectrum, last: boolean, style: SpectrumStyle): string {
  const { theme } = style;
  const { wavelength } = object;
  const [low, high] = [wavelength[0], wavelength[wavelength.length - 1]];
  const pixels = pixelsBetween(wavelength, low, high);
  const reach = stripReach(object);
  const drawn = panel(0, y, theme, {
    ...frame(STRIP_HEIGHT + (last ? AXIS_HEIGHT : 0), 4, last ? AXIS_HEIGHT : 14),
    x: {
      domain: [low, high],
      ...(last
        ? { label: 'Rest-frame wavelength (Å)', labelAnchor: 'center', labelArrow: 'none', tickFormat: 'd' }
        : { axis: null }),
    },
    y: { domain: [-reach, reach], label: null, ticks: 3 },
    marks: marksOf(object, pixels, 'minus prediction', colourOf(model, style), style),
  });
  const middle = y + (STRIP_HEIGHT - (last ? 0 : 10)) / 2;
  return drawn + words(14, middle, 'minus prediction', { anchor: 'middle', rotate: -90, size: 10, fill: theme.muted });
}

/** Most of the band and of the data about it. */
function stripReach({ flux, ivar, predicted, deviation }: PartialSpectrum): number {
  const residual = flux.map((value, pixel) => Math.abs(value - predicted[pixel])).filter((_, pixel) => ivar[pixel] > 0);
  const reach = Math.max(2 * quantile(deviation, 0.98), quantile(residual, 0.9));
  return reach > 0 && Number.isFinite(reach) ? 1.15 * reach : 1;
}

function quantile(values: Float32Array, share: number): number {
  const sorted = Float32Array.from(values).sort();
  return sorted.length === 0 ? 0 : sorted[Math.round(share * (sorted.length - 1))];
}

function frame(height: number, marginTop: number, marginBottom: number) {
  return { width: WIDTH, height, marginTop, marginBottom, marginLeft: LEFT, marginRight: RIGHT };
}

/** On the scale of the whole spectrum the truth would hide the prediction, and stands where nothing was observed. */
function marksOf(
  object: PartialSpectrum,
  pixels: readonly number[],
  scale: 'whole' | 'minus prediction',
  colour: string,
  { theme }: SpectrumStyle,
): Plot.Markish[] {
  const { wavelength, flux, ivar, truth, windows, predicted, deviation } = object;
  const x = (pixel: number) => wavelength[pixel];
  const place = (pixel: number, value: number) => (scale === 'whole' ? value : value - predicted[pixel]);
  const shown = (pixel: number) =>
    ivar[pixel] > 0 && windows.some(({ low, high }) => wavelength[pixel] >= low && wavelength[pixel] <= high);
  const line = (
    values: Float32Array,
    drawn: (pixel: number) => boolean,
    stroke: string,
    strokeWidth: number,
    dash?: string,
  ) =>
    Plot.lineY(pixels, {
      x,
      // Plot breaks a line where a value is NaN.
      y: (pixel: number) => (drawn(pixel) ? place(pixel, values[pixel]) : Number.NaN),
      stroke,
      strokeWidth,
      clip: true,
      ...(dash && { strokeDasharray: dash }),
    });
  const placed = predicted.map((value, pixel) => place(pixel, value));
  return [
    ...gapMarks(object, pixels, theme),
    Plot.rect(windows, { x1: 'low', x2: 'high', fill: theme.hues.orange, fillOpacity: WINDOW_OPACITY, clip: true }),
    line(flux, (pixel) => ivar[pixel] > 0, theme.hues.grey, 0.6),
    twoSigmaBand(wavelength, { flux: placed, deviation }, pixels, colour),
    line(flux, shown, theme.ink, 1),
    line(predicted, () => true, colour, 1.4),
    ...(truth === null
      ? []
      : [line(truth, (pixel) => scale !== 'whole' || ivar[pixel] === 0, theme.ink, 0.8, '3 2.5')]),
    Plot.frame({ stroke: theme.faint }),
  ];
}

function headingOf(y: number, { title, id, redshift, snr, hidden }: PartialSpectrum, { theme }: SpectrumStyle): string {
  const facts = [
    id,
    ...(redshift === null ? [] : [`z = ${redshift.toFixed(3)}`]),
    `median S/N ${snr.toFixed(snr < 10 ? 1 : 0)}`,
    `of ${hidden.pixels.toLocaleString('en')} pixels not shown, ${(100 * hidden.coverage68).toFixed(0)}% in the 68% interval, ` +
      `${(100 * hidden.coverage95).toFixed(0)}% in the 95%`,
  ];
  return (
    words(LEFT, y, title, { size: 13, weight: 'bold', fill: theme.ink }) +
    words(LEFT + textWidth(title, 13) * 1.1 + 14, y, facts.join('  ·  '), { fill: theme.muted })
  );
}
