import type { Command } from 'commander';
import { z } from 'zod';
import type { ExhibitSource } from '../explorer/index.ts';
import type { ServeOptions } from '../workflows/index.node.ts';
import { openInBrowser } from './browser.node.ts';
import { type Context, type Outcome, wholeNumber } from './context.node.ts';

const LARGEST_PORT = 65_535;

/** `--port P --address A --token T --no-open`: where an explorer is served, for `explore` and `demo` alike. */
export const servingOptions = {
  port: wholeNumber('--port', 0)
    .refine((port) => port <= LARGEST_PORT, `--port takes a number of at most ${LARGEST_PORT}`)
    .optional(),
  address: z.string().min(1, '--address takes a name or number of this machine, such as 0.0.0.0').optional(),
  token: z
    .string()
    .regex(/^[\w.~-]{8,128}$/, '--token takes 8 to 128 letters, digits, ".", "_", "~" or "-"')
    .optional(),
  open: z.boolean().default(true),
};

/** Adds the options of `servingOptions`. */
export function withServingOptions(command: Command): Command {
  return command
    .option('--port <port>', 'port to listen at (default: the first that is free from 7460)')
    .option('--address <address>', 'address to listen at; any but this machine asks readers for a token', '127.0.0.1')
    .option('--token <token>', 'what readers must bring (default: made at random beyond this machine)')
    .option('--no-open', 'print the address without opening a browser');
}

/** Serves an explorer: the outcome is printed as soon as it listens, and the command ends with Ctrl-C. */
export async function servedOutcome(
  source: ExhibitSource,
  options: ServeOptions & { readonly open: boolean },
  { log }: Pick<Context, 'log'>,
): Promise<Outcome> {
  const { open, ...where } = options;
  const { serveExhibits } = await import('../workflows/index.node.ts');
  const { url, port, exhibits, close } = await serveExhibits(source, { ...where, log });
  if (open) await openInBrowser(url);
  return {
    json: { url, port, exhibits },
    lines: [
      ...exhibits.map(({ title, objects, runs }) => `${title}: ${objects} objects, ${runs.join(', ')}`),
      `${url} (Ctrl-C ends it)`,
    ],
    afterwards: async (signal) => {
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      await close();
      log('the explorer is closed; goodbye');
    },
  };
}
