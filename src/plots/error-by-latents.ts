import * as Plot from '@observablehq/plot';
import type { ErrorPoint, Figure } from './figure-data.ts';
import { logTicks, printed } from './numbers.ts';
import { legend, panel, sheet, textWidth, words } from './sheet.ts';
import type { Hue, Theme } from './theme.ts';

/*
 * Reconstruction error of each model, over all objects and by class (VAE paper, Fig. 3): against the number of
 * latents where several were tried, otherwise side by side.
 */

const WIDTH = 960;
const TITLE = 'Reconstruction error';

export interface ErrorStyle {
  readonly theme: Theme;
  readonly hues: ReadonlyMap<string, Hue>;
  /** Classes in the order to show, after all objects. */
  readonly classes: readonly string[];
}

/** @param points at least one; all of positive error */
export function errorFigure(name: string, points: readonly ErrorPoint[], style: ErrorStyle): Figure {
  const counts = new Set(points.map(({ latents }) => latents));
  return counts.size > 1 ? againstLatents(name, points, style) : sideBySide(name, points, style);
}

function againstLatents(name: string, points: readonly ErrorPoint[], style: ErrorStyle): Figure {
  const { theme } = style;
  const groups = groupsOf(points, style.classes).slice(0, 8);
  const key = modelLegend(points, style);
  const top = 42 + key.height;
  const columns = groups.length <= 5 ? groups.length : 4;
  const axisWidth = 74;
  const width = Math.floor((WIDTH - axisWidth - 8) / Math.max(columns, 2));
  const height = 246;
  const domain = errorDomain(points);
  const latents = [...new Set(points.map((point) => point.latents))].sort((a, b) => a - b);
  const parts = groups.map((group, index) => {
    const column = index % columns;
    const y = top + Math.floor(index / columns) * (height + 8);
    const first = column === 0;
    const x = first ? 0 : axisWidth + column * width - 10;
    const drawn = panel(x, y, theme, {
      width: width + (first ? axisWidth : 10),
      height,
      marginLeft: first ? axisWidth : 10,
      marginRight: 10,
      marginTop: 34,
      marginBottom: 40,
      x: {
        type: 'log',
        domain: [latents[0] / 1.2, latents[latents.length - 1] * 1.2],
        ticks: latents.length <= 6 ? latents : 4,
        tickFormat: 'd',
        label: 'Number of latents',
        labelAnchor: 'center',
        labelArrow: 'none',
      },
      y: {
        type: 'log',
        domain,
        ticks: logTicks(...domain),
        tickFormat: first ? (value: number) => printed(value) : () => '',
        tickSize: first ? 5 : 0,
        label: null,
        grid: true,
      },
      marks: groupMarks(group.points, style),
    });
    const left = axisWidth + column * width;
    return drawn + groupTitle(left, y, group, theme);
  });
  const rows = Math.ceil(groups.length / columns);
  const total = top + rows * (height + 8);
  const caption =
    'Mean squared error of the reconstructions (weighted by inverse variance with the pixel S/N capped at 50) ' +
    'against the number of latents, for all objects and by class. Lower is better; where a curve levels off, ' +
    'further latents no longer help.';
  return finished(name, total, caption, [key.markup, axisTitle(top + 34 + (height - 74) / 2, theme), ...parts], theme);
}

function groupMarks(points: readonly ErrorPoint[], { theme, hues }: ErrorStyle): Plot.Markish[] {
  const sorted = [...points].sort((a, b) => a.latents - b.latents);
  const stroke = (point: ErrorPoint) => theme.hues[hues.get(point.model) ?? 'grey'];
  return [
    Plot.frame({ stroke: theme.faint }),
    Plot.line(sorted, { x: 'latents', y: 'mse', z: 'model', stroke, strokeWidth: 2 }),
    Plot.dot(sorted, { x: 'latents', y: 'mse', fill: stroke, r: 4, stroke: theme.paper }),
  ];
}

