/** Turns a finished fit into a run folder: ONNX graphs, parameters, history and the description of it all. */
import { SOFTWARE_VERSION } from '../base/index.ts';
import { type Dataset, gatherRows } from '../dataset/index.ts';
import { type Runtime, type Tensor, writeOnnx } from '../graph/index.ts';
import type { FitData, HistoryEntry, Model, Parameters } from '../models/index.ts';
import { type RunGraphs, saveRun } from '../runs/index.node.ts';
import type { Run } from '../runs/index.ts';
import type { FitIdentity } from './checkpoint.node.ts';
import type { FitOptions } from './fit-options.ts';
import { labelRanges } from './label-ranges.ts';
import { latentSample } from './latent-sample.ts';
import { type LatentsInUse, latentsInUse } from './latents-in-use.ts';
import { type FitSplits, rowsToFit } from './splits.ts';

export interface Fitted {
  readonly parameters: Parameters;
  readonly history: readonly HistoryEntry[];
  readonly steps: number;
  readonly epochs: number;
  /** Index in `history` of the entry whose parameters were kept. */
  readonly keptEntry: number;
  readonly seconds: number;
  /** False when the fit was paused; what is estimated after descent then rests on few spectra. */
  readonly finished: boolean;
}

export interface FitRecord {
  readonly model: Model;
  readonly fitted: Fitted;
  readonly dataset: Dataset;
  readonly splits: FitSplits;
  readonly runtime: Runtime;
  readonly identity: FitIdentity;
  readonly options: FitOptions;
}

export async function writeRun(record: FitRecord): Promise<Run> {
  const { model, fitted, dataset } = record;
  const graphs = runGraphs(model, fitted.parameters);
  const encoder = await record.runtime.createSession(graphs.encoder);
  const use = await latentsInUse(encoder, record.splits.valid, model.shape.latents);
  const sample = await latentSample(encoder, dataset, rowsToFit(dataset, 'train'), model.shape.latents);
  await encoder.release();
  const description = {
    ...describeFit(record),
    latentsInUse: use,
  };
  const { parameters, history } = fitted;
  const { wavelength } = dataset;
  return saveRun(record.options.out, {
    description,
    parameters,
    history,
    wavelength,
    graphs,
    latentSample: sample,
  });
}

/** Which latents a model uses that is not finished yet, judged on at most `limit` spectra, evenly from those given. */
export async function latentsUsed(
  model: Model,
  parameters: Parameters,
  { flux, ivar }: Pick<FitData, 'flux' | 'ivar'>,
  runtime: Runtime,
  limit: number,
): Promise<LatentsInUse> {
  const step = Math.max(1, Math.ceil(flux.rows / limit));
  const rows = Array.from({ length: Math.ceil(flux.rows / step) }, (_, i) => i * step);
  const spectra = step > 1 ? { flux: gatherRows(flux, rows), ivar: gatherRows(ivar, rows) } : { flux, ivar };
  const encoder = await runtime.createSession(encoderOnnx(model, parameters));
  try {
    return await latentsInUse(encoder, spectra, model.shape.latents);
  } finally {
    await encoder.release();
  }
}

/** The model's graphs with the weights inside; they take any number of spectra. */
export function runGraphs(model: Model, parameters: Parameters): RunGraphs {
  const decoder = graphOnnx('decoder', `${model.title} decoder: latents to normalised flux`, parameters, {
    ...model.decoder(),
  });
  const encoder = encoderOnnx(model, parameters);
  const joint = model.jointEncoder?.();
  const ofLabels = model.labelEncoder?.();
  const jointly = `${model.title} joint encoder: any part of flux and labels, with inverse variances, to latents`;
  const alone = `${model.title} label encoder: labels with inverse variances to latents, as the joint encoder without flux`;
  return {
    encoder,
    decoder,
    ...(joint === undefined ? {} : { 'joint-encoder': graphOnnx('joint-encoder', jointly, parameters, { ...joint }) }),
    ...(ofLabels === undefined
      ? {}
      : { 'label-encoder': graphOnnx('label-encoder', alone, parameters, { ...ofLabels }) }),
  };
}

function encoderOnnx(model: Model, parameters: Parameters): Uint8Array {
  const description = `${model.title} encoder: normalised flux and its inverse variance to latents`;
  return graphOnnx('encoder', description, parameters, { ...model.encoder() });
}

function graphOnnx(
  name: string,
  description: string,
  parameters: Parameters,
  graph: { inputs: Readonly<Record<string, Tensor>>; outputs: Readonly<Record<string, Tensor>> },
): Uint8Array {
  const parameterValues = Object.fromEntries(Object.entries(parameters).map(([key, { data }]) => [key, data]));
  return writeOnnx({ name, description, inputs: Object.values(graph.inputs), outputs: graph.outputs, parameterValues });
}

function describeFit({ model, fitted, dataset, splits, runtime, identity, options }: FitRecord) {
  const kept = fitted.history[fitted.keptEntry];
  const prior = model.latentPrior?.(fitted.parameters);
  const { wavelength, manifest } = dataset;
  return {
    software: SOFTWARE_VERSION,
    created: new Date().toISOString(),
    model: model.name,
    title: model.title,
    latents: identity.latents,
    latentPrior: prior === undefined ? null : [...prior],
    ...describeLabels(model, dataset, splits),
    latentAxes: model.latentAxes,
    settings: model.settings,
    seed: identity.seed,
    threads: identity.threads,
    engine: runtime.name,
    dataset: {
      path: options.datasetPath ?? null,
      checksum: identity.datasetChecksum,
      normalisation: manifest.normalisation,
      fluxUnit: manifest.fluxUnit,
      objects: splits.objects,
    },
    grid: { pixels: wavelength.length, first: wavelength[0], last: wavelength[wavelength.length - 1] },
    training: {
      steps: fitted.steps,
      epochs: fitted.epochs,
      bestEpoch: kept.step,
      seconds: fitted.seconds,
      trainLoss: kept.trainLoss,
      validLoss: kept.validLoss,
    },
  };
}

function describeLabels(model: Model, { catalogue }: Dataset, { train }: FitSplits) {
  if (model.decoder().outputs.labelMean === undefined) return { labels: [] };
  const ranges = train.labels === undefined ? {} : { labelRanges: labelRanges(train.labels) };
  return { labels: catalogue.labels.names, ...ranges };
}
