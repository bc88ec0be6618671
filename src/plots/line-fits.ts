import * as Plot from '@observablehq/plot';
import type { Figure } from './figure-data.ts';
import { niceTicks } from './numbers.ts';
import { legend, panel, sheet, words } from './sheet.ts';
import { printTheme, type Theme } from './theme.ts';

/** The fits of one object's lines, complex by complex. */
export interface LineFitsData {
  /** `0266-51630-0215, emission-line, z = 0.0217`. */
  readonly title: string;
  readonly fluxLabel: string;
  readonly complexes: readonly {
    readonly name: string;
    /** χ² per degree of freedom. */
    readonly chi2: number;
    /** All of length n; rest-frame Å; `ivar` 0 = not observed. */
    readonly wavelength: Float64Array;
    readonly flux: Float64Array;
    readonly ivar: Float64Array;
    readonly continuum: Float64Array;
    /** Continuum and broad components; null where there are none. */
    readonly broad: Float64Array | null;
    readonly model: Float64Array;
  }[];
}

const COLUMNS = 2;
const PANEL = { width: 480, height: 230 };
const TOP = 78;

/** One panel for each complex: the spectrum, its continuum, broad components and the whole fit. */
export function lineFitsFigure(name: string, data: LineFitsData, theme: Theme = printTheme): Figure {
  const { complexes, title, fluxLabel } = data;
  const rows = Math.ceil(complexes.length / COLUMNS);
  const [width, height] = [COLUMNS * PANEL.width, TOP + rows * PANEL.height + 24];
  const key = legend(
    56,
    54,
    width - 20,
    [
      { label: 'observed, ±1σ', colour: theme.muted, shape: 'line' },
      { label: 'fit', colour: theme.hues.blue, shape: 'line' },
      { label: 'with broad components only', colour: theme.hues.purple, shape: 'line' },
      { label: 'continuum', colour: theme.hues.vermillion, shape: 'dashed' },
    ],
    theme,
  );
  const panels = complexes.map((complex, at) => {
    const [x, y] = [(at % COLUMNS) * PANEL.width, TOP + Math.floor(at / COLUMNS) * PANEL.height];
    return complexPanel(x, y, complex, theme);
  });
  const parts = [
    words(56, 28, title, { size: 16, weight: 'bold', fill: theme.ink }),
    key.markup,
    ...panels,
    words(16, TOP + (rows * PANEL.height) / 2, fluxLabel, { anchor: 'middle', fill: theme.ink, rotate: -90 }),
    words(width / 2, height - 8, 'Rest wavelength (Å, vacuum)', { anchor: 'middle', fill: theme.ink }),
  ];
  const caption =
    'The emission lines that were fitted together, each on starlight (dashed) that was fitted with the lines left out. ' +
    'χ² is per degree of freedom. Lines are averaged over pixels, as the data are.';
  return { name, title, caption, width, height, svg: sheet(name, width, height, caption, parts, theme) };
}

function complexPanel(x: number, y: number, complex: LineFitsData['complexes'][number], theme: Theme): string {
  const { wavelength, flux, ivar, continuum, broad, model, chi2 } = complex;
  const pixels = Array.from(wavelength.keys());
  const at = (pixel: number) => wavelength[pixel];
  const seen = (value: (pixel: number) => number) => (pixel: number) => (ivar[pixel] > 0 ? value(pixel) : Number.NaN);
  const sigma = (pixel: number) => 1 / Math.sqrt(ivar[pixel]);
  const observed = pixels.filter((pixel) => ivar[pixel] > 0);
  const shown = [...observed.map((pixel) => flux[pixel]), ...model, ...continuum];
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const margin = 0.08 * (high - low || 1);
  const domain = [low - margin, high + margin] as const;
  const line = (values: Float64Array, stroke: string, dash?: string) =>
    Plot.lineY(pixels, {
      x: at,
      y: (pixel: number) => values[pixel],
      stroke,
      strokeWidth: 1.5,
      clip: true,
      ...(dash && { strokeDasharray: dash }),
    });
  const drawn = panel(x, y, theme, {
    ...PANEL,
    marginLeft: 62,
    marginRight: 10,
    marginTop: 26,
    marginBottom: 28,
    x: { domain: [wavelength[0], wavelength[wavelength.length - 1]], label: null, ticks: 6, tickFormat: 'd' },
    y: { domain, label: null, ticks: niceTicks(domain[0], domain[1], 4) },
    marks: [
      Plot.areaY(pixels, {
        x: at,
        y1: seen((pixel) => flux[pixel] - sigma(pixel)),
        y2: seen((pixel) => flux[pixel] + sigma(pixel)),
        curve: 'step',
        fill: theme.band,
        clip: true,
      }),
      Plot.lineY(pixels, {
        x: at,
        y: seen((pixel) => flux[pixel]),
        curve: 'step',
        stroke: theme.muted,
        strokeWidth: 1,
        clip: true,
      }),
      line(continuum, theme.hues.vermillion, '5 3'),
      ...(broad === null ? [] : [line(broad, theme.hues.purple)]),
      line(model, theme.hues.blue),
      Plot.frame({ stroke: theme.faint }),
    ],
  });
  const heading = words(x + 62, y + 18, complex.name, { weight: 'bold', fill: theme.ink });
  const quality = words(x + PANEL.width - 10, y + 18, `χ² ${chi2.toFixed(2)}`, { anchor: 'end', fill: theme.muted });
  return heading + quality + drawn;
}
