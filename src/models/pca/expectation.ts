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
  writeOnnx,
} from '../../graph/index.ts';
import { accumulate, BLOCK_ROWS, blockOf, forEachBlock, packedLength, type RowBlock } from '../../linalg/index.ts';
import { packedOuter } from '../layers/linear-posterior.ts';
import type { FactorModel } from './factor-model.ts';
import { type LatentBlock, LatentSolver, type LatentSums } from './latent-solves.ts';
import type { WeightedRows } from './weighted-rows.ts';

/**
 * What one pass over the spectra leaves for the update of the model. ẑ and C are mean and covariance of a spectrum's
 * coefficients, u = (ẑ, 1).
 */
export interface Expectation extends Readonly<LatentSums> {
  /** P × packed(K+1): Σ_n w_nd (uuᵀ + C), pixel by pixel. */
  readonly second: Float64Array;
  /** P × (K+1): Σ_n w_nd (x_nd − centre_d) u. */
  readonly first: Float64Array;
}

/** One pass over all spectra for a given model: heavy sums as matrix products in two graphs, small solves between. */
export class ExpectationStep {
  readonly #rows: WeightedRows;
  readonly #project: Session;
  readonly #collect: Session;
  readonly #solver: LatentSolver;
  readonly #scratch: Scratch;

  static async prepare(runtime: Runtime, rows: WeightedRows, components: number): Promise<ExpectationStep> {
    const { columns } = rows.weights;
    const project = await runtime.createSession(projectionGraph(columns, components));
    const collect = await runtime.createSession(collectionGraph(columns, components));
    return new ExpectationStep(rows, components, project, collect);
  }

  private constructor(rows: WeightedRows, components: number, project: Session, collect: Session) {
    this.#rows = rows;
    this.#project = project;
    this.#collect = collect;
    this.#solver = new LatentSolver(components);
    this.#scratch = scratchFor(components, rows);
  }

  async release(): Promise<void> {
    await this.#project.release();
    await this.#collect.release();
  }

  /** @throws InterruptedError between blocks when `signal` fires */
  async run(model: FactorModel, signal?: AbortSignal): Promise<Expectation> {
    const { second, first } = this.#scratch;
    const { centre, weights } = this.#rows;
    const sums = {
      second: new Float64Array(second.length),
      first: new Float64Array(first.length),
      latent: new Float64Array(packedLength(model.loadings.rows + 1)),
      trace: 0,
      evidence: 0,
    };
    const fixed = {
      loadings: model.loadings.data,
      offset: model.mean.map((value, d) => value - centre[d]),
    };
    await forEachBlock(weights.rows, (block) => this.#addBlock(block, fixed, model.noiseScale, sums), signal);
    return sums;
  }

  async #addBlock(
    block: RowBlock,
    fixed: { readonly loadings: Float32Array; readonly offset: Float32Array },
    noiseScale: number,
    sums: Expectation & LatentSums,
  ): Promise<void> {
    const { second, first } = this.#scratch;
    const views = viewsOf(this.#scratch, block.count);
    const { gram, projection, latent, moments } = views;
    const weights = blockOf(this.#rows.weights, block);
    const weighted = blockOf(this.#rows.weighted, block);
    await this.#project.run({ weights, weighted, ...fixed }, { gram, projection });
    this.#solver.solve(views, noiseScale, sums);
    await this.#collect.run({ weights, weighted, latent, moments }, { second, first });
    accumulate(sums.second, second);
    accumulate(sums.first, first);
  }
}

interface Scratch {
  readonly block: LatentBlock;
  readonly blockRows: number;
  readonly second: Float32Array;
  readonly first: Float32Array;
}

function scratchFor(components: number, { weights: { rows, columns } }: WeightedRows): Scratch {
  const blockRows = Math.min(rows, BLOCK_ROWS);
  const array = (width: number) => new Float32Array(blockRows * width);
  return {
    block: {
      gram: array(packedLength(components) + components),
      projection: array(components),
      latent: array(components),
      moments: array(packedLength(components + 1)),
    },
    blockRows,
    second: new Float32Array(columns * packedLength(components + 1)),
    first: new Float32Array(columns * (components + 1)),
  };
}

/** The first `count` rows of the scratch arrays. */
function viewsOf({ block, blockRows }: Scratch, count: number): LatentBlock {
  const view = (array: Float32Array) => array.subarray(0, (array.length / blockRows) * count);
  return {
    gram: view(block.gram),
    projection: view(block.projection),
    latent: view(block.latent),
    moments: view(block.moments),
  };
}

/** Per spectrum Σ_d w v vᵀ (packed) followed by Σ_d w (μ − centre) v, and Σ_d w (x − centre) v. */
function projectionGraph(pixels: number, components: number): Uint8Array {
  const loadings = parameter('loadings', [components, pixels]);
  const products = concatenate([packedOuter(loadings), multiply(loadings, parameter('offset', [pixels]))], 0);
  const outputs = {
    gram: matmul(input('weights', ['N', pixels]), products, { transposeB: true }),
    projection: matmul(input('weighted', ['N', pixels]), loadings, { transposeB: true }),
  };
  return writeOnnx({ name: 'em-pca-projection', outputs });
}

/** The sums over spectra, given their coefficients. */
function collectionGraph(pixels: number, components: number): Uint8Array {
  const latent = input('latent', ['N', components]);
  const moments = input('moments', ['N', packedLength(components + 1)]);
  const withOne = concatenate([latent, expand(constant(1), ['N', 1])], 1);
  const outputs = {
    second: matmul(input('weights', ['N', pixels]), moments, { transposeA: true }),
    first: matmul(input('weighted', ['N', pixels]), withOne, { transposeA: true }),
  };
  return writeOnnx({ name: 'em-pca-collection', inputs: [latent], outputs });
}
