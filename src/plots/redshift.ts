import * as Plot from '@observablehq/plot';
import type { Figure } from './figure-data.ts';
import { lineLabels } from './line-labels.ts';
import { printed } from './numbers.ts';
import { legend, panel, sheet, words } from './sheet.ts';
import type { LineMark } from './spectral-marks.ts';
import { printTheme, type Theme } from './theme.ts';

/*
 * One spectrum and its redshift: the data with the best model and the runner-up's, and how every other redshift compares.
 */

/** Arrays over the pixels of the data, observed vacuum ångström; NaN in a model = out of its reach. */
export interface RedshiftFigureData {
  readonly title: string;
  /** The redshift with its error, the survey's, and what is wrong, in a line of words. */
  readonly facts: readonly string[];
  readonly fluxLabel: string;
  readonly wavelength: Float64Array;
  readonly flux: Float64Array;
  /** 0 = not observed. */
  readonly ivar: Float64Array;
  readonly model: Float64Array;
  readonly runnerUp: { readonly z: number; readonly flux: Float64Array } | null;
  readonly z: number;
  /** Lines at their observed wavelengths. */
  readonly lines: readonly LineMark[];
  /** Redshifts of the scan and how much more each costs than the best, length of both. */
  readonly scan: { readonly z: Float64Array; readonly deltaChi2: Float64Array };
  /** Redshift that the file gives. */
  readonly surveyRedshift: number | null;
}

const WIDTH = 960;
const LEFT = 58;
const RIGHT = 20;
const NAMES_HEIGHT = 34;
const SPECTRUM_HEIGHT = 290;
const CURVE_HEIGHT = 210;
const TOP = 56;

export function redshiftFigure(name: string, data: RedshiftFigureData, theme: Theme = printTheme): Figure {
  const key = legend(LEFT, 66, WIDTH - RIGHT, legendEntries(data, theme), theme);
  const top = TOP + key.height;
  const height = top + SPECTRUM_HEIGHT + CURVE_HEIGHT;
  const caption =
    `Observed spectrum with the best model at z = ${data.z.toFixed(4)}` +
    (data.runnerUp === null ? '' : ` and, dashed, the runner-up’s at z = ${data.runnerUp.z.toFixed(4)}`) +
    '. Below: how much worse every other redshift fits the same pixels; a secure redshift stands alone at the bottom.';
  const parts = [
    words(LEFT, 26, data.title, { size: 16, weight: 'bold', fill: theme.ink }),
    words(LEFT, 45, data.facts.join('  ·  '), { size: 12, fill: theme.muted }),
    key.markup,
    spectrumPanel(top, data, theme),
    curvePanel(top + SPECTRUM_HEIGHT, data, theme),
  ];
  const svg = sheet(name, WIDTH, height, `${data.title}. ${caption}`, parts, theme);
  return { name, title: data.title, caption, width: WIDTH, height, svg };
}

function legendEntries(data: RedshiftFigureData, theme: Theme) {
  return [
    { label: 'observed', colour: theme.muted, shape: 'line' as const },
    { label: '±1σ noise', colour: theme.band, shape: 'band' as const },
    { label: `model at z = ${data.z.toFixed(4)}`, colour: theme.hues.vermillion, shape: 'line' as const },
    ...(data.runnerUp === null
      ? []
      : [
          {
            label: `runner-up at z = ${data.runnerUp.z.toFixed(4)}`,
            colour: theme.hues.blue,
            shape: 'dashed' as const,
          },
        ]),
  ];
}

