/** The passes of a fit over its training objects: minibatch steps of Adam, with q(v) refreshed in between. */
import { InterruptedError, type Random } from '../../base/index.ts';
import type { NamedArray, Parameters } from '../model.ts';
import { blockNames } from './elbo-graph.ts';
import { blocksOf } from './elbo-step.ts';
import { featureCount, inverseFactorName } from './features.ts';
import type { TrainingLatents } from './latents.ts';
import type { GplvmFitPlan, LoadedParts } from './parts.ts';
import { LEARNING_RATES, learningRateFactor, siteRate } from './schedule.ts';
import type { OutputScaling, StandardisedRows } from './standardise.ts';
import { TypicalVariance } from './typical-variance.ts';
import type { Block } from './views.ts';

export class GplvmTrainer {
  readonly plan: GplvmFitPlan;
  readonly rows: StandardisedRows;
  readonly latents: TrainingLatents;
  readonly #parts: LoadedParts;
  readonly #blocks: readonly Block[];
  readonly #typical: TypicalVariance;
  #epoch = 0;
  #sinceRefresh = 0;

  constructor(plan: GplvmFitPlan, rows: StandardisedRows, latents: TrainingLatents, loaded: LoadedParts) {
    this.plan = plan;
    this.rows = rows;
    this.latents = latents;
    this.#parts = loaded;
    this.#blocks = blocksOf(plan.decoders);
    this.#typical = new TypicalVariance(rows.value.columns);
  }

  /** Passes that are done. */
  get epoch(): number {
    return this.#epoch;
  }

