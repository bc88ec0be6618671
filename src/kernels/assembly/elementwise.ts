/** x ← a·x. */
export function scale(x: usize, n: u32, factor: f32): void {
  const factors = f32x4.splat(factor);
  const vectors = (<usize>n >> 2) << 4;
  const all = <usize>n << 2;
  let at: usize = 0;
  for (; at < vectors; at += 16) v128.store(x + at, f32x4.mul(factors, v128.load(x + at)));
  for (; at < all; at += 4) store<f32>(x + at, factor * load<f32>(x + at));
}

/** y ← y + a·x. */
export function addScaled(y: usize, x: usize, n: u32, factor: f32): void {
  const factors = f32x4.splat(factor);
  const vectors = (<usize>n >> 2) << 4;
  const all = <usize>n << 2;
  let at: usize = 0;
  for (; at < vectors; at += 16) {
    v128.store(y + at, f32x4.add(v128.load(y + at), f32x4.mul(factors, v128.load(x + at))));
  }
  for (; at < all; at += 4) store<f32>(y + at, load<f32>(y + at) + factor * load<f32>(x + at));
}

/** x ← x · max(numerator, 0) / max(denominator, floor): what keeps a non-negative factor non-negative. */
export function multiplicativeUpdate(x: usize, numerator: usize, denominator: usize, n: u32, floor: f32): void {
  const floors = f32x4.splat(floor);
  const zeros = f32x4.splat(0);
  const vectors = (<usize>n >> 2) << 4;
  const all = <usize>n << 2;
  let at: usize = 0;
  for (; at < vectors; at += 16) {
    const above = f32x4.max(v128.load(numerator + at), zeros);
    const below = f32x4.max(v128.load(denominator + at), floors);
    v128.store(x + at, f32x4.div(f32x4.mul(v128.load(x + at), above), below));
  }
  for (; at < all; at += 4) {
    const above = Mathf.max(load<f32>(numerator + at), 0);
    const below = Mathf.max(load<f32>(denominator + at), floor);
    store<f32>(x + at, (load<f32>(x + at) * above) / below);
  }
}
