/** Turns a finished fit into a run folder: ONNX graphs, parameters, history and the description of it all. */
import { SOFTWARE_VERSION } from '../base/index.ts';
import type { Dataset } from '../dataset/index.ts';
import { type Runtime, type Tensor, writeOnnx } from '../graph/index.ts';
import type { HistoryEntry, Model, Parameters } from '../models/index.ts';
import { type RunToSave, saveRun } from '../runs/index.node.ts';
import type { Run } from '../runs/index.ts';
import type { FitIdentity } from './checkpoint.node.ts';
import type { FitOptions } from './fit-options.ts';
import { latentSample } from './latent-sample.ts';
import { latentsInUse } from './latents-in-use.ts';
import { type FitSplits, rowsToFit } from './splits.ts';

export interface Fitted {
  readonly parameters: Parameters;
  readonly history: readonly HistoryEntry[];
  readonly steps: number;
  readonly epochs: number;
  /** Index in `history` of the entry whose parameters were kept. */
  readonly keptEntry: number;
  readonly seconds: number;
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

/** encoder.onnx and decoder.onnx with the weights inside; they take any number of spectra. */
export function runGraphs(model: Model, parameters: Parameters): RunToSave['graphs'] {
  const { title } = model;
  const parameterValues = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
  const write = (
    name: string,
    description: string,
    graph: { inputs: Readonly<Record<string, Tensor>>; outputs: Readonly<Record<string, Tensor>> },
  ) => writeOnnx({ name, description, inputs: Object.values(graph.inputs), outputs: graph.outputs, parameterValues });
  return {
    encoder: write('encoder', `${title} encoder: normalised flux and its inverse variance to latents`, {
      ...model.encoder(),
    }),
    decoder: write('decoder', `${title} decoder: latents to normalised flux`, { ...model.decoder() }),
  };
}

function describeFit({ model, fitted, dataset, splits, runtime, identity, options }: FitRecord) {
  const kept = fitted.history[fitted.keptEntry];
  const { wavelength, manifest } = dataset;
  return {
    software: SOFTWARE_VERSION,
    created: new Date().toISOString(),
    model: model.name,
    title: model.title,
    latents: identity.latents,
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
