import * as Plot from '@observablehq/plot';
import type { Figure, LatentData } from './figure-data.ts';
import { classLegend, type LatentStyle, pointsByClass, scatterPanel, shownRange } from './latent-panel.ts';
import { lineLabels } from './line-labels.ts';
import { percent, printed } from './numbers.ts';
import { panel, sheet, words } from './sheet.ts';
import type { LineMark } from './spectral-marks.ts';
import type { Range } from './square-panel.ts';
import { classHues, printTheme, type Theme } from './theme.ts';

/*
 * A track (VAE paper, Figs. 9–14): above, its path among the objects in latent space; below, the synthetic spectra
 * along it, set apart by offsets.
 */

/** A path through latent space and the spectra that the model makes along it. P pixels, Q latents. */
export interface TrackData {
  /** `Track of quiescent and emission-line along VAE 1`. */
  readonly title: string;
  readonly model: string;
  /** Classes whose objects are followed; none = all objects; null = no objects, one direction is changed alone. */
  readonly followed: readonly string[] | null;
  /** Length Q, of unit length, on axes of falling variance. */
  readonly along: Float64Array;
  /** `VAE 1`. */
  readonly alongLabel: string;
  readonly space: LatentData;
  readonly points: readonly TrackPoint[];
  /** Rest-frame vacuum ångström, length P. */
  readonly wavelength: Float64Array;
  readonly lines: readonly LineMark[];
}

export interface TrackPoint {
  /** `S1`. */
  readonly name: string;
  /** Reach of the bin along the track. */
  readonly low: number;
  readonly high: number;
  /** Objects in the bin; null when no objects are binned. */
  readonly objects: number | null;
  /** Length Q, on axes of falling variance. */
  readonly position: Float32Array;
  /** Length P: decoded at the point, and the scatter of true spectra about such. */
  readonly flux: Float32Array;
  readonly fluxDeviation: Float32Array;
}

const WIDTH = 960;
const LEFT = 62;
const RIGHT = 96;
const SIDE = 300;
const TOP = 56;
const GAP = 58;
const NAMES_HEIGHT = 34;
const SPECTRUM_HEIGHT = 92;

export function trackFigure(name: string, data: TrackData, theme: Theme = printTheme): Figure {
  const scatter = data.space.latents > 1 ? pathPanels(data, theme) : '';
  const top = scatter === '' ? 40 : TOP + SIDE + 56;
  const height = NAMES_HEIGHT + 90 + SPECTRUM_HEIGHT * data.points.length;
  const parts = [
    words(LEFT, 26, data.title, { size: 16, weight: 'bold', fill: theme.ink }),
    scatter,
    spectraPanel(top, height, data, theme),
  ];
  const caption = captionOf(data);
  const svg = sheet(name, WIDTH, top + height, `${data.title}. ${caption}`, parts, theme);
  return { name, title: data.title, caption, width: WIDTH, height: top + height, svg };
}

/** The track's main axis against the one or two other axes in which it goes furthest. */
function shownPairs({ along, points, space }: TrackData): [number, number][] {
  const axes = space.axes.map((_, axis) => axis);
  const main = axes.reduce((best, axis) => (Math.abs(along[axis]) > Math.abs(along[best]) ? axis : best), 0);
  const excursion = axes.map((axis) => {
    const values = points.map(({ position }) => position[axis]);
    return Math.max(...values) - Math.min(...values);
  });
  // Where nothing else moves, the axes of the largest variance.
  const others = axes.filter((axis) => axis !== main).sort((a, b) => excursion[b] - excursion[a] || a - b);
  return others
    .slice(0, 2)
    .sort((a, b) => a - b)
    .map((other) => [main, other]);
}

