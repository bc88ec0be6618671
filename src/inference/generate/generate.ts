/**
 * Spectra that a model makes of given labels or latents, with the labels that go with them. Axes: B points, S samples of
 * each, P pixels, K labels, Q latents.
 */
import { type LongWorkOptions, type Matrix, Random, UserError, zeros } from '../../base/index.ts';
import { drawPoints } from '../../linalg/index.ts';
import type { LabelPrediction, LatentDistribution, Posterior, SpectrumDistribution } from '../distributions.ts';
import type { Measured } from '../observation.ts';
import type { OpenRun } from '../open-run.ts';
import { askedLabels, labelWarnings } from './asked-labels.ts';
import { askedLatents, sweptLatent } from './asked-latents.ts';

export interface GenerateRequest {
  /** Labels held fixed, by name; those not named are free. */
  readonly labels?: Readonly<Record<string, number>>;
  /** A point of latent space in place of labels, length Q. */
  readonly latent?: readonly number[];
  readonly sweep?: Sweep;
  /** Spectra to draw at each point besides the mean; 0 unless told. */
  readonly samples?: number;
  /** Of the draws; 1 unless told. */
  readonly seed?: number;
}

/** Equal steps in one label, or in one latent: `z1` … `zQ`. */
export interface Sweep {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

export interface Generated {
  /** What was swept and its B values; null for a single point. */
  readonly swept: { readonly name: string; readonly values: Float64Array } | null;
  /** B × Q: where the labels put it, or exactly where it was asked to be. */
  readonly latent: LatentDistribution;
  /** B × P, normalised exactly. */
  readonly spectra: SpectrumDistribution;
  /** B × K, in the run's order; null from a run without labels. */
  readonly labels: LabelPrediction | null;
  readonly samples: GeneratedSamples | null;
  /** Sentences about what was asked that the training objects do not back. */
  readonly warnings: readonly string[];
}

/** Draws from where the latents may be, those of the first point before those of the second. */
export interface GeneratedSamples {
  /** S */
  readonly each: number;
  /** B · S × Q */
  readonly latent: Matrix;
  /** B · S × P: what the model makes of each draw; its scatter about true spectra is not drawn. */
  readonly flux: Matrix;
  /** B · S × K */
  readonly labels: Matrix | null;
}

/**
 * Labels are given to the joint encoder as measurements ten times better than the usual; all else is left to the model,
 * and mean and variance are over what it leaves open.
 *
 * @throws UserError for names that are none, for nothing to go by, and for a run that cannot start from what is asked
 * @throws InterruptedError when `options.signal` fires
 */
export async function generateSpectra(
  run: OpenRun,
  request: GenerateRequest,
  options: LongWorkOptions = {},
): Promise<Generated> {
  const { sweep, samples = 0, seed = 1 } = request;
  const start = startsFromLatents(run, request) ? fromLatents(run, request) : await fromLabels(run, request, options);
  const { latent, asked, warnings } = start;
  const made = await outputsOf(run, start, options);
  return {
    swept: sweep === undefined ? null : { name: sweep.name, values: sweepValues(sweep) },
    latent,
    spectra: made.spectra,
    labels: made.labels,
    samples: samples === 0 ? null : await drawn(run, latent, samples, new Random(seed).stream('samples')),
    warnings: asked === null || made.modelled === null ? warnings : labelWarnings(run, asked, made.modelled),
  };
}

interface Start {
  readonly latent: LatentDistribution & Partial<Pick<Posterior, 'labelShare'>>;
  /** Labels that are held fixed; null where latents are. */
  readonly asked: Measured | null;
  readonly warnings: readonly string[];
}

interface Outputs {
  readonly spectra: SpectrumDistribution;
  /** What was asked for taken into account; null from a run without labels. */
  readonly labels: LabelPrediction | null;
  /** By the model alone. */
  readonly modelled: LabelPrediction | null;
}

async function outputsOf(run: OpenRun, { latent, asked }: Start, options: LongWorkOptions): Promise<Outputs> {
  if (run.labels.length === 0) return { spectra: await run.spectraOf(latent, options), labels: null, modelled: null };
  const { spectra, labels } = await run.outputsOf(latent, [asked, null], options);
  return { spectra, labels: labels[0], modelled: labels[1] };
}

function startsFromLatents(run: OpenRun, { labels = {}, latent, sweep, samples = 0 }: GenerateRequest): boolean {
  const named = Object.keys(labels).length > 0;
  if (latent === undefined && sweep === undefined && !named) {
    throw new UserError('nothing was given to make a spectrum of; give labels, latents or a sweep of one of them.');
  }
  const overLatent = sweep !== undefined && sweptLatent(run, sweep.name) !== null;
  if (latent === undefined && !overLatent) return false;
  if (named || (sweep !== undefined && !overLatent)) {
    throw new UserError('labels and latents were given together; a spectrum is made of the one or the other.');
  }
  if (samples > 0) throw new UserError('a point of latent space leaves nothing open to draw samples of; give labels.');
  return true;
}

function fromLatents(run: OpenRun, { latent, sweep }: GenerateRequest): Start {
  const { points, warnings } = askedLatents(
    run,
    latent,
    sweep === undefined ? null : { ...sweep, values: sweepValues(sweep) },
  );
  const exactly = zeros(points.rows, run.latents ** 2);
  return { latent: { mean: points, covariance: exactly }, asked: null, warnings };
}

async function fromLabels(
  run: OpenRun,
  { labels = {}, sweep }: GenerateRequest,
  options: LongWorkOptions,
): Promise<Start> {
  const asked = askedLabels(run, labels, sweep === undefined ? null : { ...sweep, values: sweepValues(sweep) });
  const posterior = await run.encodeJointly({ label: asked.value, labelIvar: asked.ivar }, options);
  return { latent: posterior, asked, warnings: [] };
}

function sweepValues({ low, high, count }: Sweep): Float64Array {
  return Float64Array.from({ length: count }, (_, k) =>
    Number((count === 1 ? (low + high) / 2 : low + ((high - low) * k) / (count - 1)).toPrecision(12)),
  );
}

async function drawn(
  run: OpenRun,
  latents: LatentDistribution,
  each: number,
  random: Random,
): Promise<GeneratedSamples> {
  const latent = drawPoints(latents, each, random);
  const { mean: flux } = await run.decode(latent);
  return { each, latent, flux, labels: run.labels.length > 0 ? (await run.decodeLabels(latent)).mean : null };
}
