import { resolve } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { action, everywhere, parseOptions, quoted, wholeNumber } from '../context.node.ts';
import { servedOutcome, servingOptions, withServingOptions } from '../explorer.node.ts';
import { outputFolder } from '../outputs.node.ts';
import { scoreLines } from '../score-lines.ts';

const optionsSchema = z.object({
  out: outputFolder('--out'),
  n: wholeNumber('--n', 200).optional(),
  explore: z.boolean().optional(),
  ...servingOptions,
});

/** `lightfold demo`. */
export function demoCommand(): Command {
  const command = new Command('demo')
    .description('simulate galaxies, train PCA and an InfoVAE, evaluate, draw, and open it all in the explorer')
    .option('--out <dir>', 'folder for the dataset, the runs, the figures and the page', 'out/demo')
    .option('--n <objects>', 'galaxies to simulate (default: 4000)')
    .option('--explore', 'serve the explorer at the end (default: on a terminal)')
    .option('--no-explore', 'end with the command that opens the explorer (default: elsewhere, and with --json)');
  withServingOptions(command).addHelpText('after', '\nExample:\n  lightfold demo --out out/demo');
  return everywhere(command).action(
    action(async (context, _positional, rawOptions) => {
      const { out, n, explore, ...serving } = parseOptions(optionsSchema, rawOptions);
      const { json, threads, onProgress, signal, seed, log } = context;
      const serves = explore ?? (process.stdout.isTTY === true && !json);
      if (serves) (await import('../../server/index.node.ts')).requireBuiltPage();
      const { runDemo } = await import('../../workflows/index.node.ts');
      const { exhibits, ...made } = await runDemo({
        ...{ out, threads, log, onProgress, signal },
        ...(n === undefined ? {} : { objects: n }),
        ...(seed === null ? {} : { seed }),
      });
      const lines = [
        ...scoreLines(made.runs),
        `${made.figures.length} figures, and the page that shows them:`,
        `file://${resolve(made.page)}`,
      ];
      const command = `lightfold explore ${quoted(out)}`;
      if (!serves) return { json: { ...made, explore: command }, lines: [...lines, `to walk through it: ${command}`] };
      const served = await servedOutcome(exhibits, { ...serving, signal }, context);
      return { ...served, json: { ...made, explore: command, ...served.json }, lines: [...lines, ...served.lines] };
    }),
  );
}