function pathPanels(data: TrackData, theme: Theme): string {
  const { space, points } = data;
  const classNames = [...new Set(space.objectClass.filter((name) => name !== null))];
  const style: LatentStyle = { theme, hues: classHues(byFrequency(space, classNames)) };
  const classes = pointsByClass(space, style);
  const pairs = shownPairs(data);
  const ranges = space.axes.map((_, axis) => withPoints(shownRange(space, axis, classes), points, axis));
  const drawn = pairs.map(([across, down], index) => {
    const place = { x: LEFT + index * (SIDE + GAP), y: TOP, side: SIDE, outer: { left: true, bottom: true } };
    const titled = (axis: number) => `${space.axes[axis].label} (${percent(space.axes[axis].varianceShare)})`;
    const titleStyle = { anchor: 'middle', fill: theme.ink } as const;
    return (
      scatterPanel(
        place,
        space,
        [across, down],
        [ranges[across], ranges[down]],
        classes,
        space.position.rows * pairs.length,
        style,
        pathMarks(data, across, down, theme),
      ) +
      words(place.x + SIDE / 2, TOP + SIDE + 34, titled(across), titleStyle) +
      words(place.x - 44, TOP + SIDE / 2, titled(down), { ...titleStyle, rotate: -90 })
    );
  });
  const legendLeft = LEFT + pairs.length * (SIDE + GAP) - 26;
  return drawn.join('') + classLegend(legendLeft, TOP + 16, classes, space.position.rows, style);
}

function byFrequency({ objectClass }: LatentData, names: readonly string[]): string[] {
  const count = (name: string) => objectClass.reduce((sum, own) => sum + (own === name ? 1 : 0), 0);
  const counts = new Map(names.map((name) => [name, count(name)]));
  return [...names].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
}

function withPoints([low, high]: Range, points: readonly TrackPoint[], axis: number): Range {
  const values = points.map(({ position }) => position[axis]);
  const margin = 0.05 * (high - low);
  return [Math.min(low, ...values.map((v) => v - margin)), Math.max(high, ...values.map((v) => v + margin))];
}

/** The path in ink over paper, so that it stands out on any colour; numbered where there is room. */
function pathMarks({ points }: TrackData, across: number, down: number, theme: Theme): Plot.Markish[] {
  const x = ({ position }: TrackPoint) => position[across];
  const y = ({ position }: TrackPoint) => position[down];
  return [
    Plot.line(points, { x, y, stroke: theme.paper, strokeWidth: 4.5 }),
    Plot.line(points, { x, y, stroke: theme.ink, strokeWidth: 1.8 }),
    Plot.dot(points, { x, y, r: 4, fill: theme.ink, stroke: theme.paper, strokeWidth: 1.5 }),
    Plot.text(points, {
      x,
      y,
      text: 'name',
      dy: -12,
      fontWeight: 'bold',
      fill: theme.ink,
      stroke: theme.paper,
      strokeWidth: 4,
    }),
  ];
}

function spectraPanel(y: number, height: number, data: TrackData, theme: Theme): string {
  const { points, wavelength, lines } = data;
  const stacked = stack(points);
  const shown = stacked.flatMap(({ drawn }) => [Math.min(...drawn), Math.max(...drawn)]);
  const [lowest, highest] = [Math.min(...shown), Math.max(...shown)];
  const margin = 0.03 * (highest - lowest) || 1;
  const domain: Range = [lowest - margin, highest + 2 * margin];
  const cut = stacked.flatMap(({ cutAt, drawn, peak }) =>
    cutAt === null ? [] : [{ wavelength: wavelength[cutAt], top: drawn[cutAt], text: printed(peak, 2) }],
  );
  const drawn = panel(0, y, theme, {
    width: WIDTH,
    height,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginTop: NAMES_HEIGHT,
    marginBottom: 44,
    x: {
      domain: [wavelength[0], wavelength[wavelength.length - 1]],
      label: 'Rest-frame wavelength (Å)',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: 'd',
    },
    y: { axis: null, domain },
    marks: [
      Plot.frame({ stroke: theme.faint }),
      ...stacked.map((strip, index) =>
        Plot.lineY(strip.drawn, {
          x: wavelength,
          // Neighbours differ, so that a line of one is not taken for the other's.
          stroke: index % 2 === 0 ? theme.hues.blue : theme.ink,
          strokeWidth: 1.1,
          clip: true,
        }),
      ),
      Plot.text(cut, {
        x: 'wavelength',
        y: 'top',
        text: 'text',
        dx: 4,
        dy: -3,
        textAnchor: 'start',
        fontSize: 9,
        fill: theme.ink,
        stroke: theme.paper,
        strokeWidth: 3,
      }),
    ],
  });
  const axis = {
    low: wavelength[0],
    high: wavelength[wavelength.length - 1],
    left: LEFT,
    right: WIDTH - RIGHT,
    top: y + NAMES_HEIGHT,
    bottom: y + height - 44,
  };
  const middle = (axis.top + axis.bottom) / 2;
  return (
    lineLabels(axis, lines, { tiers: 2, unnamed: 'left out', theme }) +
    drawn +
    pointNames(points, stacked, axis, domain, theme) +
    words(LEFT - 16, middle, 'Flux as the model makes it, with offsets', {
      anchor: 'middle',
      rotate: -90,
      fill: theme.ink,
    })
  );
}

