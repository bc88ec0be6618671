import type { AttributesOf, Operation, OperationName, Tensor, TensorOf } from './operation.ts';

/** What has been made from each tensor, so that the same operation on the same tensors is made once. */
const madeFrom = new WeakMap<Tensor, Map<string, Tensor>>();
const identities = new WeakMap<Tensor, string>();
let counted = 0;

function identityOf(tensor: Tensor): string {
  if (tensor.operation === 'constant' && tensor.shape.length === 0) return `=${tensor.attributes.values[0]}`;
  const known = identities.get(tensor) ?? String(counted++);
  identities.set(tensor, known);
  return known;
}

/**
 * Makes a tensor, or returns the one that the same operation on the same inputs made before. The shape rule runs here,
 * so a graph whose shapes do not fit cannot be built.
 */
export function apply<Name extends OperationName>(
  operation: Name,
  record: Operation<AttributesOf[Name]>,
  inputs: readonly Tensor[],
  attributes: AttributesOf[Name],
): Tensor {
  const shape = record.shape(
    inputs.map((tensor) => tensor.shape),
    attributes,
  );
  const made: TensorOf<Name> = { operation, inputs, attributes, shape };
  const tensor = made as Tensor;
  const named = inputs.map((input) => ({ input, identity: identityOf(input) }));
  if (operation === 'add' || operation === 'multiply') named.sort((a, b) => (a.identity < b.identity ? -1 : 1));
  const owner = named.find(({ input }) => input.operation !== 'constant')?.input;
  if (owner === undefined) return tensor;
  const key = `${operation} ${named.map(({ identity }) => identity).join()} ${JSON.stringify(attributes)}`;
  const siblings = madeFrom.get(owner) ?? new Map<string, Tensor>();
  madeFrom.set(owner, siblings);
  const before = siblings.get(key) ?? tensor;
  siblings.set(key, before);
  return before;
}
