/**
 * Seeded random numbers. One generator is made from the user's seed and handed down; parts of a program take
 * independent streams from it by name, so that neither the number of threads nor the order in which parts run
 * changes what any of them draws.
 *
 * The generator is xoshiro128++ (Blackman & Vigna 2021), seeded by splitmix32; normals come from the polar
 * method (Marsaglia & Bray 1964).
 */
export interface RandomState {
  readonly words: readonly [number, number, number, number];
  readonly spareNormal: number | null;
}

export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;
  #spareNormal: number | null = null;

  constructor(seed: number | RandomState) {
    if (typeof seed === 'object') {
      [this.#a, this.#b, this.#c, this.#d] = seed.words;
      this.#spareNormal = seed.spareNormal;
      return;
    }
    const next = splitmix32(seed);
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next();
  }

  /** An independent stream, named; it depends on this generator's present state and the name only, and draws nothing. */
  stream(name: string): Random {
    let hash = 0x811c9dc5;
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    const mix = splitmix32(hash ^ this.#a);
    return new Random({
      words: [mix() ^ this.#b, mix() ^ this.#c, mix() ^ this.#d, mix() | 1],
      spareNormal: null,
    });
  }

  /** Everything needed to go on from here: `new Random(generator.state())`. */
  state(): RandomState {
    return { words: [this.#a, this.#b, this.#c, this.#d], spareNormal: this.#spareNormal };
  }

  /** 32 random bits. */
  bits(): number {
    const sum = (this.#a + this.#d) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + this.#a) >>> 0;
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** Uniform in [0, 1) with 53 random bits. */
  uniform(low = 0, high = 1): number {
    const unit = ((this.bits() >>> 5) * 67108864 + (this.bits() >>> 6)) / 9007199254740992;
    return low + (high - low) * unit;
  }

  /** Uniform integer in [0, n). */
  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Normal with the given mean and standard deviation. */
  normal(mean = 0, standardDeviation = 1): number {
    const spare = this.#spareNormal;
    if (spare !== null) {
      this.#spareNormal = null;
      return mean + standardDeviation * spare;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.#spareNormal = v * scale;
      return mean + standardDeviation * u * scale;
    }
  }

  /** Fills an array with standard normals. */
  fillNormal(into: Float32Array | Float64Array): void {
    for (let i = 0; i < into.length; i++) into[i] = this.normal();
  }

  /** A random order of 0 … n−1 (Fisher–Yates), written into `into` when given. */
  permutation(n: number, into: Uint32Array = new Uint32Array(n)): Uint32Array {
    for (let i = 0; i < n; i++) into[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = into[i];
      into[i] = into[j];
      into[j] = held;
    }
    return into;
  }
}

function splitmix32(seed: number): () => number {
  // Seeds beyond 32 bits still differ: the high half is folded in.
  let state = (seed ^ Math.imul(Math.floor(seed / 4294967296), 0x9e3779b9)) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
}
