import { pairRow } from './pair';

/** Values beyond this are refused like infinities: 1 + Λ would lose the 1 even in float64. */
const BEYOND: f64 = 1e14;

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
export function packedLength(size: u32): usize {
  return <usize>((size * (size + 1)) >> 1);
}

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function storeDemoted(at: usize, values: v128): void {
  v128.store64_lane(at, f32x4.demote_f64x2_zero(values), 0);
}

/** Lays two runs of `length` float32 together as pairs; where there is one run only, zeros take the place of the other. */
export function gather(from: usize, length: usize, lanes: u32, into: usize): void {
  const other = from + (length << 2);
  let k: usize = 0;
  if (lanes == 2) {
    for (; k + 4 <= length; k += 4, into += 32) {
      const a = v128.load(from + (k << 2));
      const b = v128.load(other + (k << 2));
      v128.store(into, v128.shuffle<f32>(a, b, 0, 4, 1, 5));
      v128.store(into, v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
    }
  }
  for (; k < length; k++, into += 8) {
    store<f32>(into, load<f32>(from + (k << 2)));
    store<f32>(into, lanes == 2 ? load<f32>(other + (k << 2)) : 0, 4);
  }
}

/** The reverse of `gather`. */
export function scatter(from: usize, length: usize, lanes: u32, into: usize): void {
  const other = into + (length << 2);
  let k: usize = 0;
  if (lanes == 2) {
    for (; k + 4 <= length; k += 4, from += 32) {
      const low = v128.load(from);
      const high = v128.load(from, 16);
      v128.store(into + (k << 2), v128.shuffle<f32>(low, high, 0, 2, 4, 6));
      v128.store(other + (k << 2), v128.shuffle<f32>(low, high, 1, 3, 5, 7));
    }
  }
  for (; k < length; k++, from += 8) {
    store<f32>(into + (k << 2), load<f32>(from));
    if (lanes == 2) store<f32>(other + (k << 2), load<f32>(from, 4));
  }
}

/** into ← a run of `length` float32 pairs in float64. */
export function widen(from: usize, length: usize, into: usize): void {
  for (let k: usize = 0; k < length; k++, from += 8, into += 16) {
    v128.store(into, f64x2.promote_low_f32x4(v128.load64_zero(from)));
  }
}

/** Lanes, all bits set, in which a pair holds numbers of ordinary size only. */
export function ordinary(pair: usize, length: usize): v128 {
  let lanes = i64x2.splat(-1);
  for (let k: usize = 0; k < length; k++) {
    lanes = v128.and(lanes, f64x2.le(f64x2.abs(v128.load(pair + (k << 4))), f64x2.splat(BEYOND)));
  }
  return lanes;
}

/** Sets a pair to 0 but for some lanes. */
export function keepLanes(pair: usize, length: usize, lanes: v128): void {
  for (let k: usize = 0; k < length; k++) v128.store(pair + (k << 4), v128.and(lanes, v128.load(pair + (k << 4))));
}

/** Adds 1 to a pair of matrices, and fills the pair up with the identity. */
export function addIdentity(pair: usize, size: u32, order: u32): void {
  const length = packedLength(size);
  memory.fill(pair + (length << 4), 0, (packedLength(order) - length) << 4);
  for (let i: u32 = 0; i < order; i++) {
    const diagonal = pairRow(pair, i) + (<usize>i << 4);
    v128.store(diagonal, f64x2.add(v128.load(diagonal), f64x2.splat(1)));
  }
}

/** values ← the pair in float32, elements beside the diagonal doubled. */
export function compress(pair: usize, values: usize, size: u32): void {
  const two = f64x2.splat(2);
  for (let i: u32 = 0; i < size; i++) {
    for (let j: u32 = 0; j < i; j++, pair += 16, values += 8) storeDemoted(values, f64x2.mul(v128.load(pair), two));
    storeDemoted(values, v128.load(pair));
    pair += 16;
    values += 8;
  }
}

/** into ← one or two columns of float32 in float64, with 0 for the other. */
export function gatherColumns(from: usize, size: u32, stride: usize, lanes: u32, into: usize): void {
  for (let i: u32 = 0; i < size; i++, from += stride, into += 16) {
    store<f64>(into, <f64>load<f32>(from));
    store<f64>(into, lanes == 2 ? <f64>load<f32>(from, 4) : 0, 8);
  }
}

/** One lane of a pair in float32 to its column of `into`. */
export function scatterColumn(pair: usize, size: u32, stride: usize, lane: u32, into: usize): void {
  for (let i: u32 = 0; i < size; i++, pair += 16, into += stride) {
    store<f32>(into, <f32>load<f64>(pair + (<usize>lane << 3)));
  }
}
