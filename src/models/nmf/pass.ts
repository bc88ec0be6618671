import { type Matrix, zeros } from '../../base/index.ts';
import {
  add,
  concatenate,
  constant,
  expand,
  input,
  matmul,
  multiply,
  parameter,
  type Runtime,
  type Session,
  subtract,
  sum,
  type Tensor,
  transpose,
  writeOnnx,
} from '../../graph/index.ts';
import { accumulate, blockOf, forEachBlock, packedLength, type RowBlock } from '../../linalg/index.ts';
import { packedOuter } from '../layers/linear-posterior.ts';
import { applyRule, type ProblemStack, UPDATE_RULES, type UpdateName } from './updates.ts';

/** Spectra as the factorisation reads them. */
export interface WeightedSpectra {
  /** N × P; what stands where the weight is 0 does not matter. */
  readonly flux: Matrix;
  /** N × P; 0 = unobserved. */
  readonly weights: Matrix;
}

export interface PassOptions {
  readonly runtime: Runtime;
  readonly spectra: WeightedSpectra;
  /** Q */
  readonly components: number;
  /** Whether the last template belongs to every spectrum, its coefficient 1. */
  readonly background: boolean;
  readonly updates: UpdateName;
  /** Greatest depth of a negative flux, ≥ 0; only `shift` asks. */
  readonly shift: number;
}

export interface PassResult {
  /** Σ w (x − model)² at the new coefficients and the templates given. */
  readonly chi2: number;
  /** The problem of every pixel's templates, where they stand. */
  readonly pixels: ProblemStack;
}

/**
 * One pass over the spectra: new coefficients for given templates, and what the templates' own update needs. The heavy
 * sums are matrix products in two graphs per block, small non-negative problems are solved between them. Both kinds of
 * problem are posed by what the model leaves of the data, so that float32 loses nothing where the fit is close.
 */
export class TemplatePass {
  readonly #options: PassOptions;
  readonly #project: Session;
  readonly #collect: Session;

  static async prepare(options: PassOptions): Promise<TemplatePass> {
    const { runtime, spectra, components, background } = options;
    const pixels = spectra.flux.columns;
    const project = await runtime.createSession(projectionGraph(pixels, components));
    const collect = await runtime.createSession(collectionGraph(pixels, components, background));
    return new TemplatePass(options, project, collect);
  }

  private constructor(options: PassOptions, project: Session, collect: Session) {
    this.#options = options;
    this.#project = project;
    this.#collect = collect;
  }

  async release(): Promise<void> {
    await this.#project.release();
    await this.#collect.release();
  }

  /**
   * @param templates T × P, T = Q or, with a background, Q + 1
   * @param latent N × Q, where the coefficients stand; overwritten by the new ones
   * @throws InterruptedError between blocks when `signal` fires; `latent` is then half old, half new
   */
  async run(templates: Matrix, latent: Matrix, signal?: AbortSignal): Promise<PassResult> {
    const { components, spectra, updates, shift } = this.#options;
    const pixels = templates.columns;
    const size = templates.rows;
    const fixed = {
      templates: templates.data.subarray(0, components * pixels),
      background: backgroundOf(templates, components),
      shift: Float32Array.of(shift),
    };
    const sums = {
      gram: new Float64Array(packedLength(size) * pixels),
      slope: new Float64Array(size * pixels),
      ...(updates === 'shift' && { lift: new Float64Array(size * pixels) }),
    };
    let chi2 = 0;
    await forEachBlock(
      spectra.flux.rows,
      async (block) => {
        chi2 += await this.#addBlock(block, fixed, latent, sums);
      },
      signal,
    );
    return { chi2, pixels: { size, count: pixels, order: 'unknowns', ...sums } };
  }

  async #addBlock(
    block: RowBlock,
    fixed: Readonly<Record<string, Float32Array>>,
    allLatents: Matrix,
    sums: { readonly gram: Float64Array; readonly slope: Float64Array; readonly lift?: Float64Array },
  ): Promise<number> {
    const { components, spectra, updates } = this.#options;
    const latent = blockOf(allLatents, block);
    const feeds = { flux: blockOf(spectra.flux, block), weights: blockOf(spectra.weights, block), ...fixed };
    const problems = {
      gram: new Float32Array(block.count * packedLength(components)),
      slope: new Float32Array(latent.length),
      ...(updates === 'shift' && { lift: new Float32Array(latent.length) }),
    };
    await this.#project.run({ ...feeds, latent }, problems);
    const stack = { size: components, count: block.count, order: 'problems', ...problems } as const;
    applyRule(UPDATE_RULES[updates], stack, latent);
    const found = {
      chi2: new Float32Array(block.count),
      gram: new Float32Array(sums.gram.length),
      slope: new Float32Array(sums.slope.length),
      ...(sums.lift && { lift: new Float32Array(sums.lift.length) }),
    };
    await this.#collect.run({ ...feeds, latent }, found);
    accumulate(sums.gram, found.gram);
    accumulate(sums.slope, found.slope);
    if (sums.lift && found.lift) accumulate(sums.lift, found.lift);
    return found.chi2.reduce((total, value) => total + value, 0);
  }
}

/** The last template where there is one more than components, else nothing: length P. */
export function backgroundOf({ rows, columns, data }: Matrix, components: number): Float32Array {
  return rows > components ? data.subarray(components * columns) : zeros(1, columns).data;
}

interface Residuals {
  readonly weights: Tensor;
  readonly latent: Tensor;
  readonly templates: Tensor;
  readonly background: Tensor;
  /** N × P: what the model leaves. */
  readonly residual: Tensor;
  /** N × P: the same times the weight. */
  readonly weighted: Tensor;
}

function residuals(pixels: number, components: number): Residuals {
  const weights = input('weights', ['N', pixels]);
  const latent = input('latent', ['N', components]);
  const templates = parameter('templates', [components, pixels]);
  const background = parameter('background', [pixels]);
  const model = add(matmul(latent, templates), background);
  const residual = subtract(input('flux', ['N', pixels]), model);
  return { weights, latent, templates, background, residual, weighted: multiply(weights, residual) };
}

/** The problem of every spectrum's coefficients. */
function projectionGraph(pixels: number, components: number): Uint8Array {
  const { weights, templates, background, weighted } = residuals(pixels, components);
  const raised = multiply(weights, add(background, parameter('shift', [1])));
  const outputs = {
    gram: matmul(weights, packedOuter(templates), { transposeB: true }),
    slope: matmul(weighted, templates, { transposeB: true }),
    lift: matmul(raised, templates, { transposeB: true }),
  };
  return writeOnnx({ name: 'nmf-projection', outputs });
}

/** The sums over spectra that pose the problem of every pixel. */
function collectionGraph(pixels: number, components: number, background: boolean): Uint8Array {
  const { weights, latent, residual, weighted } = residuals(pixels, components);
  const coefficients = background ? concatenate([latent, expand(constant(1), ['N', 1])], 1) : latent;
  const turned = transpose(coefficients, [1, 0]);
  const outputs = {
    gram: matmul(packedOuter(turned), weights),
    slope: matmul(turned, weighted),
    lift: multiply(matmul(turned, weights), parameter('shift', [1])),
    chi2: sum(multiply(weighted, residual), [1]),
  };
  return writeOnnx({ name: 'nmf-collection', outputs });
}
