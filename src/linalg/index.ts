export { accumulate, BLOCK_ROWS, blockOf, forEachBlock, type RowBlock } from './blocks.ts';
export { CholeskySolver } from './cholesky.ts';
export { type DenseMatrix, dense, identity, product, transposed } from './dense.ts';
export { fixSigns, type SymmetricEigen, symmetricEigen } from './eigen.ts';
export { orthonormaliseRows } from './orthonormal.ts';
export { packedIndices, packedLength, packedPositions } from './packed.ts';
export { type RandomisedSvd, type RandomisedSvdOptions, randomisedSvd } from './randomised.ts';
