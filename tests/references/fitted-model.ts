import { type Matrix, Random, zeros } from '../../src/base/index.ts';
import { createNodeRuntime } from '../../src/graph/index.node.ts';
import { type Tensor, writeOnnx } from '../../src/graph/index.ts';
import { type Gaussians, sigmaPoints, spreadOf } from '../../src/linalg/index.ts';
import {
  type DirectFitContext,
  type FitData,
  type FitResult,
  type FitState,
  findModel,
  type LabelData,
  type Model,
  type ModelShape,
} from '../../src/models/index.ts';
import { kernelLoading } from './kernel-loading.ts';

const runtime = createNodeRuntime({ threads: 1 });

export interface FittedModel extends FitResult {
  readonly model: Model;
}

/** A model of the registry that is fitted by iterations of its own, fitted to matrices. */
export async function fitDirectly(
  name: string,
  shape: ModelShape,
  settings: Readonly<Record<string, unknown>>,
  { train, valid }: Readonly<Record<'train' | 'valid', FitData>>,
  context: Partial<DirectFitContext> = {},
  resumeFrom?: FitState,
): Promise<FittedModel> {
  const model = findModel(name).configure(shape, settings);
  if (model.fitting.kind !== 'direct') throw new Error(`${name} descends`);
  const whole = { runtime, random: new Random(1), ...kernelLoading, ...context };
  return { model, ...(await model.fitting.fit(train, valid, whole, resumeFrom)) };
}

/** Runs a graph of a fitted model in ONNX Runtime, once. */
export async function runOnnx(
  { parameters }: FittedModel,
  outputs: Readonly<Record<string, Tensor>>,
  feeds: Readonly<Record<string, Float32Array>>,
  rows: number,
): Promise<Record<string, Matrix>> {
  const parameterValues = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
  const session = await runtime.createSession(writeOnnx({ name: 'test', outputs, parameterValues }));
  const found = Object.fromEntries(
    Object.entries(outputs).map(([name, { shape }]) => [
      name,
      zeros(
        rows,
        shape.slice(1).reduce<number>((size, dimension) => size * Number(dimension), 1),
      ),
    ]),
  );
  await session.run(feeds, Object.fromEntries(Object.entries(found).map(([name, { data }]) => [name, data])));
  await session.release();
  return found;
}

/** Everything that the encoder says of spectra, a row each. */
export function encoded(fitted: FittedModel, { flux, ivar }: Pick<FitData, 'flux' | 'ivar'>) {
  return runOnnx(fitted, { ...fitted.model.encoder().outputs }, { flux: flux.data, ivar: ivar.data }, flux.rows);
}

/** Everything that the joint encoder says of spectra and labels, a row each. */
export function jointlyEncoded(fitted: FittedModel, { flux, ivar }: FitData, labels: LabelData) {
  const { jointEncoder } = fitted.model;
  if (jointEncoder === undefined) throw new Error('the model has no joint encoder');
  const feeds = { flux: flux.data, ivar: ivar.data, label: labels.value.data, labelIvar: labels.ivar.data };
  return runOnnx(fitted, { ...jointEncoder().outputs }, feeds, flux.rows);
}

/** Everything that the label encoder says of labels, a row each. */
export function encodedLabels(fitted: FittedModel, { value, ivar }: LabelData) {
  const { labelEncoder } = fitted.model;
  if (labelEncoder === undefined) throw new Error('the model has no label encoder');
  return runOnnx(fitted, { ...labelEncoder().outputs }, { label: value.data, labelIvar: ivar.data }, value.rows);
}

/** Labels and spectra that go with latents, as inference makes them: the mean's, and the variance with the latents' spread. */
export async function decodedLabels(fitted: FittedModel, posterior: Gaussians) {
  const { rows, columns } = posterior.mean;
  const points = sigmaPoints(posterior, 0, rows);
  const { labelMean, labelVariance } = fitted.model.decoder().outputs;
  if (labelMean === undefined || labelVariance === undefined) throw new Error('the model has no labels');
  const found = await runOnnx(fitted, { labelMean, labelVariance }, { latent: points.data }, points.rows);
  const labels = found.labelMean.columns;
  const [mean, variance] = [zeros(rows, labels), zeros(rows, labels)];
  const decoded = { decoded: found.labelMean, scatter: found.labelVariance, pointsEach: 1 + 2 * columns };
  spreadOf(decoded, mean.data, variance.data);
  return { mean, variance };
}

/** Labels predicted from spectra alone. */
export async function predictedLabels(fitted: FittedModel, spectra: Pick<FitData, 'flux' | 'ivar'>) {
  const { latentMean, latentCovariance } = await encoded(fitted, spectra);
  return decodedLabels(fitted, { mean: latentMean, covariance: latentCovariance });
}
