/** The plane that the map shows: places of the objects, and of any point of latent space, on its two axes. */
import type { RunEntry } from '../../src/explorer/index.ts';
import type { ExhibitData } from '../data/exhibit-data.ts';
import type { MapPlane } from '../state/explorer-state.ts';
import type { Point } from './camera.ts';
import type { Positions } from './point-index.ts';

export interface Axis {
  readonly title: string;
  /** Value at −1 and at 1 of the square. */
  readonly low: number;
  readonly high: number;
}

export interface Plane {
  readonly positions: Positions;
  readonly x: Axis;
  readonly y: Axis;
}

type LinearPlane = Exclude<MapPlane, { kind: 'umap' }>;

/** A plane of another run may have more axes than this one. */
export function boundedPlane(plane: MapPlane, { latents, umap }: RunEntry): MapPlane {
  if (plane.kind === 'umap') return umap === 'absent' ? { kind: 'turned', x: 0, y: Math.min(1, latents - 1) } : plane;
  return { kind: plane.kind, x: Math.min(plane.x, latents - 1), y: Math.min(plane.y, latents - 1) };
}

export function axisTitle(run: RunEntry, kind: LinearPlane['kind'], axis: number): string {
  const share = kind === 'own' ? null : varianceShare(run, axis);
  return share === null ? axisName(run, kind, axis) : `${axisName(run, kind, axis)} (${share} of the variance)`;
}

/** Without its share of the variance: `VAE 1`. */
export function axisName(run: RunEntry, kind: LinearPlane['kind'], axis: number): string {
  return kind === 'own' ? `z${axis + 1}` : (run.axes.titles[axis] ?? `t${axis + 1}`);
}

/**
 * `GPLVM 3 · 20%`, for lists where there is no room for a sentence: of the model the last word is enough, and that an axis
 * is one of the latents is told at the map.
 */
export function shortAxisName(run: RunEntry, kind: LinearPlane['kind'], axis: number): string {
  const name = axisName(run, kind, axis).split(' = ')[0].split(' ').slice(-2).join(' ');
  const share = kind === 'turned' ? varianceShare(run, axis) : null;
  return share === null ? name : `${name} · ${share}`;
}

/** `42%` */
function varianceShare(run: RunEntry, axis: number): string | null {
  const share = run.axes.varianceShare[axis];
  // Runs may say the share in the title.
  if (share === undefined || axisName(run, 'turned', axis).includes('%')) return null;
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;
}

export function linearPlane({ run }: Pick<ExhibitData, 'run'>, plane: LinearPlane): Plane {
  const matrix = plane.kind === 'turned' ? run.turned : run.latent;
  const { latents } = run.entry;
  return planeOf(
    strided(matrix, latents, plane.x),
    strided(matrix, latents, plane.y),
    axisTitle(run.entry, plane.kind, plane.x),
    axisTitle(run.entry, plane.kind, plane.y),
  );
}

/** @param places N × 2 */
export function umapPlane(places: Float32Array): Plane {
  return planeOf(strided(places, 2, 0), strided(places, 2, 1), 'UMAP 1', 'UMAP 2');
}

/** Where points of the run's own latent space lie in the square; null on a UMAP, which maps objects alone. */
export function placeOfLatent(
  run: RunEntry,
  plane: MapPlane,
  { x, y }: Pick<Plane, 'x' | 'y'>,
  latent: readonly number[],
): Point | null {
  if (plane.kind === 'umap') return null;
  const value = (axis: number) => {
    if (plane.kind === 'own') return latent[axis];
    return rowOfVectors(run, axis).reduce((sum, weight, q) => sum + weight * (latent[q] - run.axes.origin[q]), 0);
  };
  return [inSquare(x, value(plane.x)), inSquare(y, value(plane.y))];
}

