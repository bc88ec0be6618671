/** One run at work in the worker. Its graphs come as they are needed: a decoder alone can walk through latent space. */
import { UserError } from '../../src/base/index.ts';
import { judgeLatent } from '../../src/explorer/index.ts';
import type { BoundRun, Runtime, Session } from '../../src/graph/index.ts';
import { generateSpectra, type OpenRun, openRunGraph, openRunOfSessions } from '../../src/inference/index.ts';
import type { GraphName, Run } from '../../src/runs/index.ts';
import type { GeneratedPoint, LabelBand, Reconstructed, SpectrumBand } from './engine.ts';
import type { Ask, LatentBacking } from './messages.ts';

export class PageRun {
  readonly #run: Run;
  readonly #runtime: Runtime;
  readonly #kept: Pick<Ask<'open'>, 'jointEncoder' | 'labelEncoder'>;
  readonly #backing: LatentBacking | null;
  readonly #graphs = new Map<GraphName, Uint8Array>();
  #decoder: Promise<PointDecoder> | null = null;
  #open: Promise<OpenRun> | null = null;

  constructor(ask: Ask<'open'>, runtime: Runtime) {
    const { key, description, wavelength, jointEncoder, labelEncoder, backing, latentSample } = ask;
    this.#run = {
      ...{ path: key, description, wavelength, parameters: {}, history: [] },
      ...(latentSample === null ? {} : { latentSample }),
    };
    this.#runtime = runtime;
    this.#kept = { jointEncoder, labelEncoder };
    this.#backing = backing;
  }

  addGraph(graph: GraphName, bytes: Uint8Array): void {
    this.#graphs.set(graph, bytes);
  }

  /** A point of latent space: mean, band and labels in one run of the decoder. */
  async decode(latent: readonly number[]): Promise<GeneratedPoint> {
    const { spectrum, labels } = await (await this.#pointDecoder()).decode(latent);
    return {
      spectrum,
      labels,
      latent: Float32Array.from(latent),
      covariance: new Float32Array(latent.length ** 2),
      warnings: this.#judge(latent),
    };
  }

  async decodeMany(latents: readonly (readonly number[])[]): Promise<readonly SpectrumBand[]> {
    const decoder = await this.#pointDecoder();
    const made: SpectrumBand[] = [];
    for (const latent of latents) made.push((await decoder.decode(latent)).spectrum);
    return made;
  }

  async fromLabels(labels: Readonly<Record<string, number>>): Promise<GeneratedPoint> {
    const run = await this.openRun();
    const { latent, spectra, labels: predicted, warnings } = await generateSpectra(run, { labels });
    return {
      spectrum: { flux: spectra.mean.data, error: spectra.variance.data.map(Math.sqrt) },
      labels: predicted === null ? [] : labelBands(run.labels, predicted.mean.data, predicted.variance.data),
      latent: latent.mean.data,
      covariance: latent.covariance.data,
      warnings: [...warnings, ...this.#judge(latent.mean.data)],
    };
  }

  async reconstruct(flux: Float32Array, ivar: Float32Array): Promise<Reconstructed> {
    const run = await this.openRun();
    const spectrum = [flux, ivar].map((data) => ({ rows: 1, columns: run.pixels, data }));
    const posterior = await run.encode(spectrum[0], spectrum[1]);
    const { mean, variance } = await run.reconstruct(spectrum[0], spectrum[1]);
    return {
      spectrum: { flux: mean.data, error: variance.data.map(Math.sqrt) },
      latentMean: posterior.mean.data,
      latentCovariance: posterior.covariance.data,
    };
  }

  /** The run for all that starts from spectra or labels; its encoders are opened when they are first needed. */
  openRun(): Promise<OpenRun> {
    this.#open ??= this.#openWhole();
    return this.#open;
  }

  async #openWhole(): Promise<OpenRun> {
    const source = this.#source();
    const openEncoder = () => openRunGraph(this.#run, 'encoder', source);
    const { session: decoder } = await this.#pointDecoder();
    return openRunOfSessions(this.#run, { openEncoder, decoder }, source);
  }

  #pointDecoder(): Promise<PointDecoder> {
    this.#decoder ??= openRunGraph(this.#run, 'decoder', this.#source()).then(
      (session) => new PointDecoder(session, this.#run),
    );
    return this.#decoder;
  }

  #source() {
    return { runtime: this.#runtime, ...this.#kept, read: (graph: GraphName) => this.#take(graph) };
  }

  /** Bytes are given up once a session is made of them. */
  #take(graph: GraphName): Uint8Array {
    const bytes = this.#graphs.get(graph);
    if (bytes === undefined)
      throw new UserError(`${this.#run.path}: ${graph}.onnx was not loaded; load the page anew.`);
    this.#graphs.delete(graph);
    return bytes;
  }

  #judge(latent: ArrayLike<number>): readonly string[] {
    if (this.#backing === null) return [];
    return judgeLatent(this.#backing.support, this.#backing.sampleLatents, latent).warnings;
  }
}

/** The decoder bound once to arrays of a single point, since a slider asks for one after the other. */
class PointDecoder {
  readonly session: Session;
  readonly #names: readonly string[];
  readonly #latent: Float32Array;
  readonly #made: Readonly<Record<'flux' | 'fluxVariance' | 'labelMean' | 'labelVariance', Float32Array>>;
  readonly #bound: BoundRun;

  constructor(session: Session, { description, wavelength }: Run) {
    this.session = session;
    this.#names = description.labels;
    this.#latent = new Float32Array(description.latents);
    const [P, K] = [wavelength.length, description.labels.length];
    const [flux, fluxVariance] = [new Float32Array(P), new Float32Array(P)];
    const [labelMean, labelVariance] = [new Float32Array(K), new Float32Array(K)];
    this.#made = { flux, fluxVariance, labelMean, labelVariance };
    this.#bound = session.bind(
      { latent: this.#latent },
      { flux, fluxVariance, ...(K === 0 ? {} : { labelMean, labelVariance }) },
    );
  }

  /** @throws UserError when the point does not have Q coordinates */
  async decode(latent: readonly number[]): Promise<{ spectrum: SpectrumBand; labels: readonly LabelBand[] }> {
    if (latent.length !== this.#latent.length) {
      throw new UserError(`A point of ${latent.length} latents was asked of a run of ${this.#latent.length}.`);
    }
    this.#latent.set(latent);
    await this.#bound.run();
    const { flux, fluxVariance, labelMean, labelVariance } = this.#made;
    return {
      spectrum: { flux: flux.slice(), error: fluxVariance.map(Math.sqrt) },
      labels: labelBands(this.#names, labelMean, labelVariance),
    };
  }
}

function labelBands(names: readonly string[], mean: Float32Array, variance: Float32Array): LabelBand[] {
  return names.map((name, k) => ({ name, mean: mean[k], error: Math.sqrt(variance[k]) }));
}
