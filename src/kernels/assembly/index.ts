export { adam } from './adam';
export { solvePacked } from './cholesky';
export { addScaled, multiplicativeUpdate, scale } from './elementwise';
export { invertAll, invertAllScratch } from './posterior';
export { outerProducts, outerProductsAdjoint } from './outer-products';

/** Where the kernels' own data ends and the caller's arrays may begin. */
export function firstFreeByte(): usize {
  return __heap_base;
}
