/**
 * What runs in each process of a search: one trial after the other, on one thread. The dataset is loaded, and what
 * trials have in common is made ready, once. It ends with the process that started it, whatever ends that.
 */
import { InterruptedError } from '../../base/index.ts';
import { loadDataset } from '../../dataset/index.node.ts';
import type { HistoryEntry } from '../../models/index.ts';
import { type Advanced, advanceFit, SharedWork } from '../../training/index.node.ts';
import { type AdvanceRequest, type Reply, requestSchema } from './messages.ts';
import type { RungResult } from './state.ts';

const REPORT_EVERY_MS = 500;

const controller = new AbortController();
let shared: SharedWork | null = null;

// Ctrl-C reaches the whole group of processes; the one in front decides and sends word.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit(1));
process.on('message', (message) => {
  const request = requestSchema.parse(message);
  if (request.kind === 'stop') controller.abort();
  else void answer(request).then((reply) => process.send?.(reply));
});

async function answer(request: AdvanceRequest): Promise<Reply> {
  try {
    shared ??= new SharedWork({ ...(await loadDataset(request.dataset)), truth: null });
  } catch (error) {
    return { kind: 'broken', message: messageOf(error) };
  }
  try {
    return { kind: 'advanced', result: resultOf(await advance(request, shared), request.rankBy) };
  } catch (error) {
    if (error instanceof InterruptedError) return { kind: 'interrupted' };
    return { kind: 'failed', message: messageOf(error) };
  }
}

async function advance(request: AdvanceRequest, work: SharedWork): Promise<Advanced> {
  const { dataset, model, latents, seed, settings, out, pauseAfter } = request;
  let reported = 0;
  return advanceFit(model, work, {
    ...{ out, latents, seed, settings, threads: 1, resume: true, datasetPath: dataset },
    ...(pauseAfter === null ? {} : { pauseAfter }),
    signal: controller.signal,
    onProgress: ({ stage, done }) => {
      if (!stage.startsWith('training') || performance.now() - reported < REPORT_EVERY_MS) return;
      reported = performance.now();
      process.send?.({ kind: 'progress', epochs: done } satisfies Reply);
    },
  });
}

function resultOf(advanced: Advanced, rankBy: string): RungResult {
  const finished = advanced.kind === 'finished';
  const { history, latentsInUse, bestEpoch, seconds } = finished
    ? {
        history: advanced.run.history,
        latentsInUse: advanced.run.description.latentsInUse,
        ...advanced.run.description.training,
      }
    : advanced;
  const kept = history[bestEpoch - 1];
  return {
    epochs: history.length,
    bestEpoch,
    error: errorOf(kept, rankBy),
    validLoss: kept.validLoss ?? kept.trainLoss,
    latentsInUse: latentsInUse.count,
    posteriorShare: latentsInUse.posteriorShare,
    finished,
    seconds,
  };
}

function errorOf({ terms }: HistoryEntry, rankBy: string): number {
  const error = terms[`valid ${rankBy}`];
  if (error === undefined) throw new Error(`training keeps no validation term "${rankBy}"`);
  return error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
