/**
 * A run at work: spectra to latents and back, by its ONNX graphs alone. What kind of model made them is never asked.
 * Axes: N spectra, P pixels, Q latents.
 */
import { InterruptedError, type LongWorkOptions, type Matrix, UserError, zeros } from '../base/index.ts';
import type { Dataset } from '../dataset/index.ts';
import type { Session } from '../graph/index.ts';
import { sigmaPoints, spreadOf } from '../linalg/index.ts';
import type { Run } from '../runs/index.ts';
import type { LabelPrediction, LatentDistribution, SpectrumDistribution } from './distributions.ts';

/** Numbers that one chunk's largest array may hold (64 MB); bounds memory whatever N is. */
const CHUNK_NUMBERS = 2 ** 24;
const LARGEST_CHUNK = 1024;

/** Grids are the same when no pixel's centre differs by more than this share: far below any pixel's width. */
const GRID_TOLERANCE = 1e-6;

export class OpenRun {
  readonly run: Run;
  readonly #encoder: Session;
  readonly #decoder: Session;

  /** @param encoder,decoder sessions of the run's encoder.onnx and decoder.onnx */
  constructor(run: Run, encoder: Session, decoder: Session) {
    this.run = run;
    this.#encoder = encoder;
    this.#decoder = decoder;
  }

  /** P */
  get pixels(): number {
    return this.run.wavelength.length;
  }

