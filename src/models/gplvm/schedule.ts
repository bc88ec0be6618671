/** How fast parameters move and sites forget, over the steps of a fit. */

/** Adam's learning rates while they are at their full height. */
export const LEARNING_RATES = { latents: 0.03, covariance: 0.02, noise: 0.02, inducing: 0.01 } as const;

/** Share of the steps after which learning rates fall to `LEAST` of their height, along half a cosine. */
const FALL_FROM = 0.5;
const LEAST = 0.02;

/** @param progress share of the steps that are done, 0 to 1 */
export function learningRateFactor(progress: number): number {
  if (progress <= FALL_FROM) return 1;
  const fallen = (progress - FALL_FROM) / (1 - FALL_FROM);
  return LEAST + (1 - LEAST) * 0.5 * (1 + Math.cos(Math.PI * fallen));
}

/** Steps over which sites forget fast, while latents and covariances still move far. */
const FAST_STEPS = 8;
const FORGETTING = 0.6;

/**
 * The share that a minibatch of `objects` of N has in the running average of sites at a step, counted from 1: falling
 * as Robbins and Monro ask, but never below one and a half times the share of the objects seen, as latents keep moving.
 */
export function siteRate(step: number, objects: number, N: number): number {
  const falling = step < FAST_STEPS ? 1 / step : step ** -FORGETTING;
  return Math.min(1, Math.max((1.5 * objects) / N, falling));
}

/** Objects of a step at most, and how many steps a pass has at least: few objects in few steps would leave Adam where it began. */
const LARGEST_BATCH = 256;
const STEPS_EACH_PASS = 8;

/** Objects of a step of N training objects where the user gives no number. */
export function batchFor(N: number): number {
  return Math.min(LARGEST_BATCH, Math.max(STEPS_EACH_PASS, Math.ceil(N / STEPS_EACH_PASS)));
}

/** Visits to objects after which fits have settled, whatever N, and the passes between which that is held. */
const VISITS = 150_000;
const PASSES: readonly [number, number] = [15, 50];

/** Passes over N objects where the user gives no number. */
export function passesFor(N: number): number {
  return Math.min(PASSES[1], Math.max(PASSES[0], Math.ceil(VISITS / N)));
}
