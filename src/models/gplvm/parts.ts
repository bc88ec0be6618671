/** What a fit works with, made ready: arrays in the kernels' memory, sessions, parameters with their optimisers. */
import { type Matrix, type Random, row, UserError, zeros } from '../../base/index.ts';
import type { Kernels } from '../../kernels/index.ts';
import type { DirectFitContext, NamedArray } from '../model.ts';
import { blockNames, GAIN } from './elbo-graph.ts';
import { blocksOf, ElboStep } from './elbo-step.ts';
import { featureCount, INDUCING_POINTS } from './features.ts';
import { INITIAL_LOG_GAIN_SHARE } from './gain.ts';
import type { LatentKind } from './settings.ts';
import { Sites } from './sites.ts';
import { TrainedParameters } from './trained.ts';
import type { Decoder } from './views.ts';

export interface GplvmFitPlan {
  readonly decoders: readonly Decoder[];
  readonly latents: number;
  readonly inducing: number;
  readonly batch: number;
  /** Passes over the objects at most; learning rates fall towards the last. */
  readonly epochs: number;
  /** Passes without a gain on held-out objects before training stops. */
  readonly stopAfter: number;
  /**
   * What a training object's latents are: a point; a point under the prior (`map`); a Gaussian of its own; or the
   * Gaussian that a network of all objects tells (`amortised`).
   */
  readonly latentKind: LatentKind;
  /** Steps between two refreshes of q(v). */
  readonly refreshEvery: number;
}

const INITIAL_LOG_NOISE = Math.log(0.02);

export interface LoadedParts {
  readonly step: ElboStep;
  readonly sites: Readonly<Record<string, Sites>>;
  readonly groups: Readonly<Record<'inducing' | 'covariance' | 'noise', TrainedParameters>>;
}

export async function loadParts(
  plan: GplvmFitPlan,
  start: Matrix,
  kernels: Kernels,
  typical: Float32Array,
  context: Pick<DirectFitContext, 'runtime' | 'random'>,
): Promise<LoadedParts> {
  const { decoders, inducing, latents, batch } = plan;
  const blocks = blocksOf(decoders);
  const sites: Record<string, Sites> = {};
  for (const decoder of decoders) {
    const count = featureCount(decoder, inducing);
    for (const block of decoder.blocks) {
      sites[block.name] = await Sites.load(block, count, batch, kernels, context.runtime);
    }
  }
  const covariance = Object.assign({}, ...decoders.map((decoder) => decoder.covariance.initialParameters()));
  const noise: Record<string, NamedArray> = Object.fromEntries(
    blocks.map((block): [string, NamedArray] => [
      blockNames(block).logNoise,
      { shape: [block.outputs], data: new Float32Array(block.outputs).fill(INITIAL_LOG_NOISE) },
    ]),
  );
  if (blocks.some(({ gain }) => gain)) {
    noise[GAIN.logShare] = { shape: [], data: Float32Array.of(INITIAL_LOG_GAIN_SHARE) };
  }
  const points = inducingStart(start, inducing, context.random.stream('inducing'));
  const groups = {
    inducing: new TrainedParameters(kernels, 'inducing', {
      [INDUCING_POINTS]: { shape: [inducing, latents], data: points.data },
    }),
    covariance: new TrainedParameters(kernels, 'covariance', covariance),
    noise: new TrainedParameters(kernels, 'noise', noise),
  };
  const shape = { objects: batch, inducing, latents };
  const step = await ElboStep.load({ decoders, shape, kernels, runtime: context.runtime, sites, typical, ...groups });
  return { step, sites, groups };
}

/** Beside the arrays counted below: parameters, minibatches, scratch of the kernels. */
const SPARE_BYTES = 2 ** 28;
const LARGEST_BYTES = 4 * 2 ** 30 - 2 ** 20;

/**
 * Bytes of linear memory for a fit: two arrays of a minibatch's products for each decoder, two of the sites of each
 * block.
 *
 * @throws UserError when WebAssembly cannot hold them
 */
export function capacityFor({ decoders, inducing, batch }: GplvmFitPlan): number {
  const outputs = blocksOf(decoders).reduce((total, block) => total + block.outputs, 0);
  const bytes = decoders.reduce((total, decoder) => {
    const count = featureCount(decoder, inducing);
    const ofDecoder = decoder.blocks.reduce((sum, block) => sum + block.outputs, 0);
    return total + 2 * count * (count + 1) * (2 * batch + 2 * ofDecoder);
  }, SPARE_BYTES);
  if (bytes > LARGEST_BYTES) {
    throw new UserError(
      `${inducing} inducing points for ${outputs} outputs need ${(bytes / 2 ** 30).toFixed(1)} GiB, more than the 4 GiB there are; take fewer (--set inducing=N), or a coarser grid.`,
    );
  }
  return bytes;
}

/** Scatter about a latent that serves as a starting point for a second inducing point. */
const REPEATED_SCATTER = 0.3;

/** Latents of some training objects, M × Q; where objects are fewer, points near them as well. */
function inducingStart(start: Matrix, inducing: number, random: Random): Matrix {
  const order = random.permutation(start.rows);
  const points = zeros(inducing, start.columns);
  for (let to = 0; to < inducing; to++) {
    const at = row(start, order[to % order.length]);
    const scatter = to < order.length ? 0 : REPEATED_SCATTER;
    for (let q = 0; q < start.columns; q++) points.data[to * start.columns + q] = at[q] + scatter * random.normal();
  }
  return points;
}
