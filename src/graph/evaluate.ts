import type { AttributesOf, HostTensor, OperationName, ReferenceStep, Tensor, TensorOf } from './operation.ts';
import { operations } from './operations.ts';
import { bind, describeShape, GraphError, sizeOf, volume } from './shape.ts';
import { inOrder } from './walk.ts';

export interface Evaluation<Names extends string> {
  readonly outputs: Readonly<Record<Names, Tensor>>;
  /** Row-major values of every input and parameter, by name. */
  readonly feeds: Readonly<Record<string, ArrayLike<number>>>;
  /** Inputs from which N may be taken although no output depends on them. */
  readonly inputs?: readonly Tensor[];
}

/**
 * Works a graph out in float64 by plain loops: slow, and independent of ONNX Runtime; the tests hold both
 * together. N is taken from the lengths of the feeds.
 *
 * @throws GraphError when a feed is missing or has a length that does not fit its shape
 */
export function evaluate<Names extends string>({
  outputs,
  feeds,
  inputs = [],
}: Evaluation<Names>): Record<Names, HostTensor> {
  const wanted: Tensor[] = Object.values(outputs);
  const order = inOrder([...inputs, ...wanted]);
  const N = openDimension(order, feeds);
  const leadingDimension = () => {
    if (N === undefined) throw new GraphError('no output depends on an input with N; list one in `inputs`');
    return N;
  };
  const values = new Map<Tensor, HostTensor>();
  for (const tensor of order) {
    const shape = tensor.shape.includes('N') ? bind(tensor.shape, leadingDimension()) : bind(tensor.shape, 0);
    const data = referenceOf(tensor, {
      inputs: tensor.inputs.map((source) => known(values, source)),
      shape,
      feed: (name) => Float64Array.from(feeds[name]),
      leadingDimension,
    });
    if (data.length !== sizeOf(shape)) {
      throw new GraphError(`${tensor.operation} gave ${data.length} values for shape ${describeShape(shape)}`);
    }
    values.set(tensor, { shape, data });
  }
  const result: Partial<Record<Names, HostTensor>> = {};
  for (const name in outputs) result[name] = known(values, outputs[name]);
  return result as Record<Names, HostTensor>;
}

function known(values: ReadonlyMap<Tensor, HostTensor>, tensor: Tensor): HostTensor {
  const value = values.get(tensor);
  if (value === undefined) throw new Error(`${tensor.operation} was needed before it was made`);
  return value;
}

function referenceOf<Name extends OperationName>(
  tensor: TensorOf<Name>,
  step: Omit<ReferenceStep<AttributesOf[Name]>, 'attributes'>,
): Float64Array {
  return operations[tensor.operation].reference({ ...step, attributes: tensor.attributes });
}

/** N from the lengths of the feeds; every feed is checked against its shape. */
function openDimension(order: readonly Tensor[], feeds: Evaluation<string>['feeds']): number | undefined {
  let N: number | undefined;
  for (const tensor of order) {
    if (tensor.operation !== 'input' && tensor.operation !== 'parameter') continue;
    const { name } = tensor.attributes;
    const data = feeds[name];
    if (data === undefined) throw new GraphError(`no values were fed for "${name}" ${describeShape(tensor.shape)}`);
    const { size, symbols } = volume(tensor.shape);
    const found = symbols === 0 ? N : Math.round((data.length / size) ** (1 / symbols));
    if (size * (found ?? 1) ** symbols !== data.length || (N !== undefined && found !== N)) {
      throw new GraphError(
        `"${name}" ${describeShape(tensor.shape)} was fed ${data.length} values${N === undefined ? '' : ` while N = ${N}`}`,
      );
    }
    N = found;
  }
  return N;
}
