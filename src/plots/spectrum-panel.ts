import * as Plot from '@observablehq/plot';
import type { RebuiltSpectrum, ReconstructionData } from './figure-data.ts';
import type { Hue, Theme } from './theme.ts';

/* The marks of one panel that shows an observed spectrum and its reconstructions. */

export interface SpectrumStyle {
  readonly theme: Theme;
  readonly hues: ReadonlyMap<string, Hue>;
  readonly fluxLabel: string;
}

export function colourOf(model: string, { hues, theme }: SpectrumStyle): string {
  return theme.hues[hues.get(model) ?? 'grey'];
}

/** How strongly the model's own ±2σ band is inked. */
export const BAND_OPACITY = 0.24;

/** The model whose ±2σ band a panel shows: one that is alone in it. Several bands would hide each other. */
export function bandedModel(models: readonly RebuiltSpectrum[]): RebuiltSpectrum | null {
  return models.length === 1 && models[0].deviation !== undefined ? models[0] : null;
}

/**
 * Gaps, ±1σ band of the noise, ±2σ band of a model that is alone, observed flux, reconstructions and the truth, bottom
 * to top. On the scale of the whole spectrum the truth would only hide the reconstructions, and stands where nothing was
 * observed.
 */
export function spectrumMarks(
  data: ReconstructionData,
  models: readonly RebuiltSpectrum[],
  pixels: readonly number[],
  style: SpectrumStyle,
  scale: 'whole' | 'enlarged',
): Plot.Markish[] {
  const { wavelength, flux, ivar } = data;
  const { truth } = data;
  const banded = bandedModel(models);
  const weight = scale === 'enlarged' ? 1.6 : 1;
  const x = (pixel: number) => wavelength[pixel];
  const sigma = (pixel: number) => 1 / Math.sqrt(ivar[pixel]);
  // Plot breaks lines and areas where a value is NaN: a gap in the data is a gap in the drawing.
  const seen = (value: (pixel: number) => number) => (pixel: number) => (ivar[pixel] > 0 ? value(pixel) : Number.NaN);
  const { theme } = style;
  const line = (y: (pixel: number) => number, stroke: string, strokeWidth: number, strokeDasharray?: string) =>
    Plot.lineY(pixels, { x, y, stroke, strokeWidth, clip: true, ...(strokeDasharray && { strokeDasharray }) });
  return [
    ...gapMarks(data, pixels, theme),
    Plot.areaY(pixels, {
      x,
      y1: seen((pixel) => flux[pixel] - sigma(pixel)),
      y2: seen((pixel) => flux[pixel] + sigma(pixel)),
      fill: theme.band,
      clip: true,
    }),
    ...(banded === null ? [] : [twoSigmaBand(wavelength, banded, pixels, colourOf(banded.model, style))]),
    line(
      seen((pixel) => flux[pixel]),
      theme.muted,
      0.7 * weight,
    ),
    ...models.map((model) => line((pixel) => model.flux[pixel], colourOf(model.model, style), 1.3 * Math.sqrt(weight))),
    ...(truth === null
      ? []
      : [
          line(
            (pixel) => (scale === 'enlarged' || ivar[pixel] === 0 ? truth[pixel] : Number.NaN),
            theme.ink,
            0.9,
            '3 2.5',
          ),
        ]),
    Plot.frame({ stroke: theme.faint }),
  ];
}

/** Where a model says that the noise-free spectrum lies. */
export function twoSigmaBand(
  wavelength: Float64Array,
  { flux, deviation }: Pick<RebuiltSpectrum, 'flux' | 'deviation'>,
  pixels: readonly number[],
  fill: string,
): Plot.Markish {
  return Plot.areaY(pixels, {
    x: (pixel: number) => wavelength[pixel],
    y1: (pixel: number) => flux[pixel] - 2 * (deviation?.[pixel] ?? 0),
    y2: (pixel: number) => flux[pixel] + 2 * (deviation?.[pixel] ?? 0),
    fill,
    fillOpacity: BAND_OPACITY,
    clip: true,
  });
}

