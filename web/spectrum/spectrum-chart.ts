/**
 * One chart of spectra. uPlot keeps axes, scales and pointer; traces are painted by ourselves, since each may have
 * wavelengths of its own, and a slider repaints them many times a second.
 */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { followPointer } from './chart-pointer.ts';
import { type LineMark, placeLabels } from './line-labels.ts';
import { AXIS, GAP, GRID, LINE_MARK, type Palette, paletteOf } from './palette.ts';
import {
  type Axis,
  axisOver,
  bandPieces,
  clipMarks,
  linePieces,
  type Points,
  type Range,
  type Trace,
} from './trace.ts';

export interface ChartLine {
  readonly name: string;
  /** As shown, ångström. */
  readonly wavelength: number;
  readonly weight: number;
}

export interface ChartOptions {
  readonly yLabel: string;
  readonly xLabel: string | null;
  readonly height: number;
  /** Horizontal rules, such as 0 and ±3 sigma. */
  readonly rules: readonly number[];
  /** Dragged, turned by the wheel, or double-clicked: null = everything. */
  readonly onRange: (range: Range | null) => void;
  /** The wavelength under the pointer. */
  readonly onPointer: (wavelength: number | null) => void;
}

export interface ChartContent {
  readonly traces: readonly Trace[];
  readonly lines: readonly ChartLine[];
  /** Stretches where nothing was observed. */
  readonly gaps: readonly Range[];
  readonly x: Range;
  readonly y: Range;
}

const LABEL_ROWS = 3;
const LABEL_HEIGHT = 13;
const BAND_OPACITY = 0.22;
/** Room for numbers such as −0.25 beside the label. */
const Y_AXIS_WIDTH = 68;
/** Pixels. */
const LEAST_TICK_DISTANCE = 24;

export class SpectrumChart {
  readonly #plot: uPlot;
  readonly #root: HTMLElement;
  readonly #options: ChartOptions;
  readonly #release: () => void;
  #content: ChartContent;
  #palette: Palette;
  #widths = new Map<string, number>();

  constructor(root: HTMLElement, content: ChartContent, options: ChartOptions) {
    this.#root = root;
    this.#content = content;
    this.#options = options;
    this.#palette = paletteOf(root);
    this.#plot = new uPlot(this.#settings(), [[...content.x], [null, null]], root);
    this.#release = followPointer(this.#plot, options.onRange);
  }

