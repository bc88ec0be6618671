import type { Matrix } from '../base/index.ts';
import type { LabelPrediction, OpenRun, SpectrumDistribution } from '../inference/index.ts';
import type { LatentAxesKind, Parameters } from '../models/index.ts';

/**
 * What judging and drawing a run take of it: so little that a test can pretend one. `openRun` gives one.
 * N spectra, P pixels, Q latents.
 */
export interface FittedRun extends Pick<OpenRun, 'requireCompatible'> {
  readonly run: {
    /** The folder as the user named it. */
    readonly path: string;
    readonly description: {
      /** As typed and as printed: `vae`, `VAE`. */
      readonly model: string;
      readonly title: string;
      readonly latents: number;
      /** Whether figures and tracks turn the latents (`rotated`, also when not given) or keep them. */
      readonly latentAxes?: LatentAxesKind;
      /** Names of the labels that `predictLabels` gives; none for a model of spectra alone. */
      readonly labels: readonly string[];
      readonly training: { readonly bestEpoch: number };
      readonly latentsInUse: { readonly count: number };
      readonly dataset: { readonly checksum: string };
    };
    /** Rest-frame vacuum ångström, length P. */
    readonly wavelength: Float64Array;
    readonly parameters: Parameters;
    readonly history: readonly {
      readonly step: number;
      readonly trainLoss: number;
      readonly validLoss: number | null;
      readonly terms: Readonly<Record<string, number>>;
    }[];
  };
  /** N × P → N × Q */
  encode(flux: Matrix, ivar: Matrix): Promise<{ readonly mean: Matrix }>;
  /** N × P → N × K, for a run that predicts labels. */
  predictLabels(flux: Matrix, ivar: Matrix): Promise<LabelPrediction>;
  /** N × Q → N × P */
  decode(latents: Matrix): Promise<SpectrumDistribution>;
  /** N × Q → N × K, for a run that predicts labels. */
  decodeLabels(latents: Matrix): Promise<LabelPrediction>;
  /** N × P → N × P, the variance with the latents' uncertainty in it, without the noise of the observation. */
  reconstruct(flux: Matrix, ivar: Matrix): Promise<SpectrumDistribution>;
}
