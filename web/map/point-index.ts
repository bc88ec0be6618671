/** Points of a plane sorted into cells of a square grid, so that those near a place are found without asking all. */
import type { Point } from './camera.ts';

export interface Positions {
  /** Length N, from −1 to 1; NaN = the object has no place here. */
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Rows that may be found; the rest are not there for the reader. */
export type Admits = (row: number) => boolean;

const everyRow: Admits = () => true;
const MOST_CELLS_A_SIDE = 512;
const POINTS_A_CELL = 8;

export class PointIndex {
  readonly #positions: Positions;
  readonly #side: number;
  /** Rows by cell; those of cell c stand from `#starts[c]` to `#starts[c + 1]`. */
  readonly #rows: Uint32Array;
  readonly #starts: Uint32Array;

  constructor(positions: Positions) {
    const { x, y } = positions;
    const count = x.length;
    const side = Math.max(1, Math.min(MOST_CELLS_A_SIDE, Math.floor(Math.sqrt(count / POINTS_A_CELL))));
    const cells = new Int32Array(count);
    const starts = new Uint32Array(side * side + 1);
    for (let row = 0; row < count; row++) {
      const placed = !Number.isNaN(x[row] + y[row]);
      cells[row] = placed ? cellAlong(y[row], side) * side + cellAlong(x[row], side) : -1;
      if (placed) starts[cells[row] + 1]++;
    }
    for (let cell = 0; cell < side * side; cell++) starts[cell + 1] += starts[cell];
    const next = starts.slice();
    const rows = new Uint32Array(starts[side * side]);
    for (let row = 0; row < count; row++) if (cells[row] >= 0) rows[next[cells[row]]++] = row;
    this.#positions = positions;
    this.#side = side;
    this.#rows = rows;
    this.#starts = starts;
  }

  /**
   * The row nearest to a place, within an ellipse: a circle of the screen.
   *
   * @param radius half-widths along x and y
   */
  nearest([x, y]: Point, radius: Point, admits: Admits = everyRow): number | null {
    let [nearest, smallest]: [number | null, number] = [null, 1];
    const positions = this.#positions;
    this.#visit([x - radius[0], x + radius[0]], [y - radius[1], y + radius[1]], (row) => {
      const [dx, dy] = [(positions.x[row] - x) / radius[0], (positions.y[row] - y) / radius[1]];
      const distance = dx * dx + dy * dy;
      if (distance < smallest && admits(row)) [nearest, smallest] = [row, distance];
    });
    return nearest;
  }

  /** Rows in a rectangle, ascending. */
  inBox(x: Point, y: Point, admits: Admits = everyRow): Uint32Array {
    return this.#collect(x, y, (row) => admits(row));
  }

  /** Rows inside a closed outline (even–odd), ascending. */
  inOutline(outline: readonly Point[], admits: Admits = everyRow): Uint32Array {
    if (outline.length < 3) return new Uint32Array();
    const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
    const positions = this.#positions;
    return this.#collect(
      [Math.min(...xs), Math.max(...xs)],
      [Math.min(...ys), Math.max(...ys)],
      (row) => isInside(positions.x[row], positions.y[row], xs, ys) && admits(row),
    );
  }

  #collect(x: Point, y: Point, wanted: Admits): Uint32Array {
    const found: number[] = [];
    const positions = this.#positions;
    this.#visit(x, y, (row) => {
      const isIn =
        positions.x[row] >= x[0] && positions.x[row] <= x[1] && positions.y[row] >= y[0] && positions.y[row] <= y[1];
      if (isIn && wanted(row)) found.push(row);
    });
    return Uint32Array.from(found).sort();
  }

  #visit(x: Point, y: Point, visit: (row: number) => void): void {
    const side = this.#side;
    const [left, right] = [cellAlong(x[0], side), cellAlong(x[1], side)];
    for (let j = cellAlong(y[0], side); j <= cellAlong(y[1], side); j++) {
      const [from, to] = [this.#starts[j * side + left], this.#starts[j * side + right + 1]];
      for (let i = from; i < to; i++) visit(this.#rows[i]);
    }
  }
}

function cellAlong(value: number, side: number): number {
  return Math.min(side - 1, Math.max(0, Math.floor((value + 1) * 0.5 * side)));
}

function isInside(x: number, y: number, xs: readonly number[], ys: readonly number[]): boolean {
  let inside = false;
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i++) {
    const crosses = ys[i] > y !== ys[j] > y;
    if (crosses && x < ((xs[j] - xs[i]) * (y - ys[i])) / (ys[j] - ys[i]) + xs[i]) inside = !inside;
  }
  return inside;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

const TOWARDS: Readonly<Record<Direction, Point>> = { left: [-1, 0], right: [1, 0], up: [0, 1], down: [0, -1] };

/** The row nearest to `row` within 45° of a direction, where a step across counts twice; null at the edge. */
export function neighbourTowards(
  { x, y }: Positions,
  row: number,
  direction: Direction,
  admits: Admits = everyRow,
): number | null {
  const [alongX, alongY] = TOWARDS[direction];
  let [nearest, smallest]: [number | null, number] = [null, Number.POSITIVE_INFINITY];
  for (let other = 0; other < x.length; other++) {
    const [dx, dy] = [x[other] - x[row], y[other] - y[row]];
    const along = dx * alongX + dy * alongY;
    const across = Math.abs(dx * alongY) + Math.abs(dy * alongX);
    if (!(along > 0) || across > along) continue;
    const cost = along + 2 * across;
    if (cost < smallest && admits(other)) [nearest, smallest] = [other, cost];
  }
  return nearest;
}
