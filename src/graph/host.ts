import type { HostTensor } from './operation.ts';
import { sizeOf } from './shape.ts';

/** The multi-index of a flat row-major position. */
export function indexAt(position: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length);
  let rest = position;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = (rest - index[axis]) / shape[axis];
  }
  return index;
}

/** The flat position of a multi-index. */
export function positionOf(index: readonly number[], shape: readonly number[]): number {
  let position = 0;
  for (let axis = 0; axis < shape.length; axis++) position = position * shape[axis] + index[axis];
  return position;
}

/** The element that a multi-index of a larger, broadcast shape falls on. */
export function broadcastValue(tensor: HostTensor, index: readonly number[]): number {
  const missing = index.length - tensor.shape.length;
  let position = 0;
  for (let axis = 0; axis < tensor.shape.length; axis++) {
    const at = tensor.shape[axis] === 1 ? 0 : index[missing + axis];
    position = position * tensor.shape[axis] + at;
  }
  return tensor.data[position];
}

/** Fills a new array by asking for the value at each multi-index. */
export function fill(shape: readonly number[], valueAt: (index: number[]) => number): Float64Array {
  const data = new Float64Array(sizeOf(shape));
  for (let position = 0; position < data.length; position++) data[position] = valueAt(indexAt(position, shape));
  return data;
}
