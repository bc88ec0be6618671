import type { Figure, RebuiltSpectrum, ReconstructionData } from './figure-data.ts';
import { lineLabels } from './line-labels.ts';
import { type LegendEntry, legend, panel, sheet, words } from './sheet.ts';
import type { SpectralWindow } from './spectral-marks.ts';
import {
  BAND_OPACITY,
  bandedModel,
  colourOf,
  fluxDomain,
  pixelsBetween,
  residualMarks,
  type SpectrumStyle,
  spectrumMarks,
} from './spectrum-panel.ts';
import type { Theme } from './theme.ts';

/*
 * One object, observed and rebuilt (VAE paper, Figs. 4–7): the whole spectrum with its ±1σ band, the residuals of
 * each model in sigma, and spectral lines enlarged, a row for each number of latents. A model that is alone has its own
 * ±2σ band (Lalchand & Eilers 2025).
 */

const WIDTH = 960;
const LEFT = 58;
const RIGHT = 20;
const FULL_HEIGHT = 232;
const RESIDUAL_HEIGHT = 76;
const ZOOM_HEIGHT = 196;
const NAMES_HEIGHT = 34;
const AXIS_HEIGHT = 38;

export function reconstructionFigure(name: string, data: ReconstructionData, style: SpectrumStyle): Figure {
  const { theme } = style;
  const counts = [...new Set(data.models.map(({ latents }) => latents))].sort((a, b) => a - b);
  const most = data.models.filter(({ latents }) => latents === counts[counts.length - 1]);
  const key = legend(LEFT, 66, WIDTH - RIGHT, legendEntries(data, style), theme);
  const parts = [...heading(data, theme), key.markup];
  let y = 56 + key.height;
  parts.push(wholeSpectrum(y, data, most, style));
  y += FULL_HEIGHT;
  most.forEach((model, index) => {
    const last = index === most.length - 1;
    parts.push(residuals(y, data, model, last, style));
    y += RESIDUAL_HEIGHT + (last ? AXIS_HEIGHT : 0);
  });
  y += 8;
  const gap = hasBand(data) ? widestGap(data) : null;
  if (gap !== null) {
    parts.push(gapRow(y, gap, data, most, style));
    y += ZOOM_HEIGHT + 20;
  }
  if (data.windows.length > 0) {
    for (const count of counts) {
      const last = count === counts[counts.length - 1];
      parts.push(zoomRow(y, data, count, last, style));
      y += ZOOM_HEIGHT + (last ? 20 : 0);
    }
  }
  const caption = captionOf(data, counts);
  const title = `${data.title}: ${data.id}`;
  const svg = sheet(name, WIDTH, y, `${title}. ${caption}`, parts, theme);
  return { name, title, caption, width: WIDTH, height: y, svg };
}

function heading(data: ReconstructionData, theme: Theme): string[] {
  const facts = [
    data.id,
    ...(data.redshift === null ? [] : [`z = ${data.redshift.toFixed(3)}`]),
    `median S/N ${data.snr.toFixed(data.snr < 10 ? 1 : 0)} per pixel`,
  ];
  return [
    words(LEFT, 26, data.title, { size: 16, weight: 'bold', fill: theme.ink }),
    words(LEFT, 45, facts.join('  ·  '), { size: 12, fill: theme.muted }),
  ];
}

function legendEntries(data: ReconstructionData, style: SpectrumStyle): LegendEntry[] {
  const names = [...new Set(data.models.map(({ model }) => model))];
  const { theme } = style;
  return [
    { label: 'observed', colour: theme.muted, shape: 'line' },
    { label: '±1σ noise', colour: theme.band, shape: 'band' },
    ...(data.ivar.includes(0) ? [{ label: 'not observed', colour: theme.gap, shape: 'band' as const }] : []),
    ...names.map((name) => ({ label: name, colour: colourOf(name, style), shape: 'line' as const })),
    ...(hasBand(data)
      ? names.map((name) => ({
          label: 'its ±2σ',
          colour: colourOf(name, style),
          shape: 'band' as const,
          opacity: BAND_OPACITY,
        }))
      : []),
    ...(data.truth === null || (data.windows.length === 0 && !data.ivar.includes(0))
      ? []
      : [{ label: 'noise-free truth', colour: theme.ink, shape: 'dashed' as const }]),
  ];
}

/** Whether a single model is rebuilt at each number of latents, which has its band drawn. */
function hasBand({ models }: ReconstructionData): boolean {
  return new Set(models.map(({ model }) => model)).size === 1 && models.some((model) => bandedModel([model]) !== null);
}

