/**
 * The architectures and MMD coefficients that random search found for the VAE paper (Table 1), and what lies between
 * them: widths and λ are interpolated linearly in their logarithms, and held at the ends.
 */
import type { ModelShape } from '../model.ts';

export interface Recipe {
  /** Widths of the encoder's hidden layers. */
  readonly hidden: readonly [number, number];
  /** Coefficient of the MMD term (eq. 12). */
  readonly lambda: number;
}

const TABLE_1: readonly (Recipe & { readonly latents: number })[] = [
  { latents: 2, hidden: [1663, 42], lambda: 11.2 },
  { latents: 4, hidden: [1134, 64], lambda: 21.2 },
  { latents: 6, hidden: [703, 94], lambda: 3.02 },
  { latents: 10, hidden: [549, 110], lambda: 7.72 },
];

/** A first layer narrower than this would be too poor for spectra of few pixels too. */
const LEAST_LIMIT = 256;

/** The paper's recipe for Q latents; its search allowed a first layer of at most 2P and a second of at most the first. */
export function recipeFor({ pixels, latents }: ModelShape): Recipe {
  const upper = Math.max(
    1,
    TABLE_1.findIndex((entry) => entry.latents >= latents),
  );
  const beyond = latents > TABLE_1[TABLE_1.length - 1].latents;
  const [a, b] = beyond ? TABLE_1.slice(-2) : [TABLE_1[upper - 1], TABLE_1[upper]];
  const share = Math.min(1, Math.max(0, (latents - a.latents) / (b.latents - a.latents)));
  const between = (from: number, to: number) => from * (to / from) ** share;
  const first = Math.min(Math.round(between(a.hidden[0], b.hidden[0])), Math.max(2 * pixels, LEAST_LIMIT));
  // Above ten latents the second layer keeps the room per latent that the paper's tenth had.
  const second = Math.max(Math.round(between(a.hidden[1], b.hidden[1])), beyond ? 11 * latents : 0);
  return { hidden: [first, Math.min(second, first)], lambda: Number(between(a.lambda, b.lambda).toPrecision(3)) };
}
