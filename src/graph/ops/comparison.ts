import { broadcastValue, fill } from '../host.ts';
import type { Family, Operation, Tensor } from '../operation.ts';
import { broadcast } from '../shape.ts';
import { applyElementwise, type Operand } from './apply-elementwise.ts';

/** Comparisons give masks of 0 and 1 through which no gradient flows. */
function comparison(
  type: string,
  holds: (a: number, b: number) => boolean,
): Operation<Readonly<Record<string, never>>> {
  return {
    shape: (shapes) => broadcast(...shapes),
    gradient: () => [null, null],
    onnx: ({ inputs, node, fromBoolean }) => fromBoolean(node(type, inputs)),
    reference: ({ inputs: [a, b], shape }) =>
      fill(shape, (index) => (holds(broadcastValue(a, index), broadcastValue(b, index)) ? 1 : 0)),
  };
}

export const comparisons: Family<'greater' | 'equal' | 'where'> = {
  greater: comparison('Greater', (a, b) => a > b),
  equal: comparison('Equal', (a, b) => a === b),
  where: {
    shape: (shapes) => broadcast(...shapes),
    gradient: ({ inputs: [mask], gradient }) => [null, () => where(mask, gradient, 0), () => where(mask, 0, gradient)],
    onnx: ({ inputs: [mask, a, b], node, asBoolean }) => node('Where', [asBoolean(mask), a, b]),
    reference: ({ inputs: [mask, a, b], shape }) =>
      fill(shape, (index) => broadcastValue(broadcastValue(mask, index) !== 0 ? a : b, index)),
  },
};

/** 1 where a > b, else 0. */
export function greater(a: Operand, b: Operand): Tensor {
  return applyElementwise('greater', comparisons.greater, [a, b], {});
}

/** 1 where a < b, else 0. */
export function less(a: Operand, b: Operand): Tensor {
  return greater(b, a);
}

/** 1 where a = b exactly, else 0. */
export function equal(a: Operand, b: Operand): Tensor {
  return applyElementwise('equal', comparisons.equal, [a, b], {});
}

/** `a` where the mask is not 0, else `b`. */
export function where(mask: Tensor, a: Operand, b: Operand): Tensor {
  return applyElementwise('where', comparisons.where, [mask, a, b], {});
}
