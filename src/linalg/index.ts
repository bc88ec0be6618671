export { accumulate, BLOCK_ROWS, blockOf, forEachBlock, type RowBlock } from './blocks.ts';
export { CholeskySolver } from './cholesky.ts';
export { type DenseMatrix, dense, product, transposed } from './dense.ts';
export { fixSigns, symmetricEigen } from './eigen.ts';
export { inverseCholeskyFactor } from './inverse-factor.ts';
export { LargeCholesky } from './large-cholesky.ts';
export { type Minimum, minimise } from './minimise.ts';
export { orthonormaliseRows } from './orthonormal.ts';
export { packedIndices, packedLength, packedPositions } from './packed.ts';
export { randomisedSvd } from './randomised.ts';
export {
  choleskyInto,
  type DecodedPoints,
  drawPoints,
  type Gaussians,
  momentsOf,
  sigmaPoints,
  spreadOf,
} from './sigma-points.ts';
