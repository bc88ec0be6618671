import { loadKernels } from '../../src/kernels/index.node.ts';

/** What a fit asks of its context beside a runtime: kernels on one thread. */
export const kernelLoading = { loadKernels: (capacityBytes: number) => loadKernels({ capacityBytes }) };
