const FLOOR: f32 = 1e-37;

/**
 * One step of Adam (Kingma & Ba 2015) over the parameters from `from` to before `to`, in one pass over memory. With
 * bias corrections c₁ = 1 − β₁ᵗ, c₂ = 1 − β₂ᵗ the step p −= η/c₁ · m / (√(v/c₂) + ε) is written as
 * p −= rate · (m / (√v + epsilon)), rate = η √c₂ / c₁, epsilon = ε √c₂, which saves a product an element.
 * Division and square root bound the speed, so nothing else is unrolled for.
 *
 * Where a gradient stays 0, as behind a dead ReLU, both moments would decay into subnormal numbers, on which the
 * processor is thirty times slower. FLOOR, added at every step, holds them just above: it moves a parameter by less
 * than 1e−30 a step. The division comes before the product for the same reason: rate · FLOOR would be subnormal.
 */
export function adam(
  from: u32,
  to: u32,
  parameters: usize,
  gradients: usize,
  first: usize,
  second: usize,
  rate: f32,
  epsilon: f32,
  beta1: f32,
  beta2: f32,
  // 1 − β in float64 before rounding: 1 − 0.999 in float32 is off by 5e−5.
  rest1: f32,
  rest2: f32,
): void {
  const rates = f32x4.splat(rate);
  const epsilons = f32x4.splat(epsilon);
  const keep1 = f32x4.splat(beta1);
  const keep2 = f32x4.splat(beta2);
  const take1 = f32x4.splat(rest1);
  const take2 = f32x4.splat(rest2);
  const floors = f32x4.splat(FLOOR);
  const n = <usize>(to - from);
  let at = <usize>from << 2;
  const lines = at + ((n >> 4) << 6);
  const vectors = at + ((n >> 2) << 4);
  const all = at + (n << 2);
  for (; at < lines; at += 64) {
    four(parameters + at, gradients + at, first + at, second + at, rates, epsilons, keep1, keep2, take1, take2, floors);
    four(parameters + at + 16, gradients + at + 16, first + at + 16, second + at + 16, rates, epsilons, keep1, keep2, take1, take2, floors);
    four(parameters + at + 32, gradients + at + 32, first + at + 32, second + at + 32, rates, epsilons, keep1, keep2, take1, take2, floors);
    four(parameters + at + 48, gradients + at + 48, first + at + 48, second + at + 48, rates, epsilons, keep1, keep2, take1, take2, floors);
  }
  for (; at < vectors; at += 16) {
    four(parameters + at, gradients + at, first + at, second + at, rates, epsilons, keep1, keep2, take1, take2, floors);
  }
  for (; at < all; at += 4) {
    const gradient = load<f32>(gradients + at);
    const m = beta1 * load<f32>(first + at) + FLOOR + rest1 * gradient;
    const v = beta2 * load<f32>(second + at) + FLOOR + rest2 * (gradient * gradient);
    store<f32>(first + at, m);
    store<f32>(second + at, v);
    store<f32>(parameters + at, load<f32>(parameters + at) - rate * (m / (Mathf.sqrt(v) + epsilon)));
  }
}

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function four(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  rates: v128,
  epsilons: v128,
  keep1: v128,
  keep2: v128,
  take1: v128,
  take2: v128,
  floors: v128,
): void {
  const gradient = v128.load(g);
  const mean = f32x4.add(f32x4.add(f32x4.mul(keep1, v128.load(m)), floors), f32x4.mul(take1, gradient));
  const square = f32x4.add(
    f32x4.add(f32x4.mul(keep2, v128.load(v)), floors),
    f32x4.mul(take2, f32x4.mul(gradient, gradient)),
  );
  v128.store(m, mean);
  v128.store(v, square);
  const move = f32x4.mul(rates, f32x4.div(mean, f32x4.add(f32x4.sqrt(square), epsilons)));
  v128.store(p, f32x4.sub(v128.load(p), move));
}
