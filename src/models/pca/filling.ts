import type { Matrix } from '../../base/index.ts';
import {
  add,
  constant,
  greater,
  input,
  matmul,
  parameter,
  type Runtime,
  type Session,
  subtract,
  where,
  writeOnnx,
} from '../../graph/index.ts';
import { BLOCK_ROWS, blockOf, type DenseMatrix, forEachBlock, type RowBlock } from '../../linalg/index.ts';
import { linearPosterior } from '../layers/linear-posterior.ts';

export interface InfillFigures {
  /** Σ (x − reconstruction)² over observed pixels. */
  readonly residual: number;
  /** The same per observed pixel. */
  readonly noise: number;
  /** Root mean square move of the filled pixels, in units of the spectra's scatter along the components. */
  readonly change: number;
}

/** The components of filled spectra. */
export interface Plane {
  /** Length P */
  readonly mean: Float32Array;
  /** K × P, orthonormal rows. */
  readonly basis: DenseMatrix;
  /** Length K: sums of squares of the coefficients over spectra. */
  readonly sumOfSquares: Float64Array;
  /** Variance of observed pixels about the fits, the same for all. */
  readonly noise: number;
}

/** A copy of the spectra whose unobserved pixels are filled by fits of components; not filled before the first fit. */
export class Filling {
  /** N × P */
  readonly filled: Matrix;
  readonly #flux: Matrix;
  readonly #ivar: Matrix;
  readonly #session: Session;
  readonly #fitted: Float32Array;
  /** Column sums of `filled`. */
  readonly #total: Float64Array;

  static async prepare(
    runtime: Runtime,
    { flux, ivar }: { readonly flux: Matrix; readonly ivar: Matrix },
    components: number,
  ): Promise<Filling> {
    return new Filling(flux, ivar, await fitSession(runtime, flux.columns, components));
  }

  private constructor(flux: Matrix, ivar: Matrix, session: Session) {
    this.#flux = flux;
    this.#ivar = ivar;
    this.#session = session;
    this.filled = { ...flux, data: flux.data.slice() };
    this.#fitted = new Float32Array(Math.min(BLOCK_ROWS, flux.rows) * flux.columns);
    this.#total = new Float64Array(flux.columns);
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  /** The mean of the filled spectra, length P. */
  mean(): Float32Array {
    return Float32Array.from(this.#total, (sum) => sum / this.#flux.rows);
  }

  /**
   * Fits each spectrum's observed pixels with the components, all equal, and fills its gaps from the fit. Coefficients
   * have the population's variance as their prior: a plain fit to a few pixels would fill the rest with anything.
   */
  async fill(plane: Plane, signal?: AbortSignal): Promise<InfillFigures> {
    const { mean, basis, sumOfSquares } = plane;
    const figures = { residual: 0, moved: 0, gaps: 0 };
    const fixed = { mean, basis: Float32Array.from(basis.data), priorPrecision: this.#priorPrecision(plane) };
    this.#total.fill(0);
    await forEachBlock(
      this.#flux.rows,
      async (block) => {
        const fitted = this.#fitted.subarray(0, block.count * mean.length);
        const feeds = { flux: blockOf(this.#flux, block), ivar: blockOf(this.#ivar, block), ...fixed };
        await this.#session.run(feeds, { fitted });
        this.#take(block, fitted, figures);
      },
      signal,
    );
    const scatter = this.#scatter(sumOfSquares);
    const move = figures.gaps === 0 || scatter === 0 ? 0 : figures.moved / figures.gaps / scatter;
    const observed = this.filled.data.length - figures.gaps;
    return { residual: figures.residual, noise: figures.residual / observed, change: Math.sqrt(move) };
  }

  /** Mean square over all pixels of what the components explain. */
  #scatter(sumOfSquares: Float64Array): number {
    return sumOfSquares.reduce((sum, value) => sum + value, 0) / this.filled.data.length;
  }

  #priorPrecision({ sumOfSquares, noise }: Plane): Float32Array {
    // Float32 solves need a little of the prior even where the spectra lie exactly on the plane.
    const least = Math.max(noise, 1e-4 * this.#scatter(sumOfSquares), 1e-30);
    const weakest = Math.max(sumOfSquares[0] * 1e-12, 1e-30);
    return Float32Array.from(sumOfSquares, (value) => (least * this.#flux.rows) / Math.max(value, weakest));
  }

  #take(block: RowBlock, fitted: Float32Array, figures: { residual: number; moved: number; gaps: number }): void {
    const flux = blockOf(this.#flux, block);
    const ivar = blockOf(this.#ivar, block);
    const filled = blockOf(this.filled, block);
    const total = this.#total;
    for (let n = 0, at = 0; n < block.count; n++) {
      for (let d = 0; d < total.length; d++, at++) {
        if (ivar[at] > 0) {
          figures.residual += (flux[at] - fitted[at]) ** 2;
        } else {
          figures.gaps++;
          figures.moved += (filled[at] - fitted[at]) ** 2;
          filled[at] = fitted[at];
        }
        total[d] += filled[at];
      }
    }
  }
}

async function fitSession(runtime: Runtime, pixels: number, components: number): Promise<Session> {
  const flux = input('flux', ['N', pixels]);
  const weights = where(greater(input('ivar', ['N', pixels]), 0), constant(1), 0);
  const mean = parameter('mean', [pixels]);
  const basis = parameter('basis', [components, pixels]);
  const priorPrecision = parameter('priorPrecision', [components]);
  const posterior = linearPosterior({ centred: subtract(flux, mean), weights, basis, priorPrecision });
  const fitted = add(matmul(posterior.mean, basis), mean);
  return runtime.createSession(writeOnnx({ name: 'iterative-infill', inputs: [flux], outputs: { fitted } }));
}
