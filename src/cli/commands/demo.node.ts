import { resolve } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { action, everywhere, parseOptions, wholeNumber } from '../context.node.ts';
import { outputFolder } from '../outputs.node.ts';
import { scoreLines } from '../score-lines.ts';

const optionsSchema = z.object({ out: outputFolder('--out'), n: wholeNumber('--n', 200).optional() });

/** `lightfold demo`. */
export function demoCommand(): Command {
  const command = new Command('demo')
    .description('simulate galaxies, train PCA and an InfoVAE, evaluate, draw, and show it all on one page')
    .option('--out <dir>', 'folder for the dataset, the runs, the figures and the page', 'out/demo')
    .option('--n <objects>', 'galaxies to simulate (default: 4000)')
    .addHelpText('after', '\nExample:\n  lightfold demo --out out/demo');
  return everywhere(command).action(
    action(async ({ threads, onProgress, signal, seed, log }, _positional, rawOptions) => {
      const { out, n } = parseOptions(optionsSchema, rawOptions);
      const { runDemo } = await import('../../workflows/index.node.ts');
      const { dataset, runs, figures, page } = await runDemo({
        out,
        threads,
        log,
        onProgress,
        signal,
        ...(n === undefined ? {} : { objects: n }),
        ...(seed === null ? {} : { seed }),
      });
      return {
        json: { dataset, runs, figures, page },
        lines: [
          ...scoreLines(runs),
          `${figures.length} figures, and the page that shows them:`,
          `file://${resolve(page)}`,
        ],
      };
    }),
  );
}
