import { type Matrix, row, zeros } from '../../base/index.ts';
import { input, type Runtime, writeOnnx } from '../../graph/index.ts';
import type { NamedArray, Parameters } from '../model.ts';
import { ANCHORS } from './graphs.ts';
import type { GplvmTensors } from './tensors.ts';

/** Points spread evenly over the training latents, and what they decode to. */
export async function anchorsOf(
  tensors: GplvmTensors,
  parameters: Parameters,
  latents: Matrix,
  runtime: Runtime,
): Promise<Record<'anchors' | 'anchorOutputs', NamedArray>> {
  const { outputs } = tensors;
  const anchors = zeros(ANCHORS, latents.columns);
  for (let k = 0; k < ANCHORS; k++) {
    anchors.data.set(row(latents, Math.floor((k * latents.rows) / ANCHORS)), k * latents.columns);
  }
  const parameterValues = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
  const mean = tensors.means(input('latent', ['N', latents.columns]));
  const session = await runtime.createSession(writeOnnx({ name: 'anchors', outputs: { mean }, parameterValues }));
  const decoded = zeros(ANCHORS, outputs);
  await session.run({ latent: anchors.data }, { mean: decoded.data });
  await session.release();
  return {
    anchors: { shape: [ANCHORS, latents.columns], data: anchors.data },
    anchorOutputs: { shape: [ANCHORS, outputs], data: decoded.data },
  };
}
