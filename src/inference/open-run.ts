/**
 * A run at work: spectra and labels to latents and back, by its ONNX graphs alone. What kind of model made them is
 * never asked. Axes: N objects, P pixels, K labels, Q latents.
 */
import { type LongWorkOptions, type Matrix, UserError, zeros } from '../base/index.ts';
import type { Dataset } from '../dataset/index.ts';
import type { Session } from '../graph/index.ts';
import { type DecodedPoints, momentsOf, spreadOf } from '../linalg/index.ts';
import type { Run } from '../runs/index.ts';
import { inChunks, part, signalOf } from './chunks.ts';
import { requireCompatible } from './compatible.ts';
import type { LabelPrediction, LatentDistribution, Posterior, SpectrumDistribution } from './distributions.ts';
import { addNormalisationError, applyGains, fittedGains, latentsOf, withGains } from './gain.ts';
import { combineWithMeasured } from './measured-labels.ts';
import { type Known, knownOf, type Measured, type Observation } from './observation.ts';
import { overSigmaPoints, type PointsAtWork } from './over-points.ts';
import { LazySession, type RunSessions } from './run-graphs.ts';
import { narrowSpread } from './spread-share.ts';

export interface SpectrumPredictionOptions extends LongWorkOptions {
  /**
   * Inverse variance of the spectra that the prediction stands for, N × P; 0 = not observed. With it the variance holds,
   * for objects known by labels alone, what the error of such a spectrum's normalisation makes of it; unless given, the
   * prediction is of spectra that are normalised exactly.
   */
  readonly noise?: Matrix;
}

/** Mean and variance from what is decoded at sigma points: over the latents, or at their mean with the spread about it. */
type Summary = typeof momentsOf;

const PREDICTING = 'predicting spectra';

export class OpenRun {
  readonly run: Run;
  readonly #encoder: LazySession;
  readonly #decoder: Session;
  readonly #jointEncoder: LazySession | null;
  readonly #labelEncoder: LazySession | null;

  constructor(run: Run, { openEncoder, decoder, openJointEncoder, openLabelEncoder }: RunSessions) {
    this.run = run;
    this.#encoder = new LazySession(openEncoder);
    this.#decoder = decoder;
    this.#jointEncoder = openJointEncoder === undefined ? null : new LazySession(openJointEncoder);
    this.#labelEncoder = openLabelEncoder === undefined ? null : new LazySession(openLabelEncoder);
  }

  /** P */
  get pixels(): number {
    return this.run.wavelength.length;
  }

  /** Q */
  get latents(): number {
    return this.run.description.latents;
  }

  /** Names of the labels that this run predicts, in the order of `predictLabels`. */
  get labels(): readonly string[] {
    return this.run.description.labels;
  }

  /**
   * Latents of spectra that lie on the run's grid and are normalised as its dataset was.
   *
   * @param flux N × P
   * @param ivar N × P; 0 = not observed
   * @throws UserError when the spectra do not have the run's number of pixels
   * @throws InterruptedError when `options.signal` fires
   */
  async encode(flux: Matrix, ivar: Matrix, options: LongWorkOptions = {}): Promise<LatentDistribution> {
    const { mean, covariance } = await this.encodeJointly({ flux, ivar }, options);
    return { mean, covariance };
  }

  /**
   * Latents of objects from whatever part of their pixels and labels is known; without labels the same as `encode`. An
   * object of which nothing is known gets the prior.
   *
   * @throws UserError when labels are given to a run that does not encode them, or shapes do not fit
   * @throws InterruptedError when `options.signal` fires
   */
  async encodeJointly(observation: Observation, options: LongWorkOptions = {}): Promise<Posterior> {
    return this.#encodeKnown(this.#known(observation), options);
  }