  /** Paints at once, not at the next frame. */
  show(content: ChartContent): void {
    const before = this.#content;
    this.#content = content;
    const isSameView = same(before.x, content.x) && same(before.y, content.y);
    if (isSameView) this.#plot.redraw(false, false);
    else {
      this.#plot.batch(() => {
        this.#plot.setScale('x', { min: content.x[0], max: content.x[1] });
        this.#plot.setScale('y', { min: content.y[0], max: content.y[1] });
      });
    }
  }

  resize(width: number, height: number): void {
    if (width > 0 && (width !== this.#plot.width || height !== this.#plot.height))
      this.#plot.setSize({ width, height });
  }

  /** After the theme has changed. */
  recolour(): void {
    this.#palette = paletteOf(this.#root);
    this.#plot.redraw(false, true);
  }

  /** Shows the wavelength at which the pointer is in a chart above or below. */
  pointAt(wavelength: number | null): void {
    const left = wavelength === null ? -10 : this.#plot.valToPos(wavelength, 'x');
    this.#plot.setCursor({ left, top: this.#plot.cursor.top ?? -10 }, false);
  }

  destroy(): void {
    this.#release();
    this.#plot.destroy();
  }

  #settings(): uPlot.Options {
    const { height, xLabel, yLabel, onRange, onPointer } = this.#options;
    const axis = { stroke: () => this.#palette(AXIS), grid: { stroke: () => this.#palette(GRID), width: 1 } };
    const font = '12px system-ui, sans-serif';
    return {
      width: Math.max(200, this.#root.clientWidth),
      height,
      legend: { show: false },
      // The last number of the axis stands half beyond it.
      padding: [8, 20, xLabel === null ? 0 : 2, 0],
      cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { show: false } },
      scales: {
        x: { time: false, range: () => [...this.#content.x] },
        y: { range: () => [...this.#content.y] },
      },
      axes: [
        {
          ...axis,
          font,
          labelFont: font,
          ticks: { show: xLabel !== null, stroke: axis.grid.stroke },
          values: (_plot, splits) => splits.map((value) => (xLabel === null ? '' : tickLabel(value))),
          size: xLabel === null ? 6 : 30,
          ...(xLabel === null ? {} : { label: xLabel, labelSize: 20 }),
        },
        {
          ...axis,
          font,
          labelFont: font,
          values: (_plot, splits) => splits.map(tickLabel),
          size: Y_AXIS_WIDTH - 20,
          space: LEAST_TICK_DISTANCE,
          label: yLabel,
          labelSize: 20,
        },
      ],
      series: [{}, { show: true, points: { show: false } }],
      hooks: {
        draw: [() => this.#paint()],
        setSelect: [
          (plot) => {
            if (plot.select.width < 4) return;
            const range = [plot.select.left, plot.select.left + plot.select.width].map((at) => plot.posToVal(at, 'x'));
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            onRange([range[0], range[1]]);
          },
        ],
        setCursor: [
          ({ cursor, posToVal }) =>
            onPointer(cursor.left === undefined || cursor.left < 0 ? null : posToVal(cursor.left, 'x')),
        ],
      },
    };
  }

  #paint(): void {
    const { ctx, bbox } = this.#plot;
    const { traces, x, y } = this.#content;
    const across = axisOver(x, bbox.left, bbox.left + bbox.width);
    const up = axisOver(y, bbox.top + bbox.height, bbox.top);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    this.#paintGaps(across);
    this.#paintRules(up);
    this.#paintLines(across);
    ctx.lineJoin = 'round';
    for (const trace of traces) this.#fill(trace, bandPieces(trace, across, up, x));
    for (const trace of traces) this.#stroke(trace, linePieces(trace, across, up, x));
    for (const trace of traces) this.#paintClips(trace, across);
    ctx.restore();
  }

  #fill({ colour, opacity }: Trace, pieces: readonly Points[]): void {
    const { ctx } = this.#plot;
    ctx.fillStyle = this.#palette(colour);
    ctx.globalAlpha = BAND_OPACITY * opacity;
    for (const points of pieces) {
      path(ctx, points);
      ctx.closePath();
      ctx.fill();
    }
  }

  #stroke({ colour, opacity, width, dash }: Trace, pieces: readonly Points[]): void {
    const { ctx } = this.#plot;
    ctx.strokeStyle = this.#palette(colour);
    ctx.globalAlpha = opacity;
    ctx.lineWidth = width * uPlot.pxRatio;
    ctx.setLineDash(dash.map((length) => length * uPlot.pxRatio));
    for (const points of pieces) {
      path(ctx, points);
      ctx.stroke();
    }
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  }

  /** Small triangles at the edge beyond which a trace goes on. */
  #paintClips(trace: Trace, { a, b }: Axis): void {
    const { ctx, bbox } = this.#plot;
    const size = 4 * uPlot.pxRatio;
    ctx.fillStyle = this.#palette(trace.colour);
    for (const { x, above } of clipMarks(trace, this.#content.y, this.#content.x, (2 * size) / b)) {
      const tip = above ? bbox.top : bbox.top + bbox.height;
      const base = tip + (above ? 1.5 : -1.5) * size;
      path(ctx, [a + b * x, tip, a + b * x - size, base, a + b * x + size, base]);
      ctx.fill();
    }
  }

  #paintGaps({ a, b }: Axis): void {
    const { ctx, bbox } = this.#plot;
    ctx.fillStyle = this.#palette(GAP);
    for (const [from, to] of this.#content.gaps) ctx.fillRect(a + b * from, bbox.top, b * (to - from), bbox.height);
  }

  #paintRules({ a, b }: Axis): void {
    const { ctx, bbox } = this.#plot;
    ctx.strokeStyle = this.#palette(AXIS);
    ctx.globalAlpha = 0.4;
    ctx.lineWidth = uPlot.pxRatio;
    for (const rule of this.#options.rules) {
      ctx.setLineDash(rule === 0 ? [] : [3 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
      path(ctx, [bbox.left, a + b * rule, bbox.left + bbox.width, a + b * rule]);
      ctx.stroke();
    }
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  }

  #paintLines({ a, b }: Axis): void {
    const { ctx, bbox } = this.#plot;
    const ratio = uPlot.pxRatio;
    ctx.font = `${11 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'top';
    const marks: LineMark[] = this.#content.lines.map(({ name, wavelength, weight }) => ({
      name,
      weight,
      x: a + b * wavelength,
    }));
    const placed = placeLabels(marks, (name) => this.#widthOf(name), [bbox.left, bbox.left + bbox.width], LABEL_ROWS);
    ctx.strokeStyle = this.#palette(LINE_MARK);
    ctx.fillStyle = this.#palette(AXIS);
    ctx.lineWidth = ratio;
    const rows = new Map(placed.map(({ x, row }) => [x, row]));
    ctx.globalAlpha = 0.55;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    for (const { x } of marks) {
      const row = rows.get(x);
      path(ctx, [x, bbox.top + (row === undefined ? 0 : (row + 1) * LABEL_HEIGHT * ratio), x, bbox.top + bbox.height]);
      ctx.stroke();
    }
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    for (const { name, textX, row } of placed) ctx.fillText(name, textX, bbox.top + (row * LABEL_HEIGHT + 2) * ratio);
  }

  #widthOf(name: string): number {
    const kept = this.#widths.get(name) ?? this.#plot.ctx.measureText(name).width;
    this.#widths.set(name, kept);
    return kept;
  }
}

function path(ctx: CanvasRenderingContext2D, points: Points): void {
  ctx.beginPath();
  ctx.moveTo(points[0], points[1]);
  for (let at = 2; at < points.length; at += 2) ctx.lineTo(points[at], points[at + 1]);
}

function same(one: Range, other: Range): boolean {
  return one[0] === other[0] && one[1] === other[1];
}

/** With a true minus, and without what binary fractions leave at the end. */
function tickLabel(value: number): string {
  return String(Number(value.toPrecision(6))).replace('-', '−');
}
