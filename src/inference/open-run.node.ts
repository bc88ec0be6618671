import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { FileError } from '../base/index.ts';
import { createNodeRuntime } from '../graph/index.node.ts';
import type { Runtime, Session, Shape } from '../graph/index.ts';
import { type GraphName, hasRunGraph, loadRun, readRunGraph } from '../runs/index.node.ts';
import type { Run } from '../runs/index.ts';
import { OpenRun } from './open-run.ts';

export interface OpenRunOptions {
  /** Threads of the arithmetic; default: all cores. */
  readonly threads?: number;
}

/**
 * Opens a finished run for encoding, decoding and reconstruction.
 *
 * @throws FileError when the folder is not a run, is of a newer format, or is damaged
 */
export async function openRun(path: string, options: OpenRunOptions = {}): Promise<OpenRun> {
  const run = loadRun(path);
  const runtime = createNodeRuntime({ threads: options.threads ?? availableParallelism() });
  const [P, Q, K] = [run.wavelength.length, run.description.latents, run.description.labels.length];
  const spectra: Signature['inputs'] = { flux: ['N', P], ivar: ['N', P] };
  const latents: Signature['outputs'] = { latentMean: ['N', Q], latentCovariance: ['N', Q, Q] };
  const encoder = await openGraph(run, 'encoder', runtime, { inputs: spectra, outputs: latents });
  const labels: Signature['outputs'] = K === 0 ? {} : { labelMean: ['N', K], labelVariance: ['N', K] };
  const decoder = await openGraph(run, 'decoder', runtime, {
    inputs: { latent: ['N', Q] },
    outputs: { flux: ['N', P], fluxVariance: ['N', P], ...labels },
  });
  const joint: Signature = { inputs: { ...spectra, label: ['N', K], labelIvar: ['N', K] }, outputs: latents };
  return new OpenRun(run, {
    encoder,
    decoder,
    ...(hasRunGraph(run, 'joint-encoder')
      ? { openJointEncoder: () => openGraph(run, 'joint-encoder', runtime, joint) }
      : {}),
  });
}

interface Signature {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly outputs: Readonly<Record<string, Shape>>;
}

/** @throws FileError when the graph does not take and give what run.json says */
async function openGraph(run: Run, graph: GraphName, runtime: Runtime, signature: Signature): Promise<Session> {
  const session = await runtime.createSession(readRunGraph(run, graph));
  for (const side of ['inputs', 'outputs'] as const) {
    for (const [name, shape] of Object.entries(signature[side])) {
      const found = session[side].find((declared) => declared.name === name);
      if (found?.shape.join() === shape.join()) continue;
      const file = join(run.path, `${graph}.onnx`);
      const problem = found === undefined ? 'is missing' : `is [${found.shape.join(', ')}]`;
      throw new FileError(file, `"${name}"`, `it ${problem} and run.json calls for [${shape.join(', ')}]`);
    }
  }
  return session;
}
