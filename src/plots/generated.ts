import * as Plot from '@observablehq/plot';
import { shade } from './colour-ramp.ts';
import type { Figure } from './figure-data.ts';
import type { GeneratedData, GeneratedSpectrum } from './generated-data.ts';
import { keyHeight, spectrumKey } from './generated-key.ts';
import { lineLabels } from './line-labels.ts';
import { logTicks } from './numbers.ts';
import { panel, sheet, words } from './sheet.ts';
import { pixelsBetween } from './spectrum-panel.ts';
import { printTheme, type Theme } from './theme.ts';

/*
 * Spectra that a model makes of labels or latents (Lalchand & Eilers 2025): all of them over each other, coloured by the
 * swept value, what they are to the middle one, and the stretches around their lines.
 */

const WIDTH = 960;
const LEFT = 58;
const RIGHT = 20;
const NAMES_HEIGHT = 34;
const MAIN_HEIGHT = 330;
const RATIO_HEIGHT = 150;
const WINDOW_HEIGHT = 190;
const AXIS_HEIGHT = 38;
/** Ratios beyond are those of fluxes next to 0. */
const RATIOS = [0.2, 5] as const;

export function generatedFigure(name: string, data: GeneratedData, theme: Theme = printTheme): Figure {
  const key = 50;
  const main = key + keyHeight(data) + 6;
  const ratio = main + NAMES_HEIGHT + MAIN_HEIGHT;
  const several = data.spectra.length > 1;
  const windows = ratio + (several ? RATIO_HEIGHT : 0) + AXIS_HEIGHT + 8;
  const height = windows + (data.windows.length > 0 ? WINDOW_HEIGHT + AXIS_HEIGHT : 0);
  const parts = [
    words(LEFT, 26, data.title, { size: 16, weight: 'bold', fill: theme.ink }),
    spectrumKey(LEFT, key, WIDTH - RIGHT, data, (spectrum) => colourOf(spectrum, data, theme), theme),
    mainPanel(main, data, !several, theme),
    ...(several ? [ratioPanel(ratio, data, theme)] : []),
    ...windowPanels(windows, data, theme),
  ];
  const caption = captionOf(data);
  const svg = sheet(name, WIDTH, height, `${data.title}. ${caption}`, parts, theme);
  return { name, title: data.title, caption, width: WIDTH, height, svg };
}

function colourOf({ value }: GeneratedSpectrum, { spectra }: GeneratedData, theme: Theme): string {
  if (spectra.length === 1) return theme.hues.blue;
  return shade(value, spectra[0].value, spectra[spectra.length - 1].value);
}

/**
 * The marks of all spectra, bands below lines, so that no band hides a line.
 *
 * @param lowest where bands are cut below: a logarithmic scale has no 0
 */
function spectrumMarks(
  data: GeneratedData,
  pixels: readonly number[],
  theme: Theme,
  lowest = Number.NEGATIVE_INFINITY,
): Plot.Markish[] {
  const x = (pixel: number) => data.wavelength[pixel];
  const bandOpacity = data.spectra.length > 1 ? 0.1 : 0.25;
  return [
    ...data.spectra.map((spectrum) =>
      Plot.areaY(pixels, {
        x,
        y1: (pixel: number) => Math.max(lowest, spectrum.flux[pixel] - spectrum.fluxDeviation[pixel]),
        y2: (pixel: number) => spectrum.flux[pixel] + spectrum.fluxDeviation[pixel],
        fill: colourOf(spectrum, data, theme),
        fillOpacity: bandOpacity,
        clip: true,
      }),
    ),
    ...data.spectra.flatMap((spectrum) =>
      spectrum.samples.map((sample) =>
        Plot.lineY(pixels, {
          x,
          y: (pixel: number) => sample[pixel],
          stroke: colourOf(spectrum, data, theme),
          strokeWidth: 0.6,
          strokeOpacity: 0.45,
          clip: true,
        }),
      ),
    ),
    ...data.spectra.map((spectrum) =>
      Plot.lineY(pixels, {
        x,
        y: (pixel: number) => spectrum.flux[pixel],
        stroke: colourOf(spectrum, data, theme),
        strokeWidth: 1.4,
        clip: true,
      }),
    ),
    Plot.frame({ stroke: theme.faint }),
  ];
}

const WAVELENGTH_AXIS = {
  label: 'Rest-frame wavelength (Å)',
  labelAnchor: 'center',
  labelArrow: 'none',
  tickFormat: 'd',
} as const;

function mainPanel(y: number, data: GeneratedData, withAxis: boolean, theme: Theme): string {
  const { wavelength } = data;
  const [low, high] = [wavelength[0], wavelength[wavelength.length - 1]];
  const pixels = Array.from(wavelength, (_, pixel) => pixel);
  const bottom = withAxis ? AXIS_HEIGHT : 6;
  const scale = fluxScale(data, pixels);
  const drawn = panel(0, y, theme, {
    width: WIDTH,
    height: NAMES_HEIGHT + MAIN_HEIGHT - 6 + bottom,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginTop: NAMES_HEIGHT,
    marginBottom: bottom,
    x: { domain: [low, high], ...(withAxis ? WAVELENGTH_AXIS : { axis: null }) },
    y: { label: null, ...scale },
    marks: spectrumMarks(data, pixels, theme, scale.domain[0]),
  });
  const axis = {
    low,
    high,
    left: LEFT,
    right: WIDTH - RIGHT,
    top: y + NAMES_HEIGHT,
    bottom: y + NAMES_HEIGHT + MAIN_HEIGHT - 6,
  };
  return (
    lineLabels(axis, data.lines, { tiers: 2, unnamed: 'left out', theme }) +
    drawn +
    words(14, (axis.top + axis.bottom) / 2, data.fluxLabel, { anchor: 'middle', rotate: -90, fill: theme.ink })
  );
}

