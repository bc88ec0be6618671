import type { Matrix } from '../../base/index.ts';
import {
  concatenate,
  constant,
  expand,
  input,
  matmul,
  multiply,
  parameter,
  type Runtime,
  type Session,
  square,
  subtract,
  sum,
  type Tensor,
  writeOnnx,
} from '../../graph/index.ts';
import { accumulate, BLOCK_ROWS, blockOf, forEachBlock, packedLength, type RowBlock } from '../../linalg/index.ts';
import { packedOuter } from '../layers/linearPosterior.ts';
import type { FactorModel } from './factorModel.ts';
import { type LatentBlock, LatentSolver } from './latentSolves.ts';

/** Spectra and their weights, both N × P; weight 0 = unobserved. */
export interface WeightedRows {
  readonly flux: Matrix;
  readonly weights: Matrix;
}

/**
 * What one pass over the spectra leaves for the update of the model. ẑ and C are mean and covariance of a spectrum's
 * coefficients, u = (ẑ, 1).
 */
export interface Expectation {
  /** P × packed(K+1): Σ_n w_nd (uuᵀ + C), pixel by pixel. */
  readonly second: Float64Array;
  /** P × (K+1): Σ_n w_nd (x_nd − μ_d) u. */
  readonly first: Float64Array;
  /** packed(K+1): Σ_n (uuᵀ + C). */
  readonly latent: Float64Array;
  /** Σ w (x − μ − Vᵀẑ)² over all pixels. */
  readonly chi2: number;
  /** Σ_n tr C_n. */
  readonly trace: number;
  /** Σ_n ẑᵀẑ + log det(I + V W_n Vᵀ/φ): with χ²/φ and n log φ, −2 log likelihood up to a constant. */
  readonly evidence: number;
}

/** One pass over all spectra for a given model: heavy sums as matrix products in two graphs, small solves between. */
export class ExpectationStep {
  readonly #rows: WeightedRows;
  readonly #project: Session;
  readonly #collect: Session;
  readonly #solver: LatentSolver;
  readonly #scratch: Scratch;

  static async prepare(runtime: Runtime, rows: WeightedRows, components: number): Promise<ExpectationStep> {
    const { columns } = rows.flux;
    const project = await runtime.createSession(projectionGraph(columns, components));
    const collect = await runtime.createSession(collectionGraph(columns, components));
    return new ExpectationStep(rows, components, project, collect);
  }

  private constructor(rows: WeightedRows, components: number, project: Session, collect: Session) {
    this.#rows = rows;
    this.#project = project;
    this.#collect = collect;
    this.#solver = new LatentSolver(components);
    this.#scratch = scratchFor(components, rows.flux);
  }

  async release(): Promise<void> {
    await this.#project.release();
    await this.#collect.release();
  }

  /** @throws InterruptedError between blocks when `signal` fires */
  async run(model: FactorModel, signal?: AbortSignal): Promise<Expectation> {
    const { second, first } = this.#scratch;
    const sums = {
      second: new Float64Array(second.length),
      first: new Float64Array(first.length),
      latent: new Float64Array(packedLength(model.loadings.rows + 1)),
      chi2: 0,
      trace: 0,
      evidence: 0,
    };
    const { flux } = this.#rows;
    await forEachBlock(flux.rows, (block) => this.#addBlock(block, model, sums), signal);
    return sums;
  }

  async #addBlock(block: RowBlock, model: FactorModel, sums: { -readonly [K in keyof Expectation]: Expectation[K] }) {
    const { second, first } = this.#scratch;
    const views = viewsOf(this.#scratch, block.count);
    const { gram, projection, latent, moments, chi2 } = views;
    const feeds = {
      flux: blockOf(this.#rows.flux, block),
      weights: blockOf(this.#rows.weights, block),
      mean: model.mean,
      loadings: model.loadings.data,
    };
    await this.#project.run(feeds, { gram, projection });
    this.#solver.solve(views, model.noiseScale, sums);
    await this.#collect.run({ ...feeds, latent, moments }, { second, first, chi2 });
    accumulate(sums.second, second);
    accumulate(sums.first, first);
    for (const value of chi2) sums.chi2 += value;
  }
}

interface BlockArrays extends LatentBlock {
  /** N: Σ_d w (x − μ − Vᵀẑ)². */
  readonly chi2: Float32Array;
}

interface Scratch {
  readonly block: BlockArrays;
  readonly blockRows: number;
  readonly second: Float32Array;
  readonly first: Float32Array;
}

function scratchFor(components: number, flux: Matrix): Scratch {
  const blockRows = Math.min(flux.rows, BLOCK_ROWS);
  const array = (width: number) => new Float32Array(blockRows * width);
  return {
    block: {
      gram: array(packedLength(components)),
      projection: array(components),
      latent: array(components),
      moments: array(packedLength(components + 1)),
      chi2: array(1),
    },
    blockRows,
    second: new Float32Array(flux.columns * packedLength(components + 1)),
    first: new Float32Array(flux.columns * (components + 1)),
  };
}

/** The first `count` rows of the scratch arrays. */
function viewsOf({ block, blockRows }: Scratch, count: number): BlockArrays {
  const view = (array: Float32Array) => array.subarray(0, (array.length / blockRows) * count);
  return {
    gram: view(block.gram),
    projection: view(block.projection),
    latent: view(block.latent),
    moments: view(block.moments),
    chi2: view(block.chi2),
  };
}

function centredFlux(pixels: number): { weights: Tensor; centred: Tensor; weighted: Tensor } {
  const weights = input('weights', ['N', pixels]);
  const centred = subtract(input('flux', ['N', pixels]), parameter('mean', [pixels]));
  return { weights, centred, weighted: multiply(weights, centred) };
}

/** G_n = Σ_d w v vᵀ (packed) and b_n = Σ_d w (x−μ) v of every spectrum. */
function projectionGraph(pixels: number, components: number): Uint8Array {
  const { weights, weighted } = centredFlux(pixels);
  const loadings = parameter('loadings', [components, pixels]);
  const gram = matmul(weights, packedOuter(loadings), { transposeB: true });
  const projection = matmul(weighted, loadings, { transposeB: true });
  return writeOnnx({ name: 'em-pca-projection', outputs: { gram, projection } });
}

/** The sums over spectra, given their coefficients. */
function collectionGraph(pixels: number, components: number): Uint8Array {
  const { weights, centred, weighted } = centredFlux(pixels);
  const latent = input('latent', ['N', components]);
  const moments = input('moments', ['N', packedLength(components + 1)]);
  const loadings = parameter('loadings', [components, pixels]);
  const withOne = concatenate([latent, expand(constant(1), ['N', 1])], 1);
  const residual = subtract(centred, matmul(latent, loadings));
  const outputs = {
    second: matmul(weights, moments, { transposeA: true }),
    first: matmul(weighted, withOne, { transposeA: true }),
    chi2: sum(multiply(weights, square(residual)), [1]),
  };
  return writeOnnx({ name: 'em-pca-collection', outputs });
}