function wholeSpectrum(
  y: number,
  data: ReconstructionData,
  models: readonly RebuiltSpectrum[],
  style: SpectrumStyle,
): string {
  const [low, high] = [data.wavelength[0], data.wavelength[data.wavelength.length - 1]];
  const pixels = pixelsBetween(data.wavelength, low, high);
  const drawn = panel(0, y, style.theme, {
    ...frame(WIDTH, FULL_HEIGHT, NAMES_HEIGHT, 4),
    x: { domain: [low, high], axis: null },
    y: { domain: fluxDomain(data, models, pixels), label: null, ticks: 5 },
    marks: spectrumMarks(data, models, pixels, style, 'whole'),
  });
  const axis = { low, high, left: LEFT, right: WIDTH - RIGHT, top: y + NAMES_HEIGHT, bottom: y + FULL_HEIGHT - 4 };
  const middle = (axis.top + axis.bottom) / 2;
  return (
    lineLabels(axis, data.lines, { tiers: 2, unnamed: 'left out', theme: style.theme }) +
    drawn +
    words(14, middle, style.fluxLabel, { anchor: 'middle', rotate: -90, fill: style.theme.ink })
  );
}

function residuals(
  y: number,
  data: ReconstructionData,
  model: RebuiltSpectrum,
  last: boolean,
  style: SpectrumStyle,
): string {
  const { theme } = style;
  const { wavelength } = data;
  const [low, high] = [wavelength[0], wavelength[wavelength.length - 1]];
  const top = 20;
  const drawn = panel(0, y, theme, {
    ...frame(WIDTH, RESIDUAL_HEIGHT + (last ? AXIS_HEIGHT : 0), top, last ? AXIS_HEIGHT : 0.5),
    x: {
      domain: [low, high],
      ...(last ? { ...WAVELENGTH_AXIS, tickFormat: 'd' } : { axis: null }),
    },
    y: { domain: [-5, 5], label: null, ticks: [-4, 0, 4], tickFormat: signed },
    marks: residualMarks(data, model, pixelsBetween(wavelength, low, high), style),
  });
  const title = `${model.model} residual in σ, ${latentsWords(model.latents)}, χ²/pixel ${model.chi2PerPixel.toFixed(2)}`;
  return drawn + words(LEFT, y + top - 5, title, { size: 10.5, fill: theme.muted });
}

/** Pixels that a gap must have to be enlarged. */
const LEAST_GAP = 20;

/** The longest stretch that was not observed, with a little of what stands beside it; null where all are short. */
function widestGap({ wavelength, ivar }: ReconstructionData): { readonly low: number; readonly high: number } | null {
  let widest = { from: 0, pixels: 0 };
  let from = 0;
  ivar.forEach((value, pixel) => {
    if (value > 0) from = pixel + 1;
    else if (pixel + 1 - from > widest.pixels) widest = { from, pixels: pixel + 1 - from };
  });
  if (widest.pixels < LEAST_GAP) return null;
  const beside = Math.ceil(widest.pixels / 12);
  const last = Math.min(widest.from + widest.pixels - 1 + beside, wavelength.length - 1);
  return { low: wavelength[Math.max(widest.from - beside, 0)], high: wavelength[last] };
}

/** Where the model predicts without data. */
function gapRow(
  y: number,
  { low, high }: { readonly low: number; readonly high: number },
  data: ReconstructionData,
  models: readonly RebuiltSpectrum[],
  style: SpectrumStyle,
): string {
  const { theme } = style;
  const pixels = pixelsBetween(data.wavelength, low, high);
  const bottom = y + ZOOM_HEIGHT - 18;
  const drawn = panel(0, y, theme, {
    ...frame(WIDTH, ZOOM_HEIGHT - 18 + AXIS_HEIGHT, NAMES_HEIGHT, AXIS_HEIGHT),
    x: { domain: [low, high], ...WAVELENGTH_AXIS, tickFormat: 'd' },
    y: { domain: gapDomain(data, models, pixels), label: null, ticks: 4 },
    marks: spectrumMarks(data, models, pixels, style, 'enlarged'),
  });
  const axis = { low, high, left: LEFT, right: WIDTH - RIGHT, top: y + NAMES_HEIGHT, bottom };
  const title = { anchor: 'middle', rotate: -90, weight: 'bold', fill: theme.ink } as const;
  return (
    lineLabels(axis, data.lines, { tiers: 2, unnamed: 'ticked', theme }) +
    drawn +
    words(14, (axis.top + bottom) / 2, 'not observed', title)
  );
}

