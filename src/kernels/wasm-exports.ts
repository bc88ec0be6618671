/**
 * Kernels that threads can share: the first arguments are the range of units to work on, [from, to). Their order here
 * is their number in assembly/threads.ts.
 */
export const shareable = ['adam', 'outerProducts', 'outerProductsAdjoint', 'invertAll'] as const;
const alone = [
  ...shareable,
  'scale',
  'addScaled',
  'multiplicativeUpdate',
  'solvePacked',
  'invertAllScratch',
  'firstFreeByte',
] as const;
const shared = ['share', 'serving', 'stopServing'] as const;

export type ShareableKernel = (typeof shareable)[number];

type Export = (...values: number[]) => number;
/** The compiled kernels' functions. */
export type KernelExports = Readonly<Record<(typeof alone)[number], Export>>;
/** What the kernels for a shared memory have beside them. */
export type SharedExports = Readonly<Record<(typeof shared)[number], Export>>;

/** Binds the compiled kernels to a memory. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): WebAssembly.Instance {
  const abort = () => {
    throw new Error('a kernel stopped');
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } });
}

export function kernelExports(instance: WebAssembly.Instance): KernelExports {
  return checked(instance, alone);
}

export function sharedExports(instance: WebAssembly.Instance): SharedExports {
  return checked(instance, shared);
}

function checked<Name extends string>({ exports }: WebAssembly.Instance, names: readonly Name[]) {
  const found: Partial<Record<Name, Export>> = {};
  for (const name of names) {
    const value = exports[name];
    if (typeof value !== 'function') throw new Error(`the compiled kernels lack "${name}"; run npm run build:kernels`);
    found[name] = (...values) => Number(value(...values));
  }
  return found as Record<Name, Export>;
}
