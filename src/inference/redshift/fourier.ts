/**
 * Complex discrete Fourier transforms of one power-of-two length, in place and without allocation: iterative radix 2
 * (Cooley & Tukey 1965), real and imaginary parts in arrays of their own.
 */
export class FourierTransform {
  readonly length: number;
  readonly #cosine: Float64Array;
  readonly #sine: Float64Array;
  readonly #reversed: Uint32Array;

  /** @throws RangeError when the length is no power of two */
  constructor(length: number) {
    const bits = Math.round(Math.log2(length));
    if (2 ** bits !== length) throw new RangeError(`a transform's length must be a power of two, not ${length}`);
    this.length = length;
    this.#cosine = Float64Array.from({ length: length / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / length));
    this.#sine = Float64Array.from({ length: length / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / length));
    this.#reversed = new Uint32Array(length);
    for (let i = 1; i < length; i++) this.#reversed[i] = (this.#reversed[i >> 1] >> 1) | ((i & 1) << (bits - 1));
  }

  /** X_f = Σ_m x_m exp(−2πi f m / n). */
  forward(real: Float64Array, imaginary: Float64Array): void {
    this.#transform(real, imaginary, -1);
  }

  /** x_m = Σ_f X_f exp(+2πi f m / n); not divided by n. */
  backward(real: Float64Array, imaginary: Float64Array): void {
    this.#transform(real, imaginary, 1);
  }

  #transform(real: Float64Array, imaginary: Float64Array, sign: 1 | -1): void {
    const n = this.length;
    const reversed = this.#reversed;
    for (let i = 0; i < n; i++) {
      const j = reversed[i];
      if (j <= i) continue;
      const [re, im] = [real[i], imaginary[i]];
      real[i] = real[j];
      imaginary[i] = imaginary[j];
      real[j] = re;
      imaginary[j] = im;
    }
    for (let half = 1; half < n; half *= 2) this.#butterflies(real, imaginary, half, sign);
  }

  /** Pairs of transforms of length `half` become transforms of twice that length. */
  #butterflies(real: Float64Array, imaginary: Float64Array, half: number, sign: 1 | -1): void {
    const n = this.length;
    const stride = n / (2 * half);
    const cosine = this.#cosine;
    const sine = this.#sine;
    for (let start = 0; start < n; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const c = cosine[k * stride];
        const s = sign * sine[k * stride];
        const i = start + k;
        const j = i + half;
        const re = c * real[j] - s * imaginary[j];
        const im = c * imaginary[j] + s * real[j];
        real[j] = real[i] - re;
        imaginary[j] = imaginary[i] - im;
        real[i] += re;
        imaginary[i] += im;
      }
    }
  }
}
