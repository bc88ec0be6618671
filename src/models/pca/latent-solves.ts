import { UserError } from '../../base/index.ts';
import { CholeskySolver, packedLength } from '../../linalg/index.ts';

/** The arrays of one block of spectra: what the projection graph gave, and what the collection graph needs. */
export interface LatentBlock {
  /** N × (packed(K) + K): G = V W Vᵀ, followed by V W (μ − centre). */
  readonly gram: Float32Array;
  /** N × K: V W (x − centre). */
  readonly projection: Float32Array;
  /** N × K: ẑ, written here. */
  readonly latent: Float32Array;
  /** N × packed(K+1): uuᵀ + C with u = (ẑ, 1), written here. */
  readonly moments: Float32Array;
}

export interface LatentSums {
  /** packed(K+1): Σ_n (uuᵀ + C). */
  readonly latent: Float64Array;
  /** Σ_n tr C_n. */
  trace: number;
  /** Σ_n ẑᵀẑ + log det(I + V W_n Vᵀ/φ): with χ²/φ and n log φ, −2 log likelihood up to a constant. */
  evidence: number;
}

/**
 * Coefficients of a block of spectra under a prior N(0, I): with A = I + G/φ and b = V W (x − μ), covariance C = A⁻¹
 * and mean ẑ = C b/φ, in float64. Adds the block's Σ (uuᵀ + C), Σ tr C and Σ (ẑᵀẑ + log det A) to the sums.
 */
export class LatentSolver {
  readonly #size: number;
  readonly #cholesky: CholeskySolver;
  readonly #system: Float64Array;
  readonly #covariance: Float64Array;
  /** (ẑ, 1) */
  readonly #augmented: Float64Array;

  constructor(size: number) {
    this.#size = size;
    this.#cholesky = new CholeskySolver(size);
    this.#system = new Float64Array(packedLength(size));
    this.#covariance = new Float64Array(packedLength(size));
    this.#augmented = new Float64Array(size + 1).fill(1);
  }

  solve(block: LatentBlock, noiseScale: number, sums: LatentSums): void {
    const count = block.latent.length / this.#size;
    for (let n = 0; n < count; n++) {
      this.#solveOne(block, n, 1 / noiseScale, sums);
      this.#writeMoments(block, n, sums);
    }
  }

  #solveOne({ gram, projection, latent }: LatentBlock, n: number, perNoise: number, sums: LatentSums): void {
    const size = this.#size;
    const system = this.#system;
    const z = this.#augmented;
    const from = n * (system.length + size);
    for (let i = 0; i < system.length; i++) system[i] = gram[from + i] * perNoise;
    for (let i = 0, diagonal = 0; i < size; diagonal += size - i, i++) system[diagonal] += 1;
    if (!this.#cholesky.factor(system)) {
      throw new UserError(
        'PCA met a spectrum whose flux or ivar is too large for float32; rescale or normalise the flux.',
      );
    }
    for (let i = 0; i < size; i++) {
      z[i] = (projection[n * size + i] - gram[from + system.length + i]) * perNoise;
    }
    this.#cholesky.solve(z);
    this.#cholesky.inverse(this.#covariance);
    sums.evidence += this.#cholesky.logDeterminant();
    for (let i = 0; i < size; i++) {
      latent[n * size + i] = z[i];
      sums.evidence += z[i] * z[i];
    }
  }

  #writeMoments({ moments }: LatentBlock, n: number, sums: LatentSums): void {
    const size = this.#size;
    const u = this.#augmented;
    const covariance = this.#covariance;
    let at = 0;
    let from = 0;
    const start = n * sums.latent.length;
    for (let i = 0; i <= size; i++) {
      for (let j = i; j <= size; j++, at++) {
        let value = u[i] * u[j];
        if (j < size) {
          if (i === j) sums.trace += covariance[from];
          value += covariance[from++];
        }
        moments[start + at] = value;
        sums.latent[at] += value;
      }
    }
  }
}
