/** From a run and the bytes of its graphs to an `OpenRun`, wherever the bytes lie and whichever runtime runs them. */
import { FileError } from '../base/index.ts';
import type { Runtime, Session, Shape } from '../graph/index.ts';
import type { GraphName, Run } from '../runs/index.ts';
import { OpenRun } from './open-run.ts';
import type { RunSessions } from './run-graphs.ts';

export interface RunGraphSource {
  readonly runtime: Runtime;
  /** The graph as an ONNX file. */
  readonly read: (graph: GraphName) => Uint8Array | Promise<Uint8Array>;
  readonly jointEncoder: boolean;
  readonly labelEncoder: boolean;
}

/**
 * Opens a run on graphs that are read as they are needed.
 *
 * @throws FileError when a graph does not take and give what the run's description says
 */
export async function openRunOn(run: Run, source: RunGraphSource): Promise<OpenRun> {
  const encoder = await openRunGraph(run, 'encoder', source);
  const decoder = await openRunGraph(run, 'decoder', source);
  return openRunOfSessions(run, { openEncoder: () => Promise.resolve(encoder), decoder }, source);
}

/** As `openRunOn`, for who has opened the decoder and may do without the encoder. */
export function openRunOfSessions(
  run: Run,
  sessions: Pick<RunSessions, 'openEncoder' | 'decoder'>,
  source: RunGraphSource,
): OpenRun {
  return new OpenRun(run, {
    ...sessions,
    ...(source.labelEncoder ? { openLabelEncoder: () => openRunGraph(run, 'label-encoder', source) } : {}),
    ...(source.jointEncoder ? { openJointEncoder: () => openRunGraph(run, 'joint-encoder', source) } : {}),
  });
}

/** @throws FileError when the graph does not take and give what the run's description says */
export async function openRunGraph(run: Run, graph: GraphName, { runtime, read }: RunGraphSource): Promise<Session> {
  const session = await runtime.createSession(await read(graph));
  const signature = signatureOf(run, graph);
  for (const side of ['inputs', 'outputs'] as const) {
    for (const [name, shape] of Object.entries(signature[side])) {
      const found = session[side].find((declared) => declared.name === name);
      if (found?.shape.join() === shape.join()) continue;
      const problem = found === undefined ? 'is missing' : `is [${found.shape.join(', ')}]`;
      const reason = `it ${problem} and run.json calls for [${shape.join(', ')}]`;
      throw new FileError(`${run.path.replace(/\/+$/, '')}/${graph}.onnx`, `"${name}"`, reason);
    }
  }
  return session;
}

interface Signature {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly outputs: Readonly<Record<string, Shape>>;
}

function signatureOf({ wavelength, description }: Run, graph: GraphName): Signature {
  const [P, Q, K] = [wavelength.length, description.latents, description.labels.length];
  if (graph === 'decoder') {
    const labels: Signature['outputs'] = K === 0 ? {} : { labelMean: ['N', K], labelVariance: ['N', K] };
    return { inputs: { latent: ['N', Q] }, outputs: { flux: ['N', P], fluxVariance: ['N', P], ...labels } };
  }
  const spectra: Signature['inputs'] = { flux: ['N', P], ivar: ['N', P] };
  const labels: Signature['inputs'] = { label: ['N', K], labelIvar: ['N', K] };
  return {
    inputs: { ...(graph === 'label-encoder' ? {} : spectra), ...(graph === 'encoder' ? {} : labels) },
    outputs: { latentMean: ['N', Q], latentCovariance: ['N', Q, Q] },
  };
}
