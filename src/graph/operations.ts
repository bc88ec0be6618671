import type { Family, OperationName } from './operation.ts';
import { arithmetic } from './ops/arithmetic.ts';
import { arrangement } from './ops/arrangement.ts';
import { comparisons } from './ops/comparison.ts';
import { expansion } from './ops/expand.ts';
import { functions } from './ops/functions.ts';
import { lookup } from './ops/lookup.ts';
import { products } from './ops/products.ts';
import { reductions } from './ops/reductions.ts';
import { sources } from './ops/sources.ts';

/** Every operation's record. A name in `AttributesOf` without a record here does not compile. */
export const operations: Family<OperationName> = {
  ...sources,
  ...arithmetic,
  ...comparisons,
  ...functions,
  ...expansion,
  ...arrangement,
  ...lookup,
  ...reductions,
  ...products,
};
