import type { Figure, RebuiltSpectrum, ReconstructionData, SpectralWindow } from './figure-data.ts';
import { lineLabels } from './line-labels.ts';
import { type LegendEntry, legend, panel, sheet, words } from './sheet.ts';
import {
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
 * each model in sigma, and spectral lines enlarged, a row for each number of latents.
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
    ...(data.truth === null || data.windows.length === 0
      ? []
      : [{ label: 'noise-free truth', colour: theme.ink, shape: 'dashed' as const }]),
  ];
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
  const enlarged = names.length === 0 ? '' : ` Below, enlarged: ${names.join('; ')}${rows}.`;
  return (
    `Observed flux with its ±1σ noise, and reconstructions from ${latentsWords(largest)}; χ² per pixel: ${scores.join(', ')}. ` +
    'Good residuals look like noise of width one; a run of pixels on one side of zero is a feature the model missed.' +
    enlarged
  );
}
