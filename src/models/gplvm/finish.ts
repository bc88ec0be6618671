import { type Matrix, row, zeros } from '../../base/index.ts';
import { input, type Runtime, writeOnnx } from '../../graph/index.ts';
import type { NamedArray, Parameters } from '../model.ts';
import { ANCHORS, type GplvmTensors } from './graphs.ts';

/** Points spread evenly over the training latents, what they decode to, and the mean variance there of each output. */
export async function anchorsOf(
  tensors: GplvmTensors,
  parameters: Parameters,
  latents: Matrix,
  runtime: Runtime,
): Promise<Record<'anchors' | 'anchorOutputs' | 'anchorVariance', NamedArray>> {
  const { outputs } = tensors;
  const anchors = zeros(ANCHORS, latents.columns);
  for (let k = 0; k < ANCHORS; k++) {
    anchors.data.set(row(latents, Math.floor((k * latents.rows) / ANCHORS)), k * latents.columns);
  }
  const parameterValues = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
  const marginals = tensors.marginals(input('latent', ['N', latents.columns]));
  const session = await runtime.createSession(
    writeOnnx({ name: 'anchors', outputs: { ...marginals }, parameterValues }),
  );
  const mean = zeros(ANCHORS, outputs);
  const variance = zeros(ANCHORS, outputs);
  await session.run({ latent: anchors.data }, { mean: mean.data, variance: variance.data });
  await session.release();
  const typical = new Float32Array(outputs);
  for (let at = 0; at < variance.data.length; at++) typical[at % outputs] += variance.data[at] / ANCHORS;
  return {
    anchors: { shape: [ANCHORS, latents.columns], data: anchors.data },
    anchorOutputs: { shape: [ANCHORS, outputs], data: mean.data },
    anchorVariance: { shape: [outputs], data: typical },
  };
}