function sideBySide(name: string, points: readonly ErrorPoint[], style: ErrorStyle): Figure {
  const { theme, hues } = style;
  const groups = groupsOf(points, style.classes);
  const latents = points[0].latents;
  const key = modelLegend(points, style);
  const top = 40 + key.height;
  const labels = new Map(
    groups.map((group) => [group.title, `${group.title} (${group.objects.toLocaleString('en')})`]),
  );
  const marginLeft = Math.min(300, Math.max(...[...labels.values()].map((label) => textWidth(label, 11))) + 24);
  const domain = errorDomain(points);
  const height = 34 * groups.length + 56;
  const rows = groups.flatMap((group) => group.points.map((point) => ({ ...point, row: group.title })));
  const drawn = panel(0, top, theme, {
    width: WIDTH,
    height,
    marginLeft,
    marginRight: 24,
    marginTop: 6,
    marginBottom: 44,
    x: {
      type: 'log',
      domain,
      ticks: logTicks(...domain),
      tickFormat: (value: number) => printed(value),
      label: `Mean squared error of the reconstruction from ${latents} latent${latents === 1 ? '' : 's'}`,
      labelAnchor: 'center',
      labelArrow: 'none',
      grid: true,
    },
    y: {
      domain: groups.map((group) => group.title),
      label: null,
      tickSize: 0,
      tickFormat: (row: string) => labels.get(row) ?? row,
    },
    marks: [
      Plot.ruleY(
        rows,
        Plot.groupY({ x1: 'min', x2: 'max' }, { y: 'row', x: 'mse', stroke: theme.faint, strokeWidth: 4 }),
      ),
      Plot.dot(rows, {
        x: 'mse',
        y: 'row',
        fill: (point: ErrorPoint) => theme.hues[hues.get(point.model) ?? 'grey'],
        stroke: theme.paper,
        r: 6,
      }),
    ],
  });
  const caption =
    `Mean squared error of the reconstructions from ${latents} latents (weighted by inverse variance with the pixel ` +
    'S/N capped at 50), for all objects and by class, with the number of objects. Further left is better.';
  return finished(name, top + height, caption, [key.markup, drawn], theme);
}

interface Group {
  readonly title: string;
  readonly objects: number;
  readonly points: readonly ErrorPoint[];
}

function groupsOf(points: readonly ErrorPoint[], classes: readonly string[]): Group[] {
  const group = (objectClass: string | null): Group[] => {
    const own = points.filter((point) => point.objectClass === objectClass && point.mse > 0);
    return own.length === 0 ? [] : [{ title: objectClass ?? 'all objects', objects: own[0].objects, points: own }];
  };
  return [...group(null), ...classes.flatMap(group)];
}

function modelLegend(points: readonly ErrorPoint[], { theme, hues }: ErrorStyle) {
  const entries = [...new Set(points.map(({ model }) => model))].map((label) => ({
    label,
    colour: theme.hues[hues.get(label) ?? 'grey'],
    shape: 'dot' as const,
  }));
  return legend(20, 50, WIDTH - 20, entries, theme);
}

function errorDomain(points: readonly ErrorPoint[]): [number, number] {
  const errors = points.map(({ mse }) => mse).filter((mse) => mse > 0);
  const [low, high] = [Math.min(...errors), Math.max(...errors)];
  // At least a factor of two, lest a difference of a few per cent look like a gulf.
  const margin = Math.max(1.25, Math.sqrt((2 * low) / high));
  return [low / margin, high * margin];
}

function groupTitle(left: number, y: number, group: Group, theme: Theme): string {
  return (
    words(left, y + 26, group.title, { weight: 'bold', fill: theme.ink }) +
    words(left + textWidth(group.title, 11) * 1.1 + 8, y + 26, `n = ${group.objects.toLocaleString('en')}`, {
      size: 10,
      fill: theme.muted,
    })
  );
}

function axisTitle(middle: number, theme: Theme): string {
  return words(14, middle, 'Mean squared error', { anchor: 'middle', rotate: -90, fill: theme.ink });
}

function finished(name: string, height: number, caption: string, parts: readonly string[], theme: Theme): Figure {
  const heading = words(20, 26, TITLE, { size: 16, weight: 'bold', fill: theme.ink });
  const svg = sheet(name, WIDTH, height, `${TITLE}. ${caption}`, [heading, ...parts], theme);
  return { name, title: TITLE, caption, width: WIDTH, height, svg };
}