/** The point of the run's own latent space at a place of the square; on the axes that are not shown, as `elsewhere`. */
export function latentAt(
  run: RunEntry,
  plane: LinearPlane,
  { x, y }: Pick<Plane, 'x' | 'y'>,
  [atX, atY]: Point,
  elsewhere: readonly number[],
): number[] {
  const wanted: readonly (readonly [number, number])[] = [
    [plane.x, fromSquare(x, atX)],
    [plane.y, fromSquare(y, atY)],
  ];
  const latent = [...elsewhere];
  for (const [axis, value] of wanted) {
    if (plane.kind === 'own') {
      latent[axis] = value;
      continue;
    }
    // The turned axes are orthonormal: moving along one leaves the other's value.
    const vector = rowOfVectors(run, axis);
    const now = vector.reduce((sum, weight, q) => sum + weight * (latent[q] - run.axes.origin[q]), 0);
    for (const [q, weight] of vector.entries()) latent[q] += (value - now) * weight;
  }
  return latent;
}

/**
 * The outline of `sigmas` standard deviations around a latent mean, as points of the square; null on a UMAP.
 *
 * @param covariance Q × Q, of the run's own latents
 */
export function ellipseOf(
  run: RunEntry,
  plane: MapPlane,
  axes: Pick<Plane, 'x' | 'y'>,
  {
    mean,
    covariance,
    sigmas,
  }: { readonly mean: readonly number[]; readonly covariance: readonly number[]; readonly sigmas: number },
): Point[] | null {
  if (plane.kind === 'umap') return null;
  const centre = placeOfLatent(run, plane, axes, mean);
  if (centre === null) return null;
  const [toX, toY] = [plane.x, plane.y].map((axis) => directionOf(run, plane.kind, axis));
  const [xx, xy, yy] = [
    quadratic(toX, covariance, toX),
    quadratic(toX, covariance, toY),
    quadratic(toY, covariance, toY),
  ];
  // Cholesky of the 2 × 2 covariance turns a circle into the ellipse.
  const a = Math.sqrt(Math.max(0, xx));
  const b = a > 0 ? xy / a : 0;
  const c = Math.sqrt(Math.max(0, yy - b * b));
  const [perX, perY] = [2 / (axes.x.high - axes.x.low), 2 / (axes.y.high - axes.y.low)];
  return Array.from({ length: 72 }, (_, i) => {
    const [u, v] = [sigmas * Math.cos((Math.PI * i) / 36), sigmas * Math.sin((Math.PI * i) / 36)];
    return [centre[0] + a * u * perX, centre[1] + (b * u + c * v) * perY];
  });
}

export function inSquare({ low, high }: Axis, value: number): number {
  return (2 * (value - low)) / (high - low) - 1;
}

export function fromSquare({ low, high }: Axis, place: number): number {
  return low + ((place + 1) / 2) * (high - low);
}

function planeOf(x: Float32Array, y: Float32Array, xTitle: string, yTitle: string): Plane {
  const [xAxis, yAxis] = [axisOf(x, xTitle), axisOf(y, yTitle)];
  return { positions: { x: squared(x, xAxis), y: squared(y, yAxis) }, x: xAxis, y: yAxis };
}

/** Room between the outermost points and the frame, as part of their range. */
const MARGIN = 0.04;

function axisOf(values: Float32Array, title: string): Axis {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low < high))
    return { title, low: Number.isFinite(low) ? low - 1 : -1, high: Number.isFinite(low) ? low + 1 : 1 };
  const room = MARGIN * (high - low);
  return { title, low: low - room, high: high + room };
}

function squared(values: Float32Array, axis: Axis): Float32Array {
  const places = new Float32Array(values.length);
  for (let row = 0; row < values.length; row++) places[row] = inSquare(axis, values[row]);
  return places;
}

function strided(matrix: Float32Array, columns: number, column: number): Float32Array {
  const values = new Float32Array(matrix.length / columns);
  for (let row = 0; row < values.length; row++) values[row] = matrix[row * columns + column];
  return values;
}

function directionOf(run: RunEntry, kind: LinearPlane['kind'], axis: number): readonly number[] {
  return kind === 'turned'
    ? rowOfVectors(run, axis)
    : Array.from({ length: run.latents }, (_, q) => (q === axis ? 1 : 0));
}

function rowOfVectors({ axes, latents }: RunEntry, axis: number): readonly number[] {
  return axes.vectors.slice(axis * latents, (axis + 1) * latents);
}

function quadratic(left: readonly number[], matrix: readonly number[], right: readonly number[]): number {
  let sum = 0;
  for (const [i, l] of left.entries()) {
    for (const [j, r] of right.entries()) sum += l * matrix[i * right.length + j] * r;
  }
  return sum;
}
