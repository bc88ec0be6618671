import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { z } from 'zod';
import { InterruptedError, type LongWorkOptions, UserError } from '../base/index.ts';
import { drawProgress, type ProgressDrawing, silentProgress } from './progress.node.ts';

/** What every command is given: the options that exist everywhere, and how to talk to the user. */
export interface Context extends Required<LongWorkOptions> {
  readonly json: boolean;
  readonly seed: number | null;
  readonly threads: number;
  /** A line for people, on stderr; silent with `--quiet`. */
  readonly log: (line: string) => void;
  /** The command line as typed, for provenance and for saying how to resume. */
  readonly commandLine: string;
}

/** What a command gives back: the JSON object of `docs/contract.md`, and the same for people. */
export interface Outcome {
  readonly json: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
  /** What goes on after that was printed, until the signal fires: a server. */
  readonly afterwards?: (signal: AbortSignal) => Promise<void>;
}

const everywhereSchema = z.object({
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
  debug: z.boolean().default(false),
  seed: wholeNumber('--seed', 0).optional(),
  threads: wholeNumber('--threads', 1).optional(),
});

/** A command-line value that must be a whole number of at least `least`. */
export function wholeNumber(flag: string, least: number): z.ZodType<number> {
  return z
    .string()
    .refine((text) => /^-?\d+$/.test(text.trim()) && Number(text) >= least && Number.isSafeInteger(Number(text)), {
      error: ({ input }) => `${flag} takes a whole number of at least ${least}, not ${String(input)}`,
    })
    .transform(Number);
}

/** Adds the options that every command understands. */
export function everywhere(command: Command): Command {
  return command
    .option('--json', 'print one JSON object on stdout')
    .option('--seed <n>', 'seed of every random choice')
    .option('--threads <n>', `threads to compute with (default: all, here ${availableParallelism()})`)
    .option('--quiet', 'no progress and no log lines')
    .option('--debug', 'show the stack trace of an error');
}

/** Parses options at the door; the first problem becomes one sentence. */
export function parseOptions<T>(schema: z.ZodType<T>, options: unknown): T {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const flag =
    issue.path.length > 0 ? `--${String(issue.path[0]).replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}: ` : '';
  throw new UserError(issue.message.startsWith('--') ? issue.message : `${flag}${issue.message}`);
}

/**
 * Wraps a command's work: context in, outcome out, errors turned into exit codes (0 done, 2 bad input,
 * 130 interrupted with state saved, 1 a bug of ours).
 */
export function action(
  work: (context: Context, positional: readonly unknown[], options: unknown) => Promise<Outcome>,
): (...input: unknown[]) => Promise<void> {
  return async (...input) => {
    const options = input[input.length - 2];
    const positional = input.slice(0, -2);
    let debug = false;
    let drawing: ProgressDrawing = silentProgress;
    try {
      const shared = parseOptions(everywhereSchema, options);
      debug = shared.debug;
      if (!shared.quiet) drawing = drawProgress(process.stderr);
      const interrupt = interruptSignal('stopping: saving what is done (again to stop at once)');
      const outcome = await work(makeContext(shared, drawing, interrupt.signal), positional, options);
      drawing.close();
      const text = shared.json ? JSON.stringify(outcome.json) : outcome.lines.join('\n');
      await writeOut(`${text}\n`);
      if (outcome.afterwards === undefined) return;
      interrupt.release();
      await outcome.afterwards(interrupt.signal.aborted ? interrupt.signal : interruptSignal('').signal);
    } catch (error) {
      drawing.close();
      reportFailure(error, debug);
    }
  };
}

function makeContext(shared: z.infer<typeof everywhereSchema>, drawing: ProgressDrawing, signal: AbortSignal): Context {
  return {
    json: shared.json,
    seed: shared.seed ?? null,
    threads: shared.threads ?? availableParallelism(),
    log: (line) => {
      if (shared.quiet) return;
      drawing.close();
      process.stderr.write(`${line}\n`);
    },
    onProgress: drawing.onProgress,
    signal,
    commandLine: ['lightfold', ...process.argv.slice(2).map(quoted)].join(' '),
  };
}

/** The first Ctrl-C asks the work to save and stop, and says so; a second one stops at once. */
function interruptSignal(words: string): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    // Terminals print `^C` where the cursor is.
    if (words !== '' || process.stderr.isTTY) process.stderr.write(`\n${words === '' ? '' : `${words}\n`}`);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const release = (): void => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  };
  return { signal: controller.signal, release };
}

/** Prints a failure on stderr and sets the exit code; a stack trace only for bugs and with `--debug`. */
export function reportFailure(error: unknown, debug: boolean): void {
  const mine = error instanceof UserError || error instanceof InterruptedError;
  process.exitCode = mine ? error.exitCode : 1;
  const message = error instanceof Error ? error.message : String(error);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? message}\n`);
  else if (mine) process.stderr.write(`lightfold: ${message}\n`);
  else process.stderr.write(`lightfold: a bug of ours: ${message}\n(run again with --debug for the stack trace)\n`);
}

function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      // A reader that closed the pipe (`| head`) has what it wanted.
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
      else resolve();
    });
  });
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