/** Each spectrum over the middle one: what the sweep does, continuum and lines alike. */
function ratioPanel(y: number, data: GeneratedData, theme: Theme): string {
  const { wavelength, spectra, swept } = data;
  const middle = spectra[spectra.length >> 1];
  const pixels = Array.from(wavelength, (_, pixel) => pixel);
  const ratio =
    ({ flux }: GeneratedSpectrum) =>
    (pixel: number) =>
      middle.flux[pixel] > 0 ? flux[pixel] / middle.flux[pixel] : Number.NaN;
  const values = spectra.flatMap((spectrum) => pixels.map(ratio(spectrum))).filter(Number.isFinite);
  const [lowest, highest] = RATIOS;
  const reach = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [1, 1]);
  const domain = padded(Math.max(lowest, reach[0]), Math.min(highest, reach[1]));
  const drawn = panel(0, y, theme, {
    width: WIDTH,
    height: RATIO_HEIGHT + AXIS_HEIGHT,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginTop: 6,
    marginBottom: AXIS_HEIGHT,
    x: { domain: [wavelength[0], wavelength[wavelength.length - 1]], ...WAVELENGTH_AXIS },
    y: { label: null, ticks: 4, domain },
    marks: [
      Plot.ruleY([1], { stroke: theme.muted, strokeWidth: 0.6 }),
      ...spectra.map((spectrum) =>
        Plot.lineY(pixels, {
          x: (pixel: number) => wavelength[pixel],
          y: ratio(spectrum),
          stroke: colourOf(spectrum, data, theme),
          strokeWidth: 1.2,
          clip: true,
        }),
      ),
      Plot.frame({ stroke: theme.faint }),
    ],
  });
  const style = { anchor: 'middle', rotate: -90, fill: theme.ink } as const;
  const centre = y + 6 + (RATIO_HEIGHT - 6) / 2;
  return (
    drawn +
    words(14, centre, `over that of`, style) +
    words(27, centre, `${swept} ${Number(middle.value.toPrecision(4))}`, { ...style, size: 10 })
  );
}

function windowPanels(y: number, data: GeneratedData, theme: Theme): string[] {
  const gap = 42;
  const count = data.windows.length;
  const width = (WIDTH - LEFT - RIGHT - gap * (count - 1)) / count;
  return data.windows.map(({ name, low, high }, index) => {
    const pixels = pixelsBetween(data.wavelength, low, high);
    const x = LEFT + index * (width + gap);
    const drawn = panel(x - 40, y, theme, {
      width: width + 40,
      height: WINDOW_HEIGHT + AXIS_HEIGHT - 8,
      marginLeft: 40,
      marginRight: 0,
      marginTop: 20,
      marginBottom: 30,
      x: { domain: [low, high], label: null, ticks: 4, tickFormat: 'd' },
      y: { label: null, ticks: 4, domain: fluxReach(data, pixels) },
      marks: spectrumMarks(data, pixels, theme),
    });
    return drawn + words(x, y + 14, name, { weight: 'bold', fill: theme.ink });
  });
}

/** All lines and draws, and their bands but for the widest hundredth. */
function fluxReach({ spectra }: GeneratedData, pixels: readonly number[]): [number, number] {
  const lines = spectra.flatMap(({ flux, samples }) =>
    [flux, ...samples].flatMap((curve) => pixels.map((p) => curve[p])),
  );
  const below = spectra.flatMap(({ flux, fluxDeviation }) => pixels.map((p) => flux[p] - fluxDeviation[p]));
  const above = spectra.flatMap(({ flux, fluxDeviation }) => pixels.map((p) => flux[p] + fluxDeviation[p]));
  const low = lines.reduce((least, value) => Math.min(least, value), quantile(below, 0.01));
  const high = lines.reduce((most, value) => Math.max(most, value), quantile(above, 0.99));
  return padded(low, high);
}

/** Flux that spans more than this factor, and is nowhere 0, is drawn on a logarithmic scale. */
const WIDE = 6;

/** The scale of the whole spectra: continua of quasars fall by tens, and a linear scale would press their lines flat. */
function fluxScale(
  data: GeneratedData,
  pixels: readonly number[],
): Plot.ScaleOptions & { readonly domain: [number, number] } {
  const { low, high } = fluxExtremes(data);
  if (!(low > 0) || high / low < WIDE) return { ticks: 6, domain: fluxReach(data, pixels) };
  const domain: [number, number] = [low / 1.25, high * 1.1];
  return { type: 'log', domain, ticks: logTicks(...domain), tickFormat: (value: number) => String(value) };
}

function fluxExtremes({ spectra }: GeneratedData): { readonly low: number; readonly high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { flux, samples } of spectra) {
    for (const curve of [flux, ...samples]) {
      for (const value of curve) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  return { low, high };
}

function padded(low: number, high: number): [number, number] {
  const margin = high > low ? 0.05 * (high - low) : 1;
  return [low - margin, high + margin];
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.round(share * (sorted.length - 1))];
}

function captionOf({ model, swept, spectra }: GeneratedData): string {
  const band =
    'The bands are ±1σ of where single objects lie about the mean: what is left open, and the scatter about the model.';
  const draws = spectra.some(({ samples }) => samples.length > 0)
    ? ' Thin lines are draws from what is left open.'
    : '';
  if (swept === null || spectra.length === 1) return `The mean spectrum that ${model} makes. ${band}${draws}`;
  return (
    `Mean spectra that ${model} makes as ${swept} changes and all that is not fixed follows; the table gives the labels that ` +
    `go with them. ${band}${draws} Below, each over the middle one, and the lines enlarged.`
  );
}
