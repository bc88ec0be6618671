import { type Matrix, row, UserError, zeros } from '../../base/index.ts';
import { type Dataset, rowsOfSplit } from '../../dataset/index.ts';
import type { TrackData, TrackPoint } from '../../plots/index.ts';
import type { FittedRun } from '../fitted-run.ts';
import { centroidOnAxes, turnToLatents } from '../latent-axes.ts';
import { axisLabels, type LatentSpace, type LatentSpaceOptions, latentSpace } from '../latent-space.ts';
import { linesOn } from '../spectral-lines.ts';
import { directionLabel, parseDirection } from './direction.ts';

export interface TrackOptions extends LatentSpaceOptions {
  /** Classes to follow; all objects unless told. */
  readonly classes?: readonly string[] | undefined;
  /** Axis of falling variance, `1`, or a linear combination, `1-0.5*5`; `1` unless told. */
  readonly along?: string;
  /** Points of the track; 5 unless told. */
  readonly bins?: number;
  /**
   * Reach along the direction, from the centroid or, where a run's axes are its own latents, from zero; unless told the
   * central 98% of the followed objects.
   */
  readonly range?: readonly [number, number] | undefined;
  /** Change this direction alone, through the centroid of all objects (VAE paper, Fig. 14), instead of following objects. */
  readonly alone?: boolean;
  /** First letter of the points' names, S gives S1, S2, …; `T` unless told. */
  readonly name?: string;
}

/** A path through latent space and the spectra that the model makes along it. */
export interface Track extends TrackData {
  /** Points × Q, in the run's own latents. */
  readonly latents: Matrix;
}

/** Fewer objects than this make no centroid worth a spectrum. */
const LEAST_OBJECTS = 3;
/** Standard deviations on either side of the centroid when a direction is changed alone. */
const REACH_ALONE = 2;
/** Share of the followed objects left out at either end. */
const TAIL = 0.01;

/**
 * A track as in the VAE paper, section 3.2: the followed objects are binned along a direction of latent space, and the
 * centroid of each bin in latent space is decoded to a synthetic spectrum. Bins of equal width; those with fewer than
 * three objects make no point.
 *
 * @throws UserError when no object has such a class, the direction or range is not one, or no bin holds enough objects
 * @throws InterruptedError when `options.signal` fires
 */
export async function makeTrack(fitted: FittedRun, dataset: Dataset, options: TrackOptions = {}): Promise<Track> {
  fitted.requireCompatible(dataset);
  const { title, latents: q } = fitted.run.description;
  const direction = parseDirection(options.along ?? '1', q);
  const followed = followedRows(dataset, options.alone === true ? undefined : options.classes);
  const space = await latentSpace(fitted, dataset, rowsOfSplit(dataset, 'all'), options);
  const bins = options.bins ?? 5;
  const stops =
    options.alone === true
      ? stopsThroughCentroid(space, direction, bins, options.range)
      : centroids(space, direction, followed, bins, options.range);
  const latents = turnToLatents(positionsOf(stops, q), space.axes);
  const decoded = await fitted.decode(latents);
  const letter = options.name ?? 'T';
  const points = stops.map(
    (stop, index): TrackPoint => ({
      name: `${letter}${index + 1}`,
      ...stop,
      flux: row(decoded.mean, index),
      fluxDeviation: row(decoded.variance, index).map(Math.sqrt),
    }),
  );
  return {
    title: titleOf(options, directionLabel(direction, title)),
    model: title,
    followed: options.alone === true ? null : (options.classes ?? []),
    along: direction,
    alongLabel: directionLabel(direction, title),
    space: {
      model: title,
      latents: q,
      axes: axisLabels(title, space.axes),
      position: space.position,
      objectClass: dataset.catalogue.objectClass,
    },
    points,
    wavelength: dataset.wavelength,
    lines: linesOn(dataset.wavelength),
    latents,
  };
}

function titleOf({ alone, classes }: TrackOptions, along: string): string {
  if (alone === true) return `Spectra as ${along} alone changes`;
  return `Track of ${classes === undefined ? 'all objects' : classes.join(' and ')} along ${along}`;
}