/** Flux minus model in units of the noise, held within ±5.5 so that the line leaves a ±5 panel where it leaves. */
export function residualMarks(
  data: ReconstructionData,
  model: RebuiltSpectrum,
  pixels: readonly number[],
  style: SpectrumStyle,
): Plot.Markish[] {
  const { wavelength, flux, ivar } = data;
  const { theme } = style;
  const residual = (pixel: number) =>
    ivar[pixel] > 0
      ? Math.min(Math.max((flux[pixel] - model.flux[pixel]) * Math.sqrt(ivar[pixel]), -5.5), 5.5)
      : Number.NaN;
  return [
    ...gapMarks(data, pixels, theme),
    Plot.rect([0], { y1: -1, y2: 1, fill: theme.band, fillOpacity: 0.7 }),
    Plot.ruleY([0], { stroke: theme.muted, strokeWidth: 0.6 }),
    Plot.lineY(pixels, {
      x: (pixel: number) => wavelength[pixel],
      y: residual,
      stroke: colourOf(model.model, style),
      strokeWidth: 0.8,
      clip: true,
    }),
    Plot.frame({ stroke: theme.faint }),
  ];
}

/** Unobserved stretches as pale columns, from the last pixel seen to the next. */
export function gapMarks(
  data: Pick<ReconstructionData, 'wavelength' | 'ivar'>,
  pixels: readonly number[],
  theme: Theme,
): Plot.Markish[] {
  const { wavelength, ivar } = data;
  const gaps: { from: number; to: number }[] = [];
  const first = pixels[0];
  const last = pixels[pixels.length - 1];
  let start = -1;
  for (const pixel of pixels) {
    if (ivar[pixel] === 0 && start < 0) start = pixel;
    if (start < 0 || (ivar[pixel] === 0 && pixel !== last)) continue;
    gaps.push({ from: wavelength[Math.max(start - 1, first)], to: wavelength[pixel] });
    start = -1;
  }
  return [Plot.rect(gaps, { x1: 'from', x2: 'to', fill: theme.gap, fillOpacity: 0.8, clip: true })];
}

/** S/N of a pixel that a panel shows whatever its noise. */
const WELL_MEASURED = 10;

/** A band widens a panel by at most this share of what it holds else: wide ones are cut. */
const BAND_ROOM = 0.12;

/**
 * What a panel must show: every model, the observed flux wherever its noise is ordinary or it is well measured, so that
 * a few pixels of outsized noise cannot squeeze the spectrum flat, and the ±2σ band of a model that is alone.
 */
export function fluxDomain(
  data: Pick<ReconstructionData, 'flux' | 'ivar'>,
  models: readonly Pick<RebuiltSpectrum, 'flux' | 'deviation'>[],
  pixels: readonly number[],
): [number, number] {
  const observed = pixels.filter((pixel) => data.ivar[pixel] > 0);
  const ivars = observed.map((pixel) => data.ivar[pixel]).sort((a, b) => a - b);
  const ordinary = (ivars[ivars.length >> 1] ?? 0) / 9;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const include = (value: number) => {
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const pixel of observed) {
    const flux = data.flux[pixel];
    // The peak of a strong line is noisy by its own light, and yet well measured.
    const wellMeasured = flux * Math.sqrt(data.ivar[pixel]) > WELL_MEASURED;
    if (wellMeasured || data.ivar[pixel] >= ordinary) include(flux);
  }
  for (const model of models) for (const pixel of pixels) include(model.flux[pixel]);
  if (low > high) return [0, 1];
  const room = BAND_ROOM * (high - low);
  const ends = { low: low - room, high: high + room };
  const [banded, other] = models;
  if (other === undefined && banded?.deviation !== undefined) {
    for (const pixel of pixels) {
      include(Math.max(ends.low, banded.flux[pixel] - 2 * banded.deviation[pixel]));
      include(Math.min(ends.high, banded.flux[pixel] + 2 * banded.deviation[pixel]));
    }
  }
  const margin = high > low ? 0.05 * (high - low) : 1;
  return [low - margin, high + margin];
}

/** Indices of the pixels between two wavelengths, with one more on either side so that lines reach the frame. */
export function pixelsBetween(wavelength: Float64Array, low: number, high: number): number[] {
  const pixels: number[] = [];
  for (let pixel = 0; pixel < wavelength.length; pixel++) {
    const before = wavelength[Math.max(pixel - 1, 0)];
    const after = wavelength[Math.min(pixel + 1, wavelength.length - 1)];
    if (after >= low && before <= high) pixels.push(pixel);
  }
  return pixels;
}
