/** The worker: holds the runs and answers questions one after the other. */
import { UserError } from '../../src/base/index.ts';
import { placeFile } from '../../src/explorer/index.ts';
import type { Runtime } from '../../src/graph/index.ts';
import { createWebRuntime } from '../../src/graph/index.web.ts';
import type { Answer, Question, QuestionKind, Reply } from './messages.ts';
import { PageRun } from './page-run.ts';

let runtime: Runtime | null = null;
const runs = new Map<string, PageRun>();
/** ONNX Runtime runs one graph at a time, and bound arrays are shared between points. */
let last: Promise<void> = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<Question>) => {
  last = last.then(() => reply(data));
};

/** Never rejects: the questions behind this one would wait for ever. */
async function reply(question: Question): Promise<void> {
  const { id } = question;
  try {
    const made = await answer(question);
    self.postMessage({ id, answer: made } satisfies Reply, { transfer: arraysIn(made) });
  } catch (error) {
    self.postMessage({ id, problem: sentence(error) } satisfies Reply);
  }
}

function answer(question: Question): Answer<QuestionKind> | Promise<Answer<QuestionKind>> {
  switch (question.kind) {
    case 'start':
      runtime = createWebRuntime(question.ask);
      return null;
    case 'open':
      if (runtime === null) throw new Error('a run is opened before the runtime is started');
      runs.set(question.ask.key, new PageRun(question.ask, runtime));
      return null;
    case 'graph':
      runOf(question.ask.key).addGraph(question.ask.graph, question.ask.bytes);
      return null;
    case 'decode':
      return runOf(question.ask.key).decode(question.ask.latent);
    case 'fromLabels':
      return runOf(question.ask.key).fromLabels(question.ask.labels);
    case 'decodeMany':
      return runOf(question.ask.key).decodeMany(question.ask.latents);
    case 'reconstruct':
      return runOf(question.ask.key).reconstruct(question.ask.flux, question.ask.ivar);
    case 'place':
      return place(question.ask);
  }
}

async function place(ask: Extract<Question, { kind: 'place' }>['ask']): Promise<Answer<'place'>> {
  const { key, fileName, bytes, redshift } = ask;
  return placeFile(await runOf(key).openRun(), { fileName, bytes, ...(redshift === null ? {} : { redshift }) });
}

function runOf(key: string): PageRun {
  const run = runs.get(key);
  if (run === undefined) throw new Error(`the run ${key} is not open`);
  return run;
}

/** Buffers that need not be copied on their way to the page. */
function arraysIn(answer: Answer<QuestionKind>): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const visit = (value: unknown): void => {
    if (value instanceof Float32Array) {
      if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
    } else if (Array.isArray(value)) {
      // Numbers of a placed spectrum: nothing in them to find.
      if (typeof value[0] === 'object') value.forEach(visit);
    } else if (typeof value === 'object' && value !== null) {
      Object.values(value).forEach(visit);
    }
  };
  visit(answer);
  return [...found];
}

function sentence(error: unknown): string {
  if (error instanceof UserError) return error.message;
  return `The model failed in this page: ${error instanceof Error ? error.message : String(error)}. Load the page anew.`;
}
