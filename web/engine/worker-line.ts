import { UserError } from '../../src/base/index.ts';
import type { Answer, Ask, QuestionKind, Reply } from './messages.ts';

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Questions to the worker, each matched with its answer. */
export class WorkerLine {
  #worker: Worker | null = null;
  readonly #pending = new Map<number, Pending>();
  #asked = 0;

  /** @throws UserError with what the worker says about a question that it cannot answer */
  ask<K extends QuestionKind>(kind: K, ask: Ask<K>): Promise<Answer<K>> {
    this.#worker ??= this.#start();
    const id = this.#asked++;
    const answer = new Promise<Answer<K>>((resolve, reject) => {
      // The worker answers each kind with its own type (messages.ts).
      this.#pending.set(id, { resolve: (value) => resolve(value as Answer<K>), reject });
    });
    this.#worker.postMessage({ id, kind, ask });
    return answer;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'models' });
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      const pending = this.#pending.get(data.id);
      this.#pending.delete(data.id);
      if ('problem' in data) pending?.reject(new UserError(data.problem));
      else pending?.resolve(data.answer);
    };
    worker.onerror = ({ message }) => {
      const problem = new UserError(`The models' worker cannot run in this browser (${message}); load the page anew.`);
      for (const { reject } of this.#pending.values()) reject(problem);
      this.#pending.clear();
    };
    return worker;
  }
}
