/**
 * The contract that every model keeps. A *definition* knows the model's settings; configured for a shape (P pixels,
 * Q latents) it becomes a *model*: an encoder graph, a decoder graph, and a way of being fitted. Training loops, run
 * folders and inference hold a `Model` and never ask which one.
 *
 * Axes: N spectra, P pixels, Q latents. Everywhere `ivar = 0` means "not observed".
 */
import type { LongWorkOptions, Matrix, Random } from '../base/index.ts';
import type { Runtime, Tensor } from '../graph/index.ts';
import type { Kernels } from '../kernels/index.ts';

export interface ModelShape {
  /** P */
  readonly pixels: number;
  /** Q */
  readonly latents: number;
  /** K, labels that the dataset knows; 0 unless told. */
  readonly labels?: number;
}

/** The spectra of one split, as the dataset holds them: normalised flux and its inverse variance. */
export interface FitData {
  /** Rest-frame vacuum ångström, length P. */
  readonly wavelength: Float64Array;
  /** N × P */
  readonly flux: Matrix;
  /** N × P; 0 = not observed. */
  readonly ivar: Matrix;
  /** Absent where the objects have none. */
  readonly labels?: LabelData;
}

/** Labels of N objects in their own units. */
export interface LabelData {
  /** N × K; 0 where not measured. */
  readonly value: Matrix;
  /** N × K; 0 = not measured. */
  readonly ivar: Matrix;
}

/** A row-major float32 array with its shape. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Parameter values by the name that the graphs give them; this is what a run folder stores. */
export type Parameters = Readonly<Record<string, NamedArray>>;

/** Settings as they stand in run.json: flat, JSON values only. */
export type Settings = Readonly<Record<string, SettingValue>>;
export type SettingValue = number | string | boolean | null | readonly (number | string)[];

export interface SettingDescription {
  readonly key: string;
  readonly default: SettingValue;
  readonly description: string;
}

/**
 * Whether a model's latents mean something one by one, as amounts of templates or latents with lengthscales of their own do
 * (`own`), or only together, any turn of
 * them being as good (`rotated`: figures and tracks turn them to axes of falling variance).
 */
export type LatentAxesKind = 'own' | 'rotated';

export interface ModelDefinition {
  /** As typed on the command line: `pca`, `vae`. */
  readonly name: string;
  /** As printed in tables and figures: `PCA`, `VAE`. */
  readonly title: string;
  /** One sentence for help pages. */
  readonly summary: string;
  /** The settings with their defaults for this shape. */
  describeSettings(shape: ModelShape): readonly SettingDescription[];
  /** What a random search varies; absent where there is nothing worth searching. */
  readonly searchSpace?: (shape: ModelShape) => SearchSpace;
  /** Where the VAE paper's Fig. 3 makes this model otherwise than our defaults do; a comparison starts from these. */
  readonly comparisonSettings?: Settings;
  /**
   * @param settings any of the described keys; strings are read as JSON where they are JSON, so `--set` pairs and
   *   run.json pass the same door
   * @throws UserError naming the key that is unknown or ill-valued and what was expected
   */
  configure(shape: ModelShape, settings?: Readonly<Record<string, unknown>>): Model;
}

/** The settings that a random search varies (`lightfold search`), and what it ranks them by. */
export interface SearchSpace {
  /** The term of the loss (`LossGraph.terms`) that means the same all over the space: trials are ranked by it. */
  readonly rankBy: string;
  /** What that term is, for tables and figures: `½ Σ w (x − x′)² per spectrum`. */
  readonly rankTitle: string;
  /** The quantities that vary, for tables and figures. */
  readonly dimensions: readonly SearchDimension[];
  /** One trial's settings, which must not change what `GradientFitting.prepare` gives: trials share it. */
  draw(random: Random): Settings;
}

/** One quantity that a search varies, on a logarithmic scale. */
export interface SearchDimension {
  /** Column of the table: `lambda`, `width_1`. */
  readonly name: string;
  /** Axis of the figure: `λ`. */
  readonly title: string;
  readonly low: number;
  readonly high: number;
  /** The quantity as it stands in a trial's settings. */
  of(settings: Settings): number;
}

