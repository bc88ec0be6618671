/** The charts as they are shown, as an SVG of their own. */
import { ticksBetween } from '../map/ticks.ts';
import { placeLabels } from './line-labels.ts';
import { AXIS, GAP, GRID, GROUND, LINE_MARK, type Palette } from './palette.ts';
import type { ChartContent } from './spectrum-chart.ts';
import { type Axis, axisOver, bandPieces, clipMarks, linePieces, type Points, type Trace } from './trace.ts';

export interface FigurePart {
  readonly content: ChartContent;
  readonly yLabel: string;
  readonly height: number;
  readonly rules: readonly number[];
}

export interface FigureOptions {
  readonly width: number;
  readonly title: string;
  readonly xLabel: string;
  readonly palette: Palette;
  /** Unless told, with a legend of the first part. */
  readonly hasLegend?: boolean;
}

const LEFT = 64;
const RIGHT = 14;
const TOP = 30;
const BETWEEN = 12;
const BOTTOM = 46;
const LEGEND_ROW = 16;
const FONT = 'font-family="Helvetica, Arial, sans-serif"';

/** Parts stand one below the other over one axis of wavelength. */
export function figureSvg(
  parts: readonly FigurePart[],
  { width, title, xLabel, palette, hasLegend = true }: FigureOptions,
): string {
  const legend = legendOf(hasLegend ? parts[0].content.traces : [], width, palette);
  let top = TOP + legend.height;
  const drawn: string[] = [];
  for (const [at, part] of parts.entries()) {
    drawn.push(partSvg(part, { top, width, palette, clip: `clip${at}`, isLast: at === parts.length - 1 }));
    top += part.height + BETWEEN;
  }
  const height = top - BETWEEN + BOTTOM;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${FONT} font-size="12">`,
    `<rect width="${width}" height="${height}" fill="${palette(GROUND)}"/>`,
    `<text x="${LEFT}" y="20" font-size="14" fill="${palette('--ink')}">${escaped(title)}</text>`,
    legend.svg,
    ...drawn,
    `<text x="${(LEFT + width - RIGHT) / 2}" y="${height - 10}" text-anchor="middle" fill="${palette(AXIS)}">${escaped(xLabel)}</text>`,
    '</svg>',
  ].join('\n');
}

interface Place {
  readonly top: number;
  readonly width: number;
  readonly palette: Palette;
  readonly clip: string;
  readonly isLast: boolean;
}

function partSvg({ content, yLabel, height, rules }: FigurePart, place: Place): string {
  const { top, width, palette, clip } = place;
  const [right, bottom] = [width - RIGHT, top + height];
  const across = axisOver(content.x, LEFT, right);
  const up = axisOver(content.y, bottom, top);
  const rule = (y: number) =>
    `<path d="M${LEFT} ${short(up.a + up.b * y)}H${right}" stroke="${palette(AXIS)}" stroke-opacity="0.4" ${y === 0 ? '' : 'stroke-dasharray="3 3"'}/>`;
  const gap = ([from, to]: readonly [number, number]) =>
    `<rect x="${short(across.a + across.b * from)}" y="${top}" width="${short(across.b * (to - from))}" height="${height}" fill="${palette(GAP)}"/>`;
  return [
    `<clipPath id="${clip}"><rect x="${LEFT}" y="${top}" width="${right - LEFT}" height="${height}"/></clipPath>`,
    `<g clip-path="url(#${clip})">`,
    ...content.gaps.map(gap),
    '</g>',
    axesSvg(content, across, up, { ...place, bottom, right }),
    `<g clip-path="url(#${clip})">`,
    ...rules.map(rule),
    linesSvg(content, across, { top, bottom, right, palette }),
    ...content.traces.flatMap((trace) =>
      bandPieces(trace, across, up, content.x).map((points) => area(trace, points, palette)),
    ),
    ...content.traces.flatMap((trace) =>
      linePieces(trace, across, up, content.x).map((points) => stroke(trace, points, palette)),
    ),
    ...content.traces.map((trace) => clipsSvg(trace, content, across, { top, bottom, palette })),
    '</g>',
    `<rect x="${LEFT}" y="${top}" width="${right - LEFT}" height="${height}" fill="none" stroke="${palette(AXIS)}"/>`,
    `<text transform="translate(16 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle" fill="${palette(AXIS)}">${escaped(yLabel)}</text>`,
  ].join('\n');
}

interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly palette: Palette;
}

function axesSvg(
  { x, y }: ChartContent,
  across: Axis,
  up: Axis,
  { top, bottom, right, palette, isLast }: Place & { readonly bottom: number; readonly right: number },
): string {
  const ink = `fill="${palette(AXIS)}"`;
  const along = ticksBetween(...x, (right - LEFT) / 90).map(({ value, label: text }) => {
    const at = short(across.a + across.b * value);
    const label = isLast ? `<text x="${at}" y="${bottom + 16}" text-anchor="middle" ${ink}>${text}</text>` : '';
    return `<path d="M${at} ${top}V${bottom}" stroke="${palette(GRID)}"/>${label}`;
  });
  const upward = ticksBetween(...y, (bottom - top) / 30).map(({ value, label: text }) => {
    const at = short(up.a + up.b * value);
    return `<path d="M${LEFT} ${at}H${right}" stroke="${palette(GRID)}"/><text x="${LEFT - 6}" y="${at}" dy="0.35em" text-anchor="end" ${ink}>${text}</text>`;
  });
  return [...along, ...upward].join('\n');
}

function linesSvg(
  { lines }: ChartContent,
  { a, b }: Axis,
  { top, bottom, right, palette }: Box & { right: number },
): string {
  const marks = lines.map(({ name, wavelength, weight }) => ({ name, weight, x: a + b * wavelength }));
  // Half an em is about the width of a letter.
  const placed = placeLabels(marks, (name) => 5.8 * name.length, [LEFT, right], 3);
  return [
    ...marks
      .filter(({ x }) => x > LEFT && x < right)
      .map(
        ({ x }) =>
          `<path d="M${short(x)} ${top}V${bottom}" stroke="${palette(LINE_MARK)}" stroke-opacity="0.55" stroke-dasharray="2 3"/>`,
      ),
    ...placed.map(
      ({ name, textX, row }) =>
        `<text x="${short(textX)}" y="${top + 11 + 13 * row}" font-size="10" text-anchor="middle" fill="${palette(AXIS)}">${escaped(name)}</text>`,
    ),
  ].join('\n');
}

function clipsSvg(trace: Trace, { x, y }: ChartContent, { a, b }: Axis, { top, bottom, palette }: Box): string {
  return clipMarks(trace, y, x, 8 / b)
    .map((mark) => {
      const [at, tip] = [a + b * mark.x, mark.above ? top : bottom];
      const base = tip + (mark.above ? 6 : -6);
      return `<path d="${joined([at, tip, at - 4, base, at + 4, base])}Z" fill="${palette(trace.colour)}"/>`;
    })
    .join('\n');
}

function legendOf(traces: readonly Trace[], width: number, palette: Palette): { svg: string; height: number } {
  let [x, row] = [LEFT, 0];
  const svg = traces.map((trace) => {
    const room = 34 + 6.2 * trace.name.length;
    if (x > LEFT && x + room > width - RIGHT) [x, row] = [LEFT, row + 1];
    const y = TOP + 8 + row * LEGEND_ROW;
    const entry = `${stroke(trace, [x, y, x + 20, y], palette)}<text x="${x + 26}" y="${y}" dy="0.35em" font-size="11" fill="${palette(AXIS)}">${escaped(trace.name)}</text>`;
    x += room + 10;
    return entry;
  });
  return { svg: svg.join('\n'), height: (row + 1) * LEGEND_ROW + 4 };
}

function area({ colour, opacity }: Trace, points: Points, palette: Palette): string {
  return `<path d="${joined(points)}Z" fill="${palette(colour)}" fill-opacity="${0.22 * opacity}"/>`;
}

function stroke({ colour, opacity, width, dash }: Trace, points: Points, palette: Palette): string {
  const dashes = dash.length === 0 ? '' : ` stroke-dasharray="${dash.join(' ')}"`;
  return `<path d="${joined(points)}" fill="none" stroke="${palette(colour)}" stroke-width="${width}" stroke-opacity="${opacity}" stroke-linejoin="round"${dashes}/>`;
}

function joined(points: Points): string {
  let text = `M${short(points[0])} ${short(points[1])}`;
  for (let at = 2; at < points.length; at += 2) text += `L${short(points[at])} ${short(points[at + 1])}`;
  return text;
}

function short(value: number): number {
  return Math.round(value * 100) / 100;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