  async #encodeKnown(known: Known, options: LongWorkOptions): Promise<Posterior> {
    const encoder = this.#encoderOf(known);
    const session = await encoder.get();
    const mean = zeros(known.rows, this.latents);
    const covariance = zeros(known.rows, this.latents ** 2);
    const stated = new Set(session.outputs.map(({ name }) => name));
    const takesSpectra = encoder !== this.#labelEncoder;
    const observedShare = stated.has('observedShare') ? zeros(known.rows, 1) : null;
    const labelShare = stated.has('labelShare') ? zeros(known.rows, 1) : null;
    const ambiguity = stated.has('ambiguity') ? zeros(known.rows, 1) : null;
    const gains = stated.has('gainMean')
      ? { mean: zeros(known.rows, 1), covariance: zeros(known.rows, this.latents + 1) }
      : null;
    const chosen = (of: Measured | null, columns: number, from: number, to: number) => ({
      value: of === null ? new Float32Array((to - from) * columns) : part(of.value, from, to),
      ivar: of === null ? new Float32Array((to - from) * columns) : part(of.ivar, from, to),
    });
    await inChunks('encoding', known.rows, 1, options, async (from, to) => {
      const spectra = chosen(known.spectra, this.pixels, from, to);
      const labels = known.labels === null ? null : chosen(known.labels, this.labels.length, from, to);
      await session.run(
        {
          ...(takesSpectra ? { flux: spectra.value, ivar: spectra.ivar } : {}),
          ...(labels === null ? {} : { label: labels.value, labelIvar: labels.ivar }),
        },
        {
          latentMean: part(mean, from, to),
          latentCovariance: part(covariance, from, to),
          ...(gains === null
            ? {}
            : { gainMean: part(gains.mean, from, to), gainCovariance: part(gains.covariance, from, to) }),
          ...(observedShare === null ? {} : { observedShare: part(observedShare, from, to) }),
          ...(labelShare === null ? {} : { labelShare: part(labelShare, from, to) }),
          ...(ambiguity === null ? {} : { ambiguity: part(ambiguity, from, to) }),
        },
      );
    });
    return { mean, covariance, gains, observedShare, labelShare, ambiguity };
  }

  /**
   * Spectra at points of latent space; the variance is the model's scatter about true spectra.
   *
   * @param latents N × Q
   * @throws UserError when they are not Q numbers each
   * @throws InterruptedError when `options.signal` fires
   */
  async decode(latents: Matrix, options: LongWorkOptions = {}): Promise<SpectrumDistribution> {
    this.#requireLatents(latents);
    const mean = zeros(latents.rows, this.pixels);
    const variance = zeros(latents.rows, this.pixels);
    await inChunks('decoding', latents.rows, 1, options, (from, to) =>
      this.#decoder.run(
        { latent: part(latents, from, to) },
        { flux: part(mean, from, to), fluxVariance: part(variance, from, to) },
      ),
    );
    return { mean, variance };
  }

  /**
   * Spectra rebuilt from their own latents: decoded at the latent mean, as in the VAE paper (section 3.1), times the
   * factor by which their normalisation was off where the model fits it. The variance is the model's scatter plus what
   * the latents' uncertainty makes of the decoded flux.
   *
   * @throws as `encode`
   */
  async reconstruct(flux: Matrix, ivar: Matrix, options: LongWorkOptions = {}): Promise<SpectrumDistribution> {
    const posterior = await this.encodeJointly({ flux, ivar }, signalOf(options));
    return this.#decodeSpectra('reconstructing', posterior, ivar, spreadOf, options);
  }

  /**
   * Whole spectra of objects of which some pixels, labels, or both are known: mean and variance over the latents'
   * posterior (`momentsOf`), and the model's scatter.
   *
   * @throws as `encodeJointly`
   */
  async predictSpectra(
    observation: Observation,
    options: SpectrumPredictionOptions = {},
  ): Promise<SpectrumDistribution> {
    const known = this.#known(observation);
    const posterior = await this.#encodeKnown(known, signalOf(options));
    const ivar = known.spectra?.ivar ?? null;
    const { fitted, atUnitSnr } = fittedGains(posterior, ivar);
    const predicted = await this.#decodeSpectra(PREDICTING, { ...posterior, gains: fitted }, ivar, momentsOf, options);
    if (options.noise !== undefined) addNormalisationError(predicted, atUnitSnr, options.noise);
    return predicted;
  }

  /**
   * Mean and variance of exactly normalised spectra over latents that are known so well.
   *
   * @throws InterruptedError when `options.signal` fires
   */
  async spectraOf(latents: LatentDistribution, options: LongWorkOptions = {}): Promise<SpectrumDistribution> {
    return this.#decodeSpectra(
      PREDICTING,
      { ...latents, gains: null, observedShare: null, labelShare: null, ambiguity: null },
      null,
      momentsOf,
      options,
    );
  }

  /**
   * As `spectraOf` and `labelsOf` in one: a decoder computes spectra and labels whichever is asked for.
   *
   * @param measured labels are given once for each of these, in their order
   * @throws UserError when this run predicts no labels
   * @throws InterruptedError when `options.signal` fires
   */
  async outputsOf(
    latents: LatentDistribution & Partial<Pick<Posterior, 'labelShare'>>,
    measured: readonly (Measured | null)[],
    options: LongWorkOptions = {},
  ): Promise<{ readonly spectra: SpectrumDistribution; readonly labels: readonly LabelPrediction[] }> {
    this.#requireLabels();
    const { rows } = latents.mean;
    const K = this.labels.length;
    const labels = measured.map(() => ({ mean: zeros(rows, K), variance: zeros(rows, K) }));
    const spectra = await overSigmaPoints(PREDICTING, latents, this.pixels, options, async (work) => {
      const { from, to, points, at } = work;
      const made = { decoded: zeros(points.rows, K), scatter: zeros(points.rows, K), pointsEach: at.pointsEach };
      await this.#decoder.run(
        { latent: points.data },
        {
          flux: at.decoded.data,
          fluxVariance: at.scatter.data,
          labelMean: made.decoded.data,
          labelVariance: made.scatter.data,
        },
      );
      momentsOf(at, work.mean, work.variance);
      for (const [which, { mean, variance }] of labels.entries()) {
        const own = { ...made, decoded: copied(made.decoded), scatter: copied(made.scatter) };
        const into = { from, to, mean: part(mean, from, to), variance: part(variance, from, to) };
        summariseLabels(own, into, measured[which], latents.labelShare ?? null);
      }
    });
    return { spectra, labels };
  }

  /** @param observed N × P; 0 = not observed; null = nothing */
  async #decodeSpectra(
    stage: string,
    { mean, covariance, gains, observedShare }: Posterior,
    observed: Matrix | null,
    summary: Summary,
    options: LongWorkOptions,
  ): Promise<SpectrumDistribution> {
    const latents = { mean, covariance };
    const spread = gains === null ? latents : withGains(latents, gains);
    return overSigmaPoints(stage, spread, this.pixels, options, async ({ from, to, points, at, ...into }) => {
      const latent = gains === null ? points : latentsOf(points);
      await this.#decoder.run({ latent: latent.data }, { flux: at.decoded.data, fluxVariance: at.scatter.data });
      if (gains !== null) applyGains(points, at.decoded, at.scatter);
      summary(at, into.mean, into.variance);
      if (observed === null || observedShare === null) return;
      narrowSpread(into.variance, { ...at, shares: part(observedShare, from, to), of: part(observed, from, to) });
    });
  }

  /**
   * Labels at points of latent space; the variance is the scatter of true labels about the mean.
   *
   * @param latents N × Q
   * @throws UserError when this run predicts no labels, or points are not Q numbers each
   * @throws InterruptedError when `options.signal` fires
   */
  async decodeLabels(latents: Matrix, options: LongWorkOptions = {}): Promise<LabelPrediction> {
    this.#requireLabels();
    this.#requireLatents(latents);
    const mean = zeros(latents.rows, this.labels.length);
    const variance = zeros(latents.rows, this.labels.length);
    await inChunks('decoding labels', latents.rows, 1, options, (from, to) =>
      this.#decoder.run(
        { latent: part(latents, from, to) },
        { labelMean: part(mean, from, to), labelVariance: part(variance, from, to) },
      ),
    );
    return { mean, variance };
  }

  /**
   * Labels predicted from spectra.
   *
   * @throws UserError when this run predicts no labels; otherwise as `encode`
   */
  async predictLabels(flux: Matrix, ivar: Matrix, options: LongWorkOptions = {}): Promise<LabelPrediction> {
    return this.predictLabelsJointly({ flux, ivar }, options);
  }

  /**
   * All labels of objects from whatever is known of them: mean and variance over the latents' posterior, and the scatter
   * of true labels about the model. A label that was measured is what its own measurement and all else tell together.
   *
   * @throws UserError when this run predicts no labels; otherwise as `encodeJointly`
   */
  async predictLabelsJointly(observation: Observation, options: LongWorkOptions = {}): Promise<LabelPrediction> {
    this.#requireLabels();
    const known = this.#known(observation);
    const posterior = await this.#encodeKnown(known, signalOf(options));
    return this.labelsOf(posterior, known.labels, options);
  }

  /**
   * Mean and variance of the labels over latents that are known so well.
   *
   * @param measured measurements of the labels themselves, which bear on the scatter about the model, N × K
   * @throws UserError when this run predicts no labels
   */
  async labelsOf(
    { mean, covariance, labelShare = null }: LatentDistribution & Partial<Pick<Posterior, 'labelShare'>>,
    measured: Measured | null,
    options: LongWorkOptions = {},
  ): Promise<LabelPrediction> {
    this.#requireLabels();
    const latents = { mean, covariance };
    const columns = this.labels.length;
    return overSigmaPoints('predicting labels', latents, columns, options, async ({ points, at, ...into }) => {
      await this.#decoder.run({ latent: points.data }, { labelMean: at.decoded.data, labelVariance: at.scatter.data });
      summariseLabels(at, into, measured, labelShare);
    });
  }

  /**
   * Refuses a dataset that this run cannot read.
   *
   * @throws UserError naming what differs, grid or normalisation
   */
  requireCompatible(dataset: Pick<Dataset, 'wavelength' | 'manifest'>): void {
    requireCompatible(this.run, dataset);
  }

  /** @throws UserError when this run cannot start from labels */
  requireJointEncoder(): void {
    this.#lazyJointEncoder();
  }

  /** Gives the sessions' memory back; the model cannot be used afterwards. */
  async release(): Promise<void> {
    await this.#encoder.release();
    await this.#decoder.release();
    await this.#jointEncoder?.release();
    await this.#labelEncoder?.release();
  }

  #known(observation: Observation): Known {
    return knownOf(observation, this.run.path, this.pixels, this.labels.length);
  }

  #requireLatents(points: Matrix): void {
    if (points.columns === this.latents) return;
    throw new UserError(`${this.run.path} has ${this.latents} latents; points of ${points.columns} were given.`);
  }

  #requireLabels(): void {
    if (this.labels.length > 0) return;
    throw new UserError(
      `${this.run.path} predicts no labels; train a model that does, such as vae or ae with --set labels=true, or shared-gplvm.`,
    );
  }

  /** The least of the graphs that take what is known. */
  #encoderOf({ spectra, labels }: Known): LazySession {
    if (labels === null) return this.#encoder;
    if (spectra === null && this.#labelEncoder !== null) return this.#labelEncoder;
    return this.#lazyJointEncoder();
  }

  #lazyJointEncoder(): LazySession {
    if (this.#jointEncoder !== null) return this.#jointEncoder;
    throw new UserError(
      `${this.run.path} has no joint encoder, so it finds latents from spectra alone; to start from labels, train shared-gplvm on a dataset with labels.`,
    );
  }
}

/** @param at labels decoded at sigma points, which are changed */
function summariseLabels(
  at: DecodedPoints,
  { from, to, mean, variance }: Pick<PointsAtWork, 'from' | 'to' | 'mean' | 'variance'>,
  measured: Measured | null,
  labelShare: Matrix | null,
): void {
  if (measured !== null) combineWithMeasured(at, measured, from);
  momentsOf(at, mean, variance);
  if (labelShare !== null) narrowSpread(variance, { ...at, shares: part(labelShare, from, to), of: null });
}

function copied({ data, ...shape }: Matrix): Matrix {
  return { ...shape, data: data.slice() };
}
