import type { Matrix } from '../base/index.ts';
import type { RebuiltSpectra } from './pixel-sums.ts';

/** What judging and drawing a run take of it; a run opened by inference is one. N spectra, P pixels, Q latents. */
export interface FittedRun {
  readonly run: {
    /** The folder as the user named it. */
    readonly path: string;
    readonly description: {
      /** As typed and as printed: `vae`, `VAE`. */
      readonly model: string;
      readonly title: string;
      readonly latents: number;
      readonly dataset: { readonly normalisation: string };
      readonly training: { readonly bestEpoch: number };
    };
    /** Rest-frame vacuum ångström, length P. */
    readonly wavelength: Float64Array;
    readonly history: readonly {
      readonly step: number;
      readonly trainLoss: number;
      readonly validLoss: number | null;
      readonly terms: Readonly<Record<string, number>>;
    }[];
  };
  /** N × P → N × Q */
  encode(flux: Matrix, ivar: Matrix): Promise<{ readonly mean: Matrix }>;
  /** N × Q → N × P */
  decode(latents: Matrix): Promise<RebuiltSpectra>;
  /** N × P → N × P, the variance with the latents' uncertainty in it, without the noise of the observation. */
  reconstruct(flux: Matrix, ivar: Matrix): Promise<RebuiltSpectra>;
}
