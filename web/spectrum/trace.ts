/** What a chart of spectra draws, free of how: lines with bands, over wavelengths of their own. */

export interface Trace {
  /** As in the legend and in exports: `J0012+01 observed`. */
  readonly name: string;
  /** A CSS variable: `--blue`. */
  readonly colour: string;
  /** Wavelengths as shown, ascending, vacuum ångström. */
  readonly x: Float64Array;
  /** NaN = a gap. */
  readonly y: Float32Array;
  /** Standard deviation, drawn as bands; null = no band. */
  readonly error: Float32Array | null;
  /** Half-widths of the bands in standard deviations, each drawn over those before; ±1 alone unless told. */
  readonly sigmas?: readonly number[];
  /** Added to y where it is drawn, not where it is exported. */
  readonly offset: number;
  /** Line width in CSS pixels. */
  readonly width: number;
  readonly opacity: number;
  /** Lengths of dashes and gaps; empty = solid. */
  readonly dash: readonly number[];
}

export type Range = readonly [number, number];

/** From data to picture along one axis: at = a + b · value. */
export interface Axis {
  readonly a: number;
  readonly b: number;
}

export function axisOver([low, high]: Range, from: number, to: number): Axis {
  const b = (to - from) / (high - low);
  return { a: from - b * low, b };
}

/** Points of a line or a closed area: x, y, x, y, … in the picture. */
export type Points = readonly number[];

/** Gaps break the line; an observed pixel between two gaps becomes a stroke as wide as the pixel. */
export function linePieces({ x, y, offset }: Trace, across: Axis, up: Axis, shown: Range): Points[] {
  return piecesOf(y, x, shown).map(([from, to]) => {
    if (to - from === 1) {
      const half = pixelWidth(x, from) / 2;
      const at = up.a + up.b * (y[from] + offset);
      return [across.a + across.b * (x[from] - half), at, across.a + across.b * (x[from] + half), at];
    }
    const points: number[] = new Array(2 * (to - from));
    for (let p = from, at = 0; p < to; p++) {
      points[at++] = across.a + across.b * x[p];
      points[at++] = up.a + up.b * (y[p] + offset);
    }
    return points;
  });
}

const ONE_SIGMA: readonly number[] = [1];

/** Areas between y − kσ and y + kσ, for each k: along the upper edge and back along the lower. */
export function bandPieces(trace: Trace, across: Axis, up: Axis, shown: Range): Points[] {
  return (trace.sigmas ?? ONE_SIGMA).flatMap((sigmas) => bandOf(trace, sigmas, across, up, shown));
}

function bandOf({ x, y, error, offset }: Trace, sigmas: number, across: Axis, up: Axis, shown: Range): Points[] {
  if (error === null) return [];
  return piecesOf(y, x, shown).map(([from, to]) => {
    const isSingle = to - from === 1;
    const half = isSingle ? pixelWidth(x, from) / 2 : 0;
    const upper: number[] = [];
    const lower: number[] = [];
    for (let p = from; p < to; p++) {
      for (const side of isSingle ? [-half, half] : [0]) {
        const at = across.a + across.b * (x[p] + side);
        upper.push(at, up.a + up.b * (y[p] + offset + sigmas * error[p]));
        lower.push(up.a + up.b * (y[p] + offset - sigmas * error[p]), at);
      }
    }
    return [...upper, ...lower.reverse()];
  });
}

/** Stretches without gaps, [from, to), of what is shown and one pixel more on either side. */
function piecesOf(y: Float32Array, x: Float64Array, [low, high]: Range): [number, number][] {
  const first = Math.max(0, lowerBound(x, low) - 1);
  const last = Math.min(x.length, lowerBound(x, high) + 1);
  const pieces: [number, number][] = [];
  let from = -1;
  for (let p = first; p < last; p++) {
    if (Number.isNaN(y[p])) {
      if (from >= 0) pieces.push([from, p]);
      from = -1;
    } else if (from < 0) from = p;
  }
  if (from >= 0) pieces.push([from, last]);
  return pieces;
}

function pixelWidth(x: Float64Array, at: number): number {
  return at + 1 < x.length ? x[at + 1] - x[at] : x[at] - x[at - 1];
}

/** The first index whose value is not below the wanted one. */
export function lowerBound(x: ArrayLike<number>, wanted: number): number {
  let [low, high] = [0, x.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index nearest to a wavelength, or -1 outside of the trace. */
export function nearestIndex(x: ArrayLike<number>, wanted: number): number {
  const last = x.length - 1;
  if (last < 1 || wanted < 1.5 * x[0] - 0.5 * x[1] || wanted > 1.5 * x[last] - 0.5 * x[last - 1]) return -1;
  const above = Math.min(last, lowerBound(x, wanted));
  return above > 0 && wanted - x[above - 1] < x[above] - wanted ? above - 1 : above;
}

/** Where a trace leaves the picture: wavelengths, and above or below. Neighbours closer than `apart` share one mark. */
export interface ClipMark {
  readonly x: number;
  readonly above: boolean;
}

export function clipMarks({ x, y, offset }: Trace, [low, high]: Range, shown: Range, apart: number): ClipMark[] {
  const marks: ClipMark[] = [];
  const lastOf = { above: Number.NEGATIVE_INFINITY, below: Number.NEGATIVE_INFINITY };
  for (let p = lowerBound(x, shown[0]); p < x.length && x[p] <= shown[1]; p++) {
    const value = y[p] + offset;
    if (!(value > high || value < low)) continue;
    const side = value > high ? 'above' : 'below';
    if (x[p] - lastOf[side] < apart) continue;
    lastOf[side] = x[p];
    marks.push({ x: x[p], above: side === 'above' });
  }
  return marks;
}

/** Stretches of the picture without an observed pixel, from edge to edge of the pixels beside them. */
export function gapsOf({ x, y }: Pick<Trace, 'x' | 'y'>): Range[] {
  const gaps: [number, number][] = [];
  for (let p = 0; p < x.length; p++) {
    if (!Number.isNaN(y[p])) continue;
    const half = pixelWidth(x, p) / 2;
    const last = gaps[gaps.length - 1];
    if (p > 0 && Number.isNaN(y[p - 1]) && last !== undefined) last[1] = x[p] + half;
    else gaps.push([x[p] - half, x[p] + half]);
  }
  return gaps;
}