export interface Model {
  readonly name: string;
  readonly title: string;
  readonly shape: ModelShape;
  /** Every setting, defaults filled in. */
  readonly settings: Settings;
  readonly latentAxes: LatentAxesKind;
  /** Self-contained: takes flux and ivar as the dataset holds them (infill, centring and weights are inside). */
  encoder(): EncoderGraph;
  decoder(): DecoderGraph;
  /** Of models that tie labels to the same latents as spectra. */
  readonly jointEncoder?: () => JointEncoderGraph;
  /** What the joint encoder gives where no pixel was observed, in less work. */
  readonly labelEncoder?: () => LabelEncoderGraph;
  /**
   * Variances of the Gaussian prior that the encoder multiplies the likelihood by, length Q: it draws latent means in, so
   * that they scatter less than their covariance says. Absent where the encoder applies none to speak of.
   */
  readonly latentPrior?: (parameters: Parameters) => Float32Array;
  readonly fitting: DirectFitting | GradientFitting;
}

/** Symbolic graph over parameters of the model; the leading dimension is `'N'`. */
export interface EncoderGraph {
  readonly inputs: { /** N × P */ readonly flux: Tensor /** N × P */; readonly ivar: Tensor };
  readonly outputs: {
    /** N × Q */
    readonly latentMean: Tensor;
    /** N × Q × Q */
    readonly latentCovariance: Tensor;
    /**
     * From models that fit the error of the normalisation: N × 1, the δ by which a spectrum is 1 + δ times what its
     * latents decode to.
     */
    readonly gainMean?: Tensor;
    /**
     * N × (Q + 1): covariances of δ with the latents, then its variance. That of an object without pixels, times
     * `observedShare` where there is one, is c, with c / (1 + mean squared S/N of the pixels) the variance of δ before
     * the pixels are seen.
     */
    readonly gainCovariance?: Tensor;
    /**
     * From models whose covariances were widened to fit what is predicted of unobserved outputs: N × 1, the share of
     * the variance they make in pixels that were observed, which are fitted and need no widening.
     */
    readonly observedShare?: Tensor;
    /** Likewise in labels, which ask for a widening of their own; may be above 1. */
    readonly labelShare?: Tensor;
    /**
     * From models that fit latents from several starts: N × 1, the probability of the second of two separate modes; near
     * 0 where the data leave one.
     */
    readonly ambiguity?: Tensor;
  };
}

/** As `EncoderGraph`, for models of several views: latents from any part of an object's pixels and labels. */
export interface JointEncoderGraph {
  readonly inputs: {
    /** N × P */
    readonly flux: Tensor;
    /** N × P; 0 = not observed. */
    readonly ivar: Tensor;
    /** N × K, in label units. */
    readonly label: Tensor;
    /** N × K; 0 = not measured. */
    readonly labelIvar: Tensor;
  };
  readonly outputs: EncoderGraph['outputs'];
}

/** As `JointEncoderGraph` for objects without spectra, with the same outputs. */
export interface LabelEncoderGraph {
  readonly inputs: Pick<JointEncoderGraph['inputs'], 'label' | 'labelIvar'>;
  readonly outputs: EncoderGraph['outputs'];
}

export interface DecoderGraph {
  readonly inputs: { /** N × Q */ readonly latent: Tensor };
  readonly outputs: {
    /** N × P */
    readonly flux: Tensor;
    /** N × P; the scatter of true spectra about the model, without noise or latent uncertainty. */
    readonly fluxVariance: Tensor;
    /** Both N × K, in label units, from models that predict labels: mean and scatter of true labels about it. */
    readonly labelMean?: Tensor;
    readonly labelVariance?: Tensor;
  };
}

export interface FitContext extends LongWorkOptions {
  readonly runtime: Runtime;
  readonly random: Random;
}

/** What a fit can be resumed from: exactly the state after `step`. */
export interface FitState {
  readonly step: number;
  readonly arrays: Parameters;
  readonly history: readonly HistoryEntry[];
}

