/**
 * Shapes of symbolic tensors. A dimension is a number or `'N'`, the one dimension (how many spectra) that is
 * left open until the graph is run.
 */
export type Dimension = number | 'N';
export type Shape = readonly Dimension[];

/** A graph that cannot be built or run: shapes that do not fit, missing feeds. The message names both sides. */
export class GraphError extends Error {
  override readonly name: string = 'GraphError';
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

export function describeShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** A shape split into the product of its numbers and how many times 'N' occurs in it. */
export function volume(shape: Shape): { size: number; symbols: number } {
  let size = 1;
  let symbols = 0;
  for (const dimension of shape) {
    if (dimension === 'N') symbols++;
    else size *= dimension;
  }
  return { size, symbols };
}

/** The number of elements of a shape without 'N'. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

/** A shape with 'N' replaced by its value. */
export function bind(shape: Shape, leadingDimension: number): number[] {
  return shape.map((dimension) => (dimension === 'N' ? leadingDimension : dimension));
}

/** The shape to which all of the given shapes broadcast, axes aligned from the last (as in NumPy). */
export function broadcast(...shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const result: Dimension[] = new Array(rank).fill(1);
  for (const shape of shapes) {
    for (let axis = 0; axis < shape.length; axis++) {
      const at = rank - shape.length + axis;
      if (result[at] === 1) result[at] = shape[axis];
      else if (shape[axis] !== 1 && shape[axis] !== result[at]) {
        throw new GraphError(`shapes ${shapes.map(describeShape).join(' and ')} do not broadcast`);
      }
    }
  }
  return result;
}

/** Axes counted from the end (−1 is the last) turned into ordinary ones, sorted, without repeats. */
export function normaliseAxes(axes: readonly number[], rank: number): number[] {
  const normal = axes.map((axis) => {
    if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
      throw new GraphError(`axis ${axis} does not exist in a tensor of rank ${rank}`);
    }
    return axis < 0 ? axis + rank : axis;
  });
  return [...new Set(normal)].sort((a, b) => a - b);
}
