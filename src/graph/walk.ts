import type { Tensor } from './operation.ts';

/** Every tensor that the outputs are made from, each once, inputs before what is made from them. */
export function inOrder(outputs: readonly Tensor[]): Tensor[] {
  const order: Tensor[] = [];
  const entered = new Set<Tensor>();
  const waiting: { tensor: Tensor; done: boolean }[] = [];
  for (const output of outputs) {
    waiting.push({ tensor: output, done: false });
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next.done) {
        order.push(next.tensor);
        continue;
      }
      if (entered.has(next.tensor)) continue;
      entered.add(next.tensor);
      waiting.push({ tensor: next.tensor, done: true });
      for (let at = next.tensor.inputs.length - 1; at >= 0; at--) {
        waiting.push({ tensor: next.tensor.inputs[at], done: false });
      }
    }
  }
  return order;
}

/** The parameters that the outputs are made from, by name. */
export function parametersOf(outputs: readonly Tensor[]): ReadonlyMap<string, Tensor> {
  const found = new Map<string, Tensor>();
  for (const tensor of inOrder(outputs)) {
    if (tensor.operation === 'parameter') found.set(tensor.attributes.name, tensor);
  }
  return found;
}
