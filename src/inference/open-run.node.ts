import { availableParallelism } from 'node:os';
import { createNodeRuntime } from '../graph/index.node.ts';
import { hasRunGraph, loadRun, readRunGraph } from '../runs/index.node.ts';
import { openRunOn } from './open-graphs.ts';
import type { OpenRun } from './open-run.ts';

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
  return openRunOn(run, {
    runtime: createNodeRuntime({ threads: options.threads ?? availableParallelism() }),
    read: (graph) => readRunGraph(run, graph),
    jointEncoder: hasRunGraph(run, 'joint-encoder'),
    labelEncoder: hasRunGraph(run, 'label-encoder'),
  });
}