  get #stepsPerEpoch(): number {
    return Math.floor(this.rows.value.rows / this.plan.batch);
  }

  /**
   * One pass over the training objects in random order; those of the last, incomplete minibatch wait for another one.
   *
   * @returns the mean loss of its steps: −E[ln p] per object, up to the constants of the likelihoods
   */
  async runEpoch(random: Random, signal?: AbortSignal): Promise<number> {
    const { batch } = this.plan;
    await this.latents.beginEpoch(signal);
    const order = random.permutation(this.rows.value.rows);
    let loss = 0;
    for (let at = 0; at < this.#stepsPerEpoch; at++) {
      if (signal?.aborted) throw new InterruptedError('training was interrupted');
      loss += await this.#oneStep(order.subarray(at * batch, (at + 1) * batch), random, at + 1);
    }
    // What is done between epochs finds the factors of the points and covariances that the last step left.
    await this.#parts.step.factorise();
    this.#refresh();
    this.#typical.settle();
    this.#epoch++;
    return loss / this.#stepsPerEpoch;
  }

  /** @param at which step of the epoch, counted from 1 */
  async #oneStep(chosen: Uint32Array, random: Random, at: number): Promise<number> {
    const { latents, plan } = this;
    const { step, groups } = this.#parts;
    const steps = this.#epoch * this.#stepsPerEpoch + at;
    const factor = learningRateFactor(steps / (plan.epochs * this.#stepsPerEpoch));
    this.#place(chosen, chosen.length);
    await latents.sample(chosen, random, step.latent);
    await step.factorise();
    const loss = await step.forward();
    this.#typical.add(step.varianceTotals());
    await step.backward();
    await this.#moveSites(steps, chosen.length);
    await latents.step(chosen, step.latentGradient, chosen.length, this.#epoch + 1, LEARNING_RATES.latents * factor);
    groups.inducing.step(steps, LEARNING_RATES.inducing * factor);
    groups.covariance.step(steps, LEARNING_RATES.covariance * factor);
    groups.noise.step(steps, LEARNING_RATES.noise * factor);
    return loss;
  }

  async #moveSites(steps: number, objects: number): Promise<void> {
    const N = this.rows.value.rows;
    const rate = siteRate(steps, objects, N);
    for (const sites of Object.values(this.#parts.sites)) sites.scale(1 - rate);
    await this.#parts.step.addToSites((rate * N) / objects);
    this.#sinceRefresh++;
    if (this.#sinceRefresh >= this.plan.refreshEvery) this.#refresh();
  }

  #refresh(): void {
    for (const sites of Object.values(this.#parts.sites)) sites.refresh();
    this.#sinceRefresh = 0;
  }

  /**
   * q(v) from objects at their present latents, exactly for Gaussian likelihoods.
   *
   * @param objects all, unless told
   */
  async settleSites(draws: number, random: Random, signal?: AbortSignal, objects?: Uint32Array): Promise<void> {
    const { batch } = this.plan;
    const N = objects?.length ?? this.rows.value.rows;
    const { step, sites: allSites } = this.#parts;
    await step.factorise();
    for (const sites of Object.values(allSites)) sites.scale(0);
    for (let draw = 0; draw < draws; draw++) {
      for (let start = 0; start < N; start += batch) {
        if (signal?.aborted) throw new InterruptedError('Interrupted.');
        const count = Math.min(batch, N - start);
        const chosen = Uint32Array.from({ length: batch }, (_, at) => {
          const place = Math.min(start + at, N - 1);
          return objects === undefined ? place : objects[place];
        });
        this.#place(chosen, count);
        await this.latents.sample(chosen, random, step.latent);
        await step.settle();
        await step.addToSites(1 / draws);
      }
    }
    this.#refresh();
    await this.#seeVariance(random);
  }

  /** The typical variance under q(v) as it is, from one minibatch. */
  async #seeVariance(random: Random): Promise<void> {
    const { step } = this.#parts;
    const chosen = random.permutation(this.rows.value.rows).subarray(0, this.plan.batch);
    this.#place(chosen, chosen.length);
    await this.latents.sample(chosen, random, step.latent);
    await step.forward();
    this.#typical.add(step.varianceTotals());
    this.#typical.settle();
  }

  /** Values and precisions of the chosen objects into the step; those from `count` on count as not observed. */
  #place(chosen: Uint32Array, count: number): void {
    const { value, precision } = this.rows;
    for (const { name, first, outputs } of this.#blocks) {
      const into = this.#parts.step.observed[name];
      if (count < chosen.length) into.precision.fill(0);
      for (let at = 0; at < count; at++) {
        const from = chosen[at] * value.columns + first;
        into.value.set(value.data.subarray(from, from + outputs), at * outputs);
        into.precision.set(precision.data.subarray(from, from + outputs), at * outputs);
      }
    }
  }

  /** Everything that the run's graphs need but anchors; copies. */
  parameters(scaling: OutputScaling): Parameters {
    const copied = ({ shape, data }: NamedArray): NamedArray => ({ shape, data: data.slice() });
    return Object.fromEntries(Object.entries(this.views(scaling)).map(([name, array]) => [name, copied(array)]));
  }

  /** The same as views. */
  views({ centre, scale }: OutputScaling): Parameters {
    const { inducing, decoders } = this.plan;
    const view = (shape: readonly number[], data: Float32Array): NamedArray => ({ shape, data });
    const named: Record<string, NamedArray> = {
      outputCentre: view([centre.length], centre),
      outputScale: view([scale.length], scale),
    };
    for (const part of [...Object.values(this.#parts.groups), this.latents, this.#typical]) {
      Object.assign(named, part.parameters());
    }
    for (const decoder of decoders) {
      named[inverseFactorName(decoder)] = view([inducing, inducing], this.#parts.step.inverseFactor(decoder));
    }
    for (const decoder of decoders) {
      const count = featureCount(decoder, inducing);
      for (const block of decoder.blocks) {
        const { mean, covariance } = blockNames(block);
        const { arrays } = this.#parts.sites[block.name];
        named[mean] = view([count, block.outputs], arrays.mean);
        named[covariance] = view([block.outputs, (count * (count + 1)) / 2], arrays.covariance);
      }
    }
    return named;
  }

  /** All that a resumed fit needs, as views. */
  arrays(): Parameters {
    const { sites, groups } = this.#parts;
    const saved = [
      ...Object.values(groups).map((group) => group.arrays()),
      this.latents.arrays(),
      this.#typical.parameters(),
    ];
    return Object.assign({}, ...saved, ...Object.values(sites).map((each) => each.saved()));
  }

  /** To be called when the arrays hold the state after an epoch. */
  async resumeAt(epoch: number): Promise<void> {
    this.#epoch = epoch;
    await this.#parts.step.factorise();
    this.#refresh();
  }

  /** Σ_d KL(q(v_d) ‖ N(0, I)). */
  divergence(): number {
    let total = 0;
    for (const { arrays } of Object.values(this.#parts.sites)) for (const value of arrays.divergence) total += value;
    return total;
  }
}
