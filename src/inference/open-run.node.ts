import { availableParallelism } from 'node:os';
import { createNodeRuntime } from '../graph/index.node.ts';
import { loadRun, readRunGraph } from '../runs/index.node.ts';
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
  const encoder = await runtime.createSession(readRunGraph(run, 'encoder'));
  const decoder = await runtime.createSession(readRunGraph(run, 'decoder'));
  return new OpenRun(run, encoder, decoder);
}