/** One spectrum in its place on the sheet. */
interface Strip {
  /** Length P: flux and offset, peaks cut at the strip's ceiling. */
  readonly drawn: Float32Array;
  /** Pixel of the highest peak when it is cut, and its flux. */
  readonly cutAt: number | null;
  readonly peak: number;
}

/**
 * Each spectrum stands clear of the one above it but for its highest pixels, and no line is drawn higher than a
 * strip: one strong line would press all continua flat.
 */
function stack(points: readonly TrackPoint[]): Strip[] {
  const reach = points.map(({ flux }) => quantile(flux, 0.97) - quantile(flux, 0.01)).sort((a, b) => a - b);
  const strip = 1.25 * reach[reach.length >> 1];
  let offset = 0;
  return points.map(({ flux }, index) => {
    if (index > 0) {
      const above = points[index - 1].flux;
      const over = flux.map((value, pixel) => value - above[pixel]);
      offset -= Math.max(quantile(over, 0.9) + 0.5 * strip, 0.75 * strip);
    }
    const ceiling = quantile(flux, 0.9) + strip;
    const cutAt = flux.reduce((best, value, pixel) => (value > flux[best] ? pixel : best), 0);
    return {
      drawn: flux.map((value) => Math.min(value, ceiling) + offset),
      cutAt: flux[cutAt] > ceiling ? cutAt : null,
      peak: flux[cutAt],
    };
  });
}
function quantile(values: Float32Array, share: number): number {
  const sorted = values.slice().sort();
  return sorted[Math.round(share * (sorted.length - 1))];
}

/** Name and number of objects at the right end of a spectrum, at the height of its last stretch. */
function pointNames(
  points: readonly TrackPoint[],
  stacked: readonly Strip[],
  axis: { readonly right: number; readonly top: number; readonly bottom: number },
  [low, high]: Range,
  theme: Theme,
): string {
  const heights = stacked.map(({ drawn }) => {
    const end = quantile(drawn.subarray(Math.floor(0.9 * drawn.length)), 0.5);
    return axis.bottom - ((end - low) / (high - low)) * (axis.bottom - axis.top);
  });
  const x = axis.right + 8;
  return points
    .map(({ name, objects }, index) => {
      const y = heights[index];
      const count =
        objects === null
          ? ''
          : words(x, y + 11, `${objects.toLocaleString('en')} obj.`, { size: 10, fill: theme.muted });
      return words(x, y - 2, name, { weight: 'bold', size: 12, fill: theme.ink }) + count;
    })
    .join('');
}

function captionOf({ followed, alongLabel, model, points }: TrackData): string {
  const spectra = `Synthetic spectra that ${model} makes at the points, set apart by offsets; where the highest line is cut, its peak is written.`;
  if (followed === null) {
    return `${alongLabel} changes in equal steps through the centroid of all objects, nothing else does. ${spectra}`;
  }
  const who = followed.length === 0 ? 'All objects' : `Objects classed ${followed.join(' or ')}`;
  const counts = points.reduce((sum, { objects }) => sum + (objects ?? 0), 0);
  return (
    `${who} are binned along ${alongLabel}; each point is the centroid in latent space of those in its bin ` +
    `(${counts.toLocaleString('en')} objects in all). ${spectra}`
  );
}