/** Of band and truth in the gap alone: spectra are often noisiest where they end. */
function gapDomain(
  { ivar, truth }: ReconstructionData,
  [{ flux, deviation }]: readonly RebuiltSpectrum[],
  pixels: readonly number[],
): [number, number] {
  const shown = pixels
    .filter((pixel) => ivar[pixel] === 0)
    .flatMap((pixel) => {
      const width = 2 * (deviation?.[pixel] ?? 0);
      return [flux[pixel] - width, flux[pixel] + width, truth?.[pixel] ?? flux[pixel]];
    });
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const margin = high > low ? 0.05 * (high - low) : 1;
  return [low - margin, high + margin];
}

function zoomRow(y: number, data: ReconstructionData, count: number, last: boolean, style: SpectrumStyle): string {
  const windows = data.windows.slice(0, 3);
  const width = Math.round(WIDTH / windows.length);
  const middle = y + (NAMES_HEIGHT + ZOOM_HEIGHT - 24) / 2;
  const title = words(14, middle, latentsWords(count), {
    anchor: 'middle',
    rotate: -90,
    weight: 'bold',
    fill: style.theme.ink,
  });
  return (
    title + windows.map((window, column) => zoom(column * width, y, width, window, data, count, last, style)).join('')
  );
}

function zoom(
  x: number,
  y: number,
  width: number,
  { low, high }: SpectralWindow,
  data: ReconstructionData,
  count: number,
  last: boolean,
  style: SpectrumStyle,
): string {
  const pixels = pixelsBetween(data.wavelength, low, high);
  const models = data.models.filter(({ latents }) => latents === count);
  const bottom = last ? AXIS_HEIGHT : 24;
  const drawn = panel(x, y, style.theme, {
    ...frame(width, ZOOM_HEIGHT - 24 + bottom, NAMES_HEIGHT, bottom),
    x: {
      domain: [low, high],
      ...(last ? WAVELENGTH_AXIS : { label: null }),
      ticks: Math.max(3, Math.round(width / 90)),
      tickFormat: 'd',
    },
    // The same range in every row of a column, so that rows can be compared.
    y: { domain: fluxDomain(data, data.models, pixels), label: null, ticks: 4 },
    marks: spectrumMarks(data, models, pixels, style, 'enlarged'),
  });
  const frameEdges = { top: y + NAMES_HEIGHT, bottom: y + ZOOM_HEIGHT - 24 };
  const axis = { low, high, left: x + LEFT, right: x + width - RIGHT, ...frameEdges };
  return lineLabels(axis, data.lines, { tiers: 2, unnamed: 'ticked', theme: style.theme }) + drawn;
}

const WAVELENGTH_AXIS = {
  label: 'Rest-frame wavelength (Å)',
  labelAnchor: 'center',
  labelArrow: 'none',
} as const;

function frame(width: number, height: number, marginTop: number, marginBottom: number) {
  return { width, height, marginTop, marginBottom, marginLeft: LEFT, marginRight: RIGHT };
}

function signed(value: number): string {
  return value === 0 ? '0' : `${value > 0 ? '+' : '−'}${Math.abs(value)}`;
}

function latentsWords(count: number): string {
  return `${count} latent${count === 1 ? '' : 's'}`;
}

function captionOf(data: ReconstructionData, counts: readonly number[]): string {
  const largest = counts[counts.length - 1];
  const scores = data.models
    .filter(({ latents }) => latents === largest)
    .map(({ model, chi2PerPixel }) => `${model} ${chi2PerPixel.toFixed(2)}`);
  const rows = counts.length > 1 ? `, one row for each number of latents (${counts.join(', ')})` : '';
  const names = data.windows.slice(0, 3).map(({ name }) => name);
  const gap = hasBand(data) && widestGap(data) !== null ? ['the widest stretch without data'] : [];
  const below = [...gap, ...names];
  const enlarged = below.length === 0 ? '' : ` Below, enlarged: ${below.join('; ')}${rows}.`;
  return (
    `Observed flux with its ±1σ noise, and reconstructions from ${latentsWords(largest)}; χ² per pixel: ${scores.join(', ')}. ` +
    (hasBand(data)
      ? 'The coloured band, ±2σ, is where the model says that the spectrum without noise lies; it widens where nothing was observed. '
      : '') +
    'Good residuals look like noise of width one; a run of pixels on one side of zero is a feature the model missed.' +
    enlarged
  );
}