/** @throws UserError naming the classes there are */
function followedRows({ catalogue: { objectClass } }: Dataset, classes: readonly string[] | undefined): number[] {
  const there = new Set(objectClass.filter((name) => name !== null));
  const missing = classes?.find((name) => !there.has(name));
  if (missing !== undefined) {
    const known = there.size === 0 ? 'its objects have no classes' : `its classes are ${[...there].sort().join(', ')}`;
    throw new UserError(`--class ${missing}: the dataset has no object of this class; ${known}`);
  }
  return objectClass.flatMap((name, index) =>
    classes === undefined || (name !== null && classes.includes(name)) ? [index] : [],
  );
}

type Stop = Pick<TrackPoint, 'low' | 'high' | 'objects' | 'position'>;

function centroids(
  { position }: LatentSpace,
  direction: Float64Array,
  followed: readonly number[],
  bins: number,
  range: readonly [number, number] | undefined,
): Stop[] {
  const along = Float64Array.from(followed, (index) => inner(row(position, index), direction));
  const [low, high] = range ?? centralRange(along);
  const width = (high - low) / bins;
  if (!(width > 0)) {
    throw new UserError(`the followed objects do not differ along this direction; choose another with --along`);
  }
  const sums = Array.from({ length: bins }, () => new Float64Array(position.columns));
  const counts = new Uint32Array(bins);
  followed.forEach((index, at) => {
    if (along[at] < low || along[at] > high) return;
    const bin = Math.min(bins - 1, Math.floor((along[at] - low) / width));
    counts[bin]++;
    row(position, index).forEach((value, k) => {
      sums[bin][k] += value;
    });
  });
  const stops = sums.map((sum, bin) => ({
    low: low + bin * width,
    high: low + (bin + 1) * width,
    objects: counts[bin],
    position: Float32Array.from(sum, (value) => value / counts[bin]),
  }));
  const populated = stops.filter(({ objects }) => objects >= LEAST_OBJECTS);
  if (populated.length === 0) {
    throw new UserError(
      `none of the ${bins} bins between ${low.toPrecision(3)} and ${high.toPrecision(3)} holds ${LEAST_OBJECTS} of the ${followed.length} followed objects; ask for fewer --bins or another --range`,
    );
  }
  return populated;
}

/** Equal steps along the direction through the centroid of all objects, which stands in the middle. */
function stopsThroughCentroid(
  { position, axes }: LatentSpace,
  direction: Float64Array,
  bins: number,
  range: readonly [number, number] | undefined,
): Stop[] {
  const deviation = Math.hypot(...direction.map((factor, k) => factor * axes.deviation[k]));
  const centre = centroidOnAxes(axes);
  const middle = inner(centre, direction);
  const reach = REACH_ALONE * deviation;
  const [low, high] =
    range ?? (axes.latent === null ? [middle - reach, middle + reach] : observedReach(position, direction, centre));
  return Array.from({ length: bins }, (_, index) => {
    const at = bins === 1 ? (low + high) / 2 : low + ((high - low) * index) / (bins - 1);
    return {
      low: at,
      high: at,
      objects: null,
      position: Float32Array.from({ length: position.columns }, (_, k) => centre[k] + (at - middle) * direction[k]),
    };
  });
}

/** How far the direction leads from the centroid before an axis leaves the central 98% of its own values. */
function observedReach(position: Matrix, direction: Float64Array, centre: Float64Array): [number, number] {
  const middle = inner(centre, direction);
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  direction.forEach((factor, k) => {
    if (factor === 0) return;
    const values = Float64Array.from({ length: position.rows }, (_, object) => row(position, object)[k]);
    const ends = centralRange(values).map((end) => (end - centre[k]) / factor);
    low = Math.max(low, Math.min(...ends));
    high = Math.min(high, Math.max(...ends));
  });
  return [middle + low, middle + high];
}

function positionsOf(stops: readonly Stop[], q: number): Matrix {
  const positions = zeros(stops.length, q);
  stops.forEach((stop, index) => {
    row(positions, index).set(stop.position);
  });
  return positions;
}

function centralRange(values: Float64Array): [number, number] {
  const sorted = values.slice().sort();
  const cut = Math.floor(TAIL * sorted.length);
  return [sorted[cut], sorted[sorted.length - 1 - cut]];
}

function inner(a: Float32Array | Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < b.length; k++) sum += a[k] * b[k];
  return sum;
}