export interface HistoryEntry {
  /** Epoch or iteration, counted from 1. */
  readonly step: number;
  /** Mean per spectrum of what is minimised. */
  readonly trainLoss: number;
  readonly validLoss: number | null;
  /** Parts of the loss and other figures worth a line in a plot. */
  readonly terms: Readonly<Record<string, number>>;
}

/** Fitted by the model's own iterations (PCA, NMF). */
export interface DirectFitting {
  readonly kind: 'direct';
  /**
   * @param resumeFrom a state that `context.onCheckpoint` received earlier with the same data and settings
   * @throws InterruptedError when `context.signal` fires, after the state was handed to `context.onCheckpoint`
   */
  fit(train: FitData, valid: FitData, context: DirectFitContext, resumeFrom?: FitState): Promise<FitResult>;
}

export interface DirectFitContext extends FitContext {
  /** Called after every iteration; the arrays are the caller's to read until it resolves. */
  readonly onCheckpoint?: (state: FitState) => Promise<void>;
  /**
   * Fused loops over a memory of so many bytes at most, on the threads of the fit; the caller releases them. Models
   * that need them refuse a context without.
   */
  readonly loadKernels?: (capacityBytes: number) => Kernels;
}

export interface FitResult {
  readonly parameters: Parameters;
  readonly history: readonly HistoryEntry[];
}

/** Fitted by the training room's loop over minibatches: prepare, descend, finish. */
export interface GradientFitting {
  readonly kind: 'gradient';
  readonly optimisation: Optimisation;
  /** Estimates what is not descended (mean spectrum, infill basis) and turns both splits into the loss graph's rows. */
  prepare(train: FitData, valid: FitData, context: FitContext): Promise<PreparedFit>;
  /** Starting values of the parameters that are descended. */
  initialParameters(random: Random): Parameters;
  /** The loss of a minibatch of exactly `rows` spectra. */
  lossGraph(rows: number): LossGraph;
  /** Parameters of the encoder that are estimated after descent, from held-out spectra. */
  finish(parameters: Parameters, valid: FitData, context: FitContext): Promise<Parameters>;
  /** Parameters that state the scatter about what is decoded, from held-out spectra; an unfinished fit has no need of them. */
  calibrate(parameters: Parameters, valid: FitData, context: FitContext): Promise<Parameters>;
}

export interface Optimisation {
  readonly batch: number;
  readonly learningRate: number;
  readonly maximumEpochs: number;
  /** Epochs without improvement of the validation loss before the learning rate is divided by `reduceBy`. */
  readonly reduceAfter: number;
  readonly reduceBy: number;
  /** Whether descent goes on from the best epoch's parameters when the learning rate is divided. */
  readonly returnToBest: boolean;
  /** Epochs without improvement before training stops. */
  readonly stopAfter: number;
  /** Epochs over which inputs filled from `warmUp` rise from 0 to 1; the schedule waits for their end. */
  readonly warmUpEpochs: number;
  /** Improvement means falling by more than this share of the validation loss; 0 = by anything. */
  readonly minimumImprovement: number;
}

export interface PreparedFit {
  /** Parameters of the encoder, decoder or loss that stay as they are. */
  readonly fixed: Parameters;
  readonly train: PreparedRows;
  readonly valid: PreparedRows;
}

/** Matrices of N rows each, by the name that `LossInput.fill` uses. */
export type PreparedRows = Readonly<Record<string, Matrix>>;

export interface LossGraph {
  readonly inputs: readonly LossInput[];
  /** Scalar: the mean per spectrum of what is minimised. */
  readonly loss: Tensor;
  /** Scalars by name for the history: `reconstruction`, `divergence`, `discrepancy`. */
  readonly terms: Readonly<Record<string, Tensor>>;
}

/**
 * An input of the loss graph and how the loop fills it for each minibatch: with rows of the prepared data, with
 * standard normals, or (a scalar) with the share of the warm-up that has passed, which is 1 in validation.
 */
export interface LossInput {
  readonly tensor: Tensor;
  readonly fill:
    | { readonly from: 'rows'; readonly of: string }
    | { readonly from: 'normal' }
    | { readonly from: 'warmUp' };
}