  /** Q */
  get latents(): number {
    return this.run.description.latents;
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
    this.#requirePixels(flux, ivar);
    const mean = zeros(flux.rows, this.latents);
    const covariance = zeros(flux.rows, this.latents ** 2);
    await inChunks('encoding', flux.rows, this.#chunkFor(1), options, (from, to) =>
      this.#encoder.run(
        { flux: part(flux, from, to), ivar: part(ivar, from, to) },
        { latentMean: part(mean, from, to), latentCovariance: part(covariance, from, to) },
      ),
    );
    return { mean, covariance };
  }

  /**
   * Spectra at points of latent space; the variance is the model's scatter about true spectra.
   *
   * @param latents N × Q
   * @throws UserError when they are not Q numbers each
   * @throws InterruptedError when `options.signal` fires
   */
  async decode(latents: Matrix, options: LongWorkOptions = {}): Promise<SpectrumDistribution> {
    if (latents.columns !== this.latents) {
      throw new UserError(`${this.run.path} has ${this.latents} latents; points of ${latents.columns} were given.`);
    }
    const mean = zeros(latents.rows, this.pixels);
    const variance = zeros(latents.rows, this.pixels);
    await inChunks('decoding', latents.rows, this.#chunkFor(1), options, (from, to) =>
      this.#decoder.run(
        { latent: part(latents, from, to) },
        { flux: part(mean, from, to), fluxVariance: part(variance, from, to) },
      ),
    );
    return { mean, variance };
  }

  /**
   * Spectra rebuilt from their own latents: decoded at the latent mean, as in the VAE paper (section 3.1). The
   * variance is the model's scatter plus what the latents' uncertainty makes of the decoded flux.
   *
   * @throws as `encode`
   */
  async reconstruct(flux: Matrix, ivar: Matrix, options: LongWorkOptions = {}): Promise<SpectrumDistribution> {
    const posterior = await this.encode(flux, ivar, signalOf(options));
    const mean = zeros(flux.rows, this.pixels);
    const variance = zeros(flux.rows, this.pixels);
    const pointsEach = 1 + 2 * this.latents;
    await inChunks('reconstructing', flux.rows, this.#chunkFor(pointsEach), options, async (from, to) => {
      const points = sigmaPoints(posterior, from, to);
      const decoded = zeros(points.rows, this.pixels);
      const scatter = zeros(points.rows, this.pixels);
      await this.#decoder.run({ latent: points.data }, { flux: decoded.data, fluxVariance: scatter.data });
      spreadOf({ decoded, scatter, pointsEach }, part(mean, from, to), part(variance, from, to));
    });
    return { mean, variance };
  }

  /** Names of the labels that this run predicts, in the order of `predictLabels`. */
  get labels(): readonly string[] {
    return this.run.description.labels;
  }

  /**
   * Labels predicted from spectra: the mean at the latent mean, the variance with what the latents' uncertainty makes
   * of it.
   *
   * @throws UserError when this run predicts no labels; otherwise as `encode`
   */
  async predictLabels(flux: Matrix, ivar: Matrix, options: LongWorkOptions = {}): Promise<LabelPrediction> {
    const count = this.labels.length;
    if (count === 0) {
      throw new UserError(
        `${this.run.path} predicts no labels; train a model that does, such as vae or ae with --set labels=true.`,
      );
    }
    const posterior = await this.encode(flux, ivar, signalOf(options));
    const mean = zeros(flux.rows, count);
    const variance = zeros(flux.rows, count);
    const pointsEach = 1 + 2 * this.latents;
    await inChunks('predicting labels', flux.rows, LARGEST_CHUNK, options, async (from, to) => {
      const points = sigmaPoints(posterior, from, to);
      const decoded = zeros(points.rows, count);
      const scatter = zeros(points.rows, count);
      await this.#decoder.run({ latent: points.data }, { labelMean: decoded.data, labelVariance: scatter.data });
      spreadOf({ decoded, scatter, pointsEach }, part(mean, from, to), part(variance, from, to));
    });
    return { mean, variance };
  }

  /**
   * Refuses a dataset that this run cannot read.
   *
   * @throws UserError naming what differs, grid or normalisation
   */
  requireCompatible({ wavelength, manifest }: Pick<Dataset, 'wavelength' | 'manifest'>): void {
    const own = this.run.wavelength;
    const range = (grid: Float64Array) =>
      `${grid.length} pixels from ${grid[0].toFixed(1)} to ${grid[grid.length - 1].toFixed(1)} Å`;
    const same =
      own.length === wavelength.length && own.every((w, p) => Math.abs(w / wavelength[p] - 1) < GRID_TOLERANCE);
    if (!same) {
      throw new UserError(
        `${this.run.path} was trained on a grid of ${range(own)} and this dataset has ${range(wavelength)}; import the spectra again on the run's grid.`,
      );
    }
    const { normalisation } = this.run.description.dataset;
    if (normalisation !== manifest.normalisation) {
      throw new UserError(
        `${this.run.path} was trained on spectra normalised by "${normalisation}" and this dataset is normalised by "${manifest.normalisation}"; import the spectra again with the run's normalisation.`,
      );
    }
  }

  /** Gives the sessions' memory back; the model cannot be used afterwards. */
  async release(): Promise<void> {
    await this.#encoder.release();
    await this.#decoder.release();
  }

  /** Spectra at a time when each takes `pointsEach` rows of P pixels. */
  #chunkFor(pointsEach: number): number {
    return Math.max(1, Math.min(LARGEST_CHUNK, Math.floor(CHUNK_NUMBERS / (pointsEach * this.pixels))));
  }

  #requirePixels(flux: Matrix, ivar: Matrix): void {
    if (flux.columns !== this.pixels) {
      throw new UserError(
        `${this.run.path} was trained on spectra of ${this.pixels} pixels and these have ${flux.columns}; resample them onto the run's grid.`,
      );
    }
    if (ivar.columns !== flux.columns || ivar.rows !== flux.rows) {
      throw new UserError(
        `flux is ${flux.rows} × ${flux.columns} and ivar ${ivar.rows} × ${ivar.columns}; they must have the same shape.`,
      );
    }
  }
}

async function inChunks(
  stage: string,
  rows: number,
  chunk: number,
  { onProgress, signal }: LongWorkOptions,
  visit: (from: number, to: number) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < rows; from += chunk) {
    if (signal?.aborted) throw new InterruptedError(`${stage} was interrupted`);
    const to = Math.min(rows, from + chunk);
    await visit(from, to);
    onProgress?.({ stage, done: to, total: rows });
  }
}

/** Rows `from` … `to` − 1 as a view. */
function part({ data, columns }: Matrix, from: number, to: number): Float32Array {
  return data.subarray(from * columns, to * columns);
}

function signalOf({ signal }: LongWorkOptions): LongWorkOptions {
  return signal === undefined ? {} : { signal };
}