function spectrumPanel(y: number, data: RedshiftFigureData, theme: Theme): string {
  const { wavelength, flux, ivar } = data;
  const [low, high] = [wavelength[0], wavelength[wavelength.length - 1]];
  const pixels = Array.from(wavelength.keys());
  const x = (pixel: number) => wavelength[pixel];
  const sigma = (pixel: number) => 1 / Math.sqrt(ivar[pixel]);
  // Plot breaks a line where a value is NaN: a gap in the data is a gap in the drawing.
  const seen = (value: (pixel: number) => number) => (pixel: number) => (ivar[pixel] > 0 ? value(pixel) : Number.NaN);
  const curve = (values: Float64Array, stroke: string, strokeDasharray?: string) =>
    Plot.lineY(pixels, {
      x,
      y: (pixel: number) => values[pixel],
      stroke,
      strokeWidth: 1.3,
      clip: true,
      ...(strokeDasharray && { strokeDasharray }),
    });
  const drawn = panel(0, y, theme, {
    width: WIDTH,
    height: SPECTRUM_HEIGHT,
    marginTop: NAMES_HEIGHT,
    marginBottom: 40,
    marginLeft: LEFT,
    marginRight: RIGHT,
    x: { domain: [low, high], ...axisTitle('Observed wavelength (Å)'), tickFormat: 'd' },
    y: { domain: shownRange(data), label: null, ticks: 5 },
    marks: [
      Plot.areaY(pixels, {
        x,
        y1: seen((pixel) => flux[pixel] - sigma(pixel)),
        y2: seen((pixel) => flux[pixel] + sigma(pixel)),
        fill: theme.band,
        clip: true,
      }),
      Plot.lineY(pixels, {
        x,
        y: seen((pixel) => flux[pixel]),
        stroke: theme.muted,
        strokeWidth: 0.7,
        clip: true,
      }),
      ...(data.runnerUp === null ? [] : [curve(data.runnerUp.flux, theme.hues.blue, '4 3')]),
      curve(data.model, theme.hues.vermillion),
      Plot.frame({ stroke: theme.faint }),
    ],
  });
  const [top, bottom] = [y + NAMES_HEIGHT, y + SPECTRUM_HEIGHT - 40];
  const axis = { low, high, left: LEFT, right: WIDTH - RIGHT, top, bottom };
  const label = words(14, (top + bottom) / 2, data.fluxLabel, { anchor: 'middle', rotate: -90, fill: theme.ink });
  return lineLabels(axis, data.lines, { tiers: 2, unnamed: 'left out', theme }) + drawn + label;
}

/** The scan in √Δχ², which shows both the well and the plain. */
function curvePanel(y: number, { scan, z, runnerUp, surveyRedshift }: RedshiftFigureData, theme: Theme): string {
  const places = Array.from(scan.z.keys());
  const depth = (place: number) => Math.sqrt(Math.max(0, scan.deltaChi2[place]));
  const marks = [
    { at: z, name: 'best', colour: theme.hues.vermillion },
    ...(runnerUp === null ? [] : [{ at: runnerUp.z, name: 'runner-up', colour: theme.hues.blue }]),
    ...(surveyRedshift === null ? [] : [{ at: surveyRedshift, name: 'survey', colour: theme.hues.green }]),
  ];
  const top = 34;
  const bottom = 42;
  const drawn = panel(0, y, theme, {
    width: WIDTH,
    height: CURVE_HEIGHT,
    marginTop: top,
    marginBottom: bottom,
    marginLeft: LEFT,
    marginRight: RIGHT,
    x: { ...axisTitle('Redshift'), domain: [scan.z[0], scan.z[scan.z.length - 1]] },
    y: {
      label: null,
      ticks: 4,
      grid: true,
      tickFormat: (value: number) => printed(value * value),
      domain: [0, Math.max(1, ...places.map(depth)) * 1.03],
    },
    marks: [
      Plot.frame({ stroke: theme.faint }),
      Plot.ruleX(marks, { x: 'at', stroke: 'colour', strokeDasharray: '2 3' }),
      Plot.lineY(places, {
        x: (place: number) => scan.z[place],
        y: depth,
        stroke: theme.ink,
        strokeWidth: 0.9,
        clip: true,
      }),
    ],
  });
  const key = legend(
    LEFT,
    y + 22,
    WIDTH - RIGHT,
    marks.map(({ at, name, colour }) => ({ label: `${name}: ${at.toFixed(4)}`, colour, shape: 'dashed' as const })),
    theme,
  );
  const middle = y + (top + CURVE_HEIGHT - bottom) / 2;
  return drawn + key.markup + words(14, middle, 'Δχ² (root scale)', { anchor: 'middle', rotate: -90, fill: theme.ink });
}

function axisTitle(label: string) {
  return { label, labelAnchor: 'center', labelArrow: 'none' } as const;
}

/** The models, and the flux wherever its noise is ordinary, so that a few wild pixels cannot squeeze the rest flat. */
function shownRange({ flux, ivar, model, runnerUp }: RedshiftFigureData): [number, number] {
  const observed = Array.from(ivar.filter((value) => value > 0)).sort((a, b) => a - b);
  const ordinary = (observed[observed.length >> 1] ?? 0) / 9;
  const shown = Array.from(flux).filter((_, i) => ivar[i] > 0 && ivar[i] >= ordinary);
  const values = [...shown, ...model, ...(runnerUp?.flux ?? [])].filter(Number.isFinite);
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = high > low ? 0.05 * (high - low) : 1;
  return [low - margin, high + margin];
}
