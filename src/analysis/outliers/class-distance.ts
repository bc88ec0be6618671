import { type Matrix, row } from '../../base/index.ts';
import { CholeskySolver } from '../../linalg/index.ts';

/** How far objects lie from the classes in latent space, in Mahalanobis distances. */
export interface ClassDistances {
  /** N × Q: latent means, drawn in to `ORDINARY` from the nearest class where they lie farther out. */
  readonly ordinary: Matrix;
  /** Length N: to the object's own class; NaN without one. */
  readonly own: Float64Array;
  /** Length N: the class that the object is nearest to; null without classes. */
  readonly nearest: readonly (string | null)[];
}

/** Within this distance of a class an object is one of it: of six normal latents, 17% lie farther out. */
const ORDINARY = 3;
/** Members that a class needs for each latent before its shape is trusted. */
const MEMBERS_EACH = 5;
/** Added to the diagonal, as a share of the mean variance: latents that a class does not vary in stay finite. */
const RIDGE = 1e-3;

interface ClassShape {
  readonly name: string;
  readonly centre: Float64Array;
  readonly solver: CholeskySolver;
}

/** @param means N × Q latent means */
export function classDistances(means: Matrix, objectClass: readonly (string | null)[]): ClassDistances {
  const classes = classShapes(means, objectClass);
  // Without classes the survey is one.
  const shapes = classes.length > 0 ? classes : classShapes(means, Array<string>(means.rows).fill(''));
  const own = new Float64Array(means.rows).fill(Number.NaN);
  const ordinary: Matrix = { ...means, data: Float32Array.from(means.data) };
  const offset = new Float64Array(means.columns);
  const nearest = objectClass.map((name, object) => {
    const mean = row(means, object);
    let [least, closest]: [number, ClassShape | null] = [Number.POSITIVE_INFINITY, null];
    for (const shape of shapes) {
      const distance = distanceTo(shape, mean, offset);
      if (shape.name === name) own[object] = distance;
      if (distance < least) [least, closest] = [distance, shape];
    }
    if (closest === null) return null;
    if (least > ORDINARY) drawIn(row(ordinary, object), closest.centre, ORDINARY / least);
    return classes.length > 0 ? closest.name : null;
  });
  return { own, nearest, ordinary };
}

function drawIn(mean: Float32Array, centre: Float64Array, share: number): void {
  for (let i = 0; i < mean.length; i++) mean[i] = centre[i] + share * (mean[i] - centre[i]);
}

function classShapes(means: Matrix, objectClass: readonly (string | null)[]): ClassShape[] {
  const { columns: q } = means;
  return [...new Set(objectClass)].flatMap((name) => {
    const members = objectClass.flatMap((own, object) => (own === name ? [row(means, object)] : []));
    if (name === null || members.length < MEMBERS_EACH * q) return [];
    const centre = new Float64Array(q);
    for (const mean of members) for (let i = 0; i < q; i++) centre[i] += mean[i] / members.length;
    const covariance = packedCovariance(members, centre);
    const solver = new CholeskySolver(q);
    return solver.factor(covariance) ? [{ name, centre, solver }] : [];
  });
}

/** Upper triangle, row by row. */
function packedCovariance(members: readonly Float32Array[], centre: Float64Array): Float64Array {
  const q = centre.length;
  const packed = new Float64Array((q * (q + 1)) / 2);
  for (const mean of members) {
    let at = 0;
    for (let i = 0; i < q; i++) {
      for (let j = i; j < q; j++) packed[at++] += ((mean[i] - centre[i]) * (mean[j] - centre[j])) / members.length;
    }
  }
  const diagonal = Array.from({ length: q }, (_, i) => i * q - (i * (i - 1)) / 2);
  const ridge = (RIDGE * diagonal.reduce((sum, at) => sum + packed[at], 0)) / q;
  for (const at of diagonal) packed[at] += ridge;
  return packed;
}

function distanceTo({ centre, solver }: ClassShape, mean: Float32Array, offset: Float64Array): number {
  for (let i = 0; i < centre.length; i++) offset[i] = mean[i] - centre[i];
  solver.solve(offset);
  let square = 0;
  for (let i = 0; i < centre.length; i++) square += offset[i] * (mean[i] - centre[i]);
  return Math.sqrt(square);
}
