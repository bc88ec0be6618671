import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../base/index.ts';
import { type AdvanceRequest, type Reply, replySchema } from './messages.ts';

/** How a trial came out of a stretch of training. */
export type TrialOutcome = Extract<Reply, { kind: 'advanced' | 'failed' | 'interrupted' }>;

/** Runs one trial at a time. */
export interface TrialWorker {
  /**
   * @param onEpochs told how many epochs the trial has been trained for
   * @throws UserError when no trial can run (`broken`)
   */
  advance(request: AdvanceRequest, onEpochs: (epochs: number) => void): Promise<TrialOutcome>;
  /** Asks it to save the trial under way, which then comes back `interrupted`. */
  stop(): void;
  close(): void;
}

const PROGRAM = fileURLToPath(new URL('./trial-process.node.js', import.meta.url));

/**
 * A worker in a process of its own. When that dies, the trial under way has failed, and the next one gets a new
 * process. @param started told the number of every process that is started
 */
export function startTrialWorker(started: (pid: number) => void = () => undefined): TrialWorker {
  let child: ChildProcess | null = null;
  const running = (): ChildProcess => {
    if (child !== null) return child;
    // stdout is the command's own; what a process of ours must say goes to stderr.
    const fresh = fork(PROGRAM, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    fresh.once('exit', () => {
      if (child === fresh) child = null;
    });
    if (fresh.pid !== undefined) started(fresh.pid);
    child = fresh;
    return fresh;
  };
  return {
    advance: (request, onEpochs) => converse(running(), request, onEpochs),
    stop() {
      if (child?.connected) child.send({ kind: 'stop' });
    },
    close() {
      child?.disconnect();
      child = null;
    },
  };
}

function converse(
  process: ChildProcess,
  request: AdvanceRequest,
  onEpochs: (epochs: number) => void,
): Promise<TrialOutcome> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      process.off('message', onMessage).off('exit', onExit);
    };
    const onMessage = (message: unknown): void => {
      const reply = replySchema.parse(message);
      if (reply.kind === 'progress') {
        onEpochs(reply.epochs);
        return;
      }
      finish();
      if (reply.kind === 'broken') reject(new UserError(reply.message));
      else resolve(reply);
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
      finish();
      resolve({ kind: 'failed', message: `its process ended with ${signal ?? `exit code ${code}`}` });
    };
    process.on('message', onMessage).on('exit', onExit);
    process.send(request);
  });
}
