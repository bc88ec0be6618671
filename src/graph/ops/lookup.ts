import { apply } from '../apply.ts';
import type { Family, Tensor } from '../operation.ts';
import { type Dimension, describeShape, GraphError, type Shape, sameShape, sizeOf } from '../shape.ts';

/**
 * Rows taken from, and added into, a table. Indices are whole numbers carried as floats (exact up to 2²⁴), so
 * that everything fed to a graph is a Float32Array.
 */
export const lookup: Family<'gather' | 'scatterAdd'> = {
  gather: {
    shape([table, indices]) {
      if (table.length === 0) throw new GraphError('gather needs a table with at least one axis');
      return [...indices, ...table.slice(1)];
    },
    gradient: ({ inputs: [table, indices], gradient }) => [() => scatterAdd(gradient, indices, table.shape[0]), null],
    onnx: ({ inputs: [table, indices], node }) =>
      node('Gather', [table, node('Cast', [indices], { to: 7 })], { axis: 0 }),
    reference({ inputs: [table, indices], shape }) {
      const result = new Float64Array(sizeOf(shape));
      const width = sizeOf(table.shape.slice(1));
      indices.data.forEach((index, at) => {
        result.set(table.data.subarray(index * width, (index + 1) * width), at * width);
      });
      return result;
    },
  },
  scatterAdd: {
    shape([updates, indices], { rows }) {
      if (!sameShape(updates.slice(0, indices.length), indices)) {
        throw new GraphError(`updates ${describeShape(updates)} do not begin with indices ${describeShape(indices)}`);
      }
      return [rows, ...updates.slice(indices.length)];
    },
    gradient: ({ inputs: [, indices], gradient }) => [() => gather(gradient, indices), null],
    // ScatterElements adds one element after the other, so repeated indices give the same sum in every run.
    onnx({ inputs: [updates, indices], inputShapes, shape, node, floats, shapeValue }) {
      const flat = flattened(inputShapes[0], inputShapes[1]);
      const zeros = node('Expand', [floats([0], []), shapeValue(shape)]);
      const integers = node('Cast', [node('Reshape', [indices, shapeValue(flat.column)])], { to: 7 });
      const spread = node('Expand', [integers, shapeValue(flat.updates)]);
      const rows = node('Reshape', [updates, shapeValue(flat.updates)]);
      return node('ScatterElements', [zeros, spread, rows], { axis: 0, reduction: 'add' });
    },
    reference({ inputs: [updates, indices], shape }) {
      const result = new Float64Array(sizeOf(shape));
      const width = sizeOf(shape.slice(1));
      indices.data.forEach((index, at) => {
        for (let j = 0; j < width; j++) result[index * width + j] += updates.data[at * width + j];
      });
      return result;
    },
  },
};

/** Updates and indices with all index axes made one. */
function flattened(updates: Shape, indices: Shape): { column: Shape; updates: Shape } {
  const width = updates.slice(indices.length);
  let count: Dimension = 1;
  for (const dimension of indices) {
    if (dimension === 1) continue;
    if (count !== 1 && (count === 'N' || dimension === 'N')) {
      throw new GraphError(`indices of shape ${describeShape(indices)} mix N with other axes; reshape them first`);
    }
    count = count === 1 ? dimension : Number(count) * Number(dimension);
  }
  return { column: [count, ...width.map(() => 1)], updates: [count, ...width] };
}

/** Rows of a table: result[i, …] = table[indices[i], …]. */
export function gather(table: Tensor, indices: Tensor): Tensor {
  return apply('gather', lookup.gather, [table, indices], {});
}

/** A table of zeros with `rows` rows into which updates are added: result[indices[i], …] += updates[i, …]. */
export function scatterAdd(updates: Tensor, indices: Tensor, rows: Dimension): Tensor {
  return apply('scatterAdd', lookup.scatterAdd, [updates, indices], { rows });
}
