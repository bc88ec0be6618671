import * as Plot from '@observablehq/plot';
import type { Matrix } from '../base/index.ts';
import type { Figure, LatentAxis, LatentData } from './figure-data.ts';
import { axesInWords } from './latent-corner.ts';
import { MINIMUM_CLASS, pointsByClass, scatterPanel, shownRange } from './latent-panel.ts';
import { lineLabels } from './line-labels.ts';
import { percent } from './numbers.ts';
import { panel, sheet, words } from './sheet.ts';
import type { LineMark } from './spectral-marks.ts';
import { HUES, type Hue, printTheme, type Theme } from './theme.ts';

/* Clusters in latent space: where they lie, and the mean spectrum of each. */

export interface ClustersData {
  readonly model: string;
  readonly latents: number;
  /** `k-means`, `HDBSCAN`. */
  readonly method: string;
  readonly axes: readonly LatentAxis[];
  /** N × Q, on axes of falling variance. */
  readonly position: Matrix;
  /** Length N; −1 for noise. */
  readonly cluster: Int32Array;
  readonly fluxLabel: string;
  /** Rest-frame vacuum ångström, length P. */
  readonly wavelength: Float64Array;
  readonly lines: readonly LineMark[];
  /** By cluster. */
  readonly spectra: readonly {
    readonly objects: number;
    readonly mostlyOf: { readonly name: string; readonly share: number } | null;
    /** Length P; `seen` is 0 where too few members observed the pixel. */
    readonly flux: Float32Array;
    readonly seen: Uint8Array;
  }[];
}

const WIDTH = 960;
const LEFT = 62;
const RIGHT = 20;
const TOP = 62;
const GAP = 64;
const SIDE = 400;
const BAND_HEIGHT = 74;
const NOISE = 'in no cluster';

export function clustersFigure(name: string, data: ClustersData, theme: Theme = printTheme): Figure {
  const count = data.spectra.length;
  const title = `${count} cluster${count === 1 ? '' : 's'} in the latent space of ${data.model}, by ${data.method}`;
  const bottom = TOP + SIDE + 58;
  const height = bottom + 34 + Math.max(1, count) * BAND_HEIGHT + 44;
  const parts = [
    words(LEFT, 30, title, { size: 16, weight: 'bold', fill: theme.ink }),
    ...scatters(data, theme),
    ...meanSpectra(bottom, data, theme),
  ];
  const caption =
    `Latent means of ${data.position.rows.toLocaleString('en')} objects, ${axesInWords(data.axes)} and coloured by ` +
    'cluster (grey: in none), and below the mean spectrum of each cluster with its commonest class; the clustering was not ' +
    'told the classes.';
  return {
    name,
    title,
    caption,
    width: WIDTH,
    height,
    svg: sheet(name, WIDTH, height, `${title}. ${caption}`, parts, theme),
  };
}

function hueOf(cluster: number): Hue {
  const free = HUES.filter((hue) => hue !== 'grey');
  return free[cluster % free.length];
}

function nameOf(cluster: number): string {
  return cluster < 0 ? NOISE : `cluster ${cluster}`;
}

/** The first axis against the second and the third, as far as there are such. */
function scatters(data: ClustersData, theme: Theme): string[] {
  const latent: LatentData = { ...data, objectClass: Array.from(data.cluster, nameOf) };
  const hues = new Map<string, Hue>([
    [NOISE, 'grey'],
    ...data.spectra.map((_, c): [string, Hue] => [nameOf(c), hueOf(c)]),
  ]);
  const style = { theme, hues };
  const classes = pointsByClass(latent, style);
  const pairs = (
    [
      [0, 1],
      [0, 2],
    ] as const
  ).filter(([, down]) => down < data.axes.length);
  const range = (axis: number) => shownRange(latent, axis, classes, MINIMUM_CLASS);
  return pairs.flatMap(([across, down], index) => {
    const place = { x: LEFT + index * (SIDE + GAP), y: TOP, side: SIDE, outer: { left: true, bottom: true } };
    const label = (axis: number) => `${data.axes[axis].label} (${percent(data.axes[axis].varianceShare)})`;
    return [
      scatterPanel(place, latent, [across, down], [range(across), range(down)], classes, 2 * data.position.rows, style),
      words(place.x + SIDE / 2, TOP + SIDE + 38, label(across), { anchor: 'middle', fill: theme.ink }),
      words(place.x - 42, TOP + SIDE / 2, label(down), { anchor: 'middle', rotate: -90, fill: theme.ink }),
    ];
  });
}

/** One band a cluster, each on the same scale, so that levels and shapes can be compared. */
function meanSpectra(top: number, data: ClustersData, theme: Theme): string[] {
  const { wavelength, spectra } = data;
  const [low, high] = [wavelength[0], wavelength[wavelength.length - 1]];
  const pixels = Array.from(wavelength.keys());
  const first = top + 30;
  const last = first + spectra.length * BAND_HEIGHT;
  const axis = { low, high, left: LEFT, right: WIDTH - RIGHT, top: first, bottom: last };
  return [
    lineLabels(axis, data.lines, { tiers: 2, unnamed: 'left out', theme }),
    ...spectra.map(({ flux, seen, objects, mostlyOf }, cluster) => {
      const y = first + cluster * BAND_HEIGHT;
      const isLast = cluster === spectra.length - 1;
      const drawn = panel(0, y, theme, {
        width: WIDTH,
        height: BAND_HEIGHT + (isLast ? 40 : 0),
        marginTop: 2,
        marginBottom: isLast ? 42 : 2,
        marginLeft: LEFT,
        marginRight: RIGHT,
        x: {
          domain: [low, high],
          ...(isLast
            ? { label: 'Rest-frame wavelength (Å)', labelAnchor: 'center', labelArrow: 'none', tickFormat: 'd' }
            : { axis: null }),
        },
        y: { domain: shownFlux(flux, seen), label: null, ticks: 3 },
        marks: [
          Plot.lineY(pixels, {
            x: (p: number) => wavelength[p],
            y: (p: number) => (seen[p] === 1 ? flux[p] : Number.NaN),
            stroke: theme.hues[hueOf(cluster)],
            strokeWidth: 1.1,
            clip: true,
          }),
          Plot.frame({ stroke: theme.faint }),
        ],
      });
      const kind = mostlyOf === null ? '' : `, ${percent(mostlyOf.share)} ${mostlyOf.name}`;
      const title = `${nameOf(cluster)}: ${objects.toLocaleString('en')} objects${kind}`;
      return drawn + words(WIDTH - RIGHT - 8, y + 16, title, { anchor: 'end', fill: theme.ink });
    }),
    words(14, (first + last) / 2, data.fluxLabel, { anchor: 'middle', rotate: -90, fill: theme.ink }),
  ];
}

function shownFlux(flux: Float32Array, seen: Uint8Array): [number, number] {
  const values = flux.filter((_, p) => seen[p] === 1);
  if (values.length === 0) return [0, 1];
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const margin = high > low ? high - low : 1;
  // More above, where the title stands.
  return [low - 0.06 * margin, high + 0.3 * margin];
}
