/**
 * Packed outer products of rows with themselves: the lower triangle of a aᵀ row by row, element (i, j), j ≤ i, at
 * i(i+1)/2 + j. A range of rows is worked on, so that threads can share them.
 */

/** into[n, (i, j)] ← a[n, i] · a[n, j] for the rows n from `from` to before `to`; a: rows × size. */
export function outerProducts(from: u32, to: u32, a: usize, into: usize, size: u32): void {
  const packed = <usize>((size * (size + 1)) >> 1);
  for (let n = <usize>from; n < <usize>to; n++) {
    const row = a + ((n * size) << 2);
    let at = into + ((n * packed) << 2);
    for (let i: u32 = 0; i < size; i++) {
      const value = load<f32>(row + (<usize>i << 2));
      const values = f32x4.splat(value);
      const end = at + (<usize>(i + 1) << 2);
      let other = row;
      if (i + 3 < size) {
        // Writes up to three elements too many, which belong to the same matrix and are written again further on.
        for (; at < end; at += 16, other += 16) v128.store(at, f32x4.mul(values, v128.load(other)));
      } else {
        for (; at + 12 < end; at += 16, other += 16) v128.store(at, f32x4.mul(values, v128.load(other)));
        for (; at < end; at += 4, other += 4) store<f32>(at, value * load<f32>(other));
      }
      at = end;
    }
  }
}

/** into[n, ·] ← the gradient along a[n, ·] when `gradient` is that along `outerProducts`; one pass over `gradient`. */
export function outerProductsAdjoint(from: u32, to: u32, a: usize, gradient: usize, into: usize, size: u32): void {
  const packed = <usize>((size * (size + 1)) >> 1);
  for (let n = <usize>from; n < <usize>to; n++) {
    const row = a + ((n * size) << 2);
    const sums = into + ((n * size) << 2);
    let at = gradient + ((n * packed) << 2);
    for (let i: usize = 0; i < <usize>size; i++) {
      const value = load<f32>(row + (i << 2));
      const values = f32x4.splat(value);
      const vectors = (i >> 2) << 4;
      const all = i << 2;
      let products = f32x4.splat(0);
      let k: usize = 0;
      for (; k < vectors; k += 16) {
        const g = v128.load(at + k);
        products = f32x4.add(products, f32x4.mul(g, v128.load(row + k)));
        v128.store(sums + k, f32x4.add(v128.load(sums + k), f32x4.mul(g, values)));
      }
      let total =
        f32x4.extract_lane(products, 0) +
        f32x4.extract_lane(products, 1) +
        (f32x4.extract_lane(products, 2) + f32x4.extract_lane(products, 3));
      for (; k < all; k += 4) {
        const g = load<f32>(at + k);
        total += g * load<f32>(row + k);
        store<f32>(sums + k, load<f32>(sums + k) + g * value);
      }
      store<f32>(sums + all, total + 2 * load<f32>(at + all) * value);
      at += all + 4;
    }
  }
}
