import { type Matrix, zeros } from '../../base/index.ts';
import {
  add,
  divide,
  greater,
  input,
  matmul,
  parameter,
  reciprocal,
  type Session,
  subtract,
  where,
  writeOnnx,
} from '../../graph/index.ts';
import { blockOf, forEachBlock } from '../../linalg/index.ts';
import { refinedPosterior } from '../layers/linear-posterior.ts';
import type { FitContext, FitData, ModelShape, Parameters } from '../model.ts';
import { lossWeights, MAXIMUM_PIXEL_SNR } from '../weights.ts';
import { fitByEm } from './em-fit.ts';

/** Spectra as a fitted PCA sees them. */
export interface ScoredSpectra {
  /** N × K: posterior means of the coefficients. */
  readonly score: Matrix;
  /** N × P: the flux where it was observed, elsewhere the components' reconstruction. */
  readonly filled: Matrix;
}

/** Scores have settled long before the components' last digits: looser than the `pca` model's own. */
const SETTINGS = { snrCap: MAXIMUM_PIXEL_SNR, maxIterations: 100, tolerance: 1e-5 };

/**
 * Noise-weighted PCA (`pca` by its method em) fitted and used in memory, without a run folder. The scores are posterior
 * means under the population's N(0, Λ): a noisy or gappy spectrum is drawn towards the mean spectrum, and one without
 * any observed pixel has scores of zero.
 */
export class PrincipalScores {
  /** K */
  readonly components: number;
  readonly #session: Session;

  /**
   * @param components K, below the number of spectra and of pixels; the first few of many are also the few of a smaller
   *   fit, but for what gaps and noise mix in
   * @throws UserError when the spectra are too few, none has an observed pixel, or values are too large for float32
   * @throws InterruptedError when `context.signal` fires
   */
  static async fit(train: FitData, components: number, context: FitContext): Promise<PrincipalScores> {
    const shape = { pixels: train.flux.columns, latents: components };
    const { parameters } = await fitByEm(train, shape, SETTINGS, context);
    const onnx = scoresGraph(shape, parameters);
    return new PrincipalScores(components, await context.runtime.createSession(onnx));
  }

  private constructor(components: number, session: Session) {
    this.components = components;
    this.#session = session;
  }

  /**
   * @param flux N × P
   * @param ivar N × P; 0 = not observed
   * @throws InterruptedError when `signal` fires
   */
  async of(flux: Matrix, ivar: Matrix, signal?: AbortSignal): Promise<ScoredSpectra> {
    const score = zeros(flux.rows, this.components);
    const filled = zeros(flux.rows, flux.columns);
    await forEachBlock(
      flux.rows,
      (block) =>
        this.#session.run(
          { flux: blockOf(flux, block), ivar: blockOf(ivar, block) },
          { score: blockOf(score, block), filled: blockOf(filled, block) },
        ),
      signal,
    );
    return { score, filled };
  }

  /** Gives the session's memory back. */
  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** As in the `pca` model's encoder (graphs.ts), without the scores' covariance. */
function scoresGraph({ pixels, latents }: ModelShape, parameters: Parameters): Uint8Array {
  const flux = input('flux', ['N', pixels]);
  const ivar = input('ivar', ['N', pixels]);
  const mean = parameter('mean', [pixels]);
  const basis = parameter('basis', [latents, pixels]);
  const posterior = refinedPosterior({
    centred: subtract(flux, mean),
    weights: divide(lossWeights(flux, ivar, SETTINGS.snrCap), parameter('noiseScale', [1])),
    basis,
    priorPrecision: reciprocal(parameter('componentVariance', [latents])),
  });
  const filled = where(greater(ivar, 0), flux, add(matmul(posterior.mean, basis), mean));
  const parameterValues = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
  const outputs = { score: posterior.mean, filled };
  return writeOnnx({ name: 'principal-scores', inputs: [flux, ivar], outputs, parameterValues });
}
