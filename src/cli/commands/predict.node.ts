import { Command } from 'commander';
import { z } from 'zod';
import type { HiddenPixelScore } from '../../analysis/index.ts';
import { action, everywhere, parseOptions } from '../context.node.ts';
import { openRunsAndDataset } from '../opened.node.ts';
import { outputFile } from '../outputs.node.ts';
import { fromOption, windowsOption } from '../parts.ts';

const optionsSchema = z.object({
  from: fromOption,
  to: z.enum(['labels', 'spectra'], { error: '--to takes labels or spectra' }).default('labels'),
  windows: windowsOption.optional(),
  split: z.enum(['test', 'valid', 'train', 'all'], { error: '--split takes test, valid, train or all' }).default('all'),
  out: outputFile('--out'),
});

/** `lightfold predict RUN DATASET --from spectra --to labels --out F`. */
export function predictCommand(): Command {
  const command = new Command('predict')
    .description('labels or whole spectra of every object with standard deviations, from its spectrum, labels or both')
    .argument('<run>', 'a run folder (for labels: vae or ae with --set labels=true, or a GPLVM)')
    .argument('<dataset>', 'a dataset folder')
    .option('--from <what>', 'what is known of each object: spectra, labels or both', 'spectra')
    .option('--to <what>', 'what is predicted: labels, or spectra as reconstruct writes them', 'labels')
    .option('--windows <lo:hi,…>', 'only these stretches of each spectrum are known (rest-frame vacuum Å)')
    .option('--split <name>', 'which objects: test, valid, train or all', 'all')
    .requiredOption('--out <file>', 'table to write (.csv, .parquet, .arrow, .npz, .fits); .npz for spectra')
    .addHelpText(
      'after',
      '\nExamples:\n  lightfold predict out/r out/quasars --from spectra --to labels --out labels.csv' +
        '\n  lightfold predict out/r out/quasars --to spectra --windows 1450:1600,1850:1950,2700:2900 --out rest.npz',
    );
  return everywhere(command).action(
    action(async ({ threads, onProgress, signal, log }, [run, path], rawOptions) => {
      const options = parseOptions(optionsSchema, rawOptions);
      const { writePrediction } = await import('../../workflows/index.node.ts');
      const { runs, dataset } = await openRunsAndDataset([String(run), String(path)], threads);
      const { from, to, split, out, windows } = options;
      const { objects, unknown, hidden } = await writePrediction(runs[0], dataset, {
        ...{ from, to, split, out, onProgress, signal },
        ...(windows === undefined ? {} : { windows }),
      });
      if (unknown > 0) log(`nothing is known of ${unknown} objects: they get what the model expects of any object`);
      const labels = to === 'labels' ? runs[0].labels : [];
      const scores = hidden === null ? {} : { hidden };
      return {
        json: { objects, from, to, labels, ...(windows === undefined ? {} : { windows }), ...scores, path: out },
        lines: [
          `${to === 'labels' ? labels.join(', ') : 'spectra'} of ${objects} objects from ${from}: ${out}`,
          ...(hidden === null ? [] : hiddenLines(hidden)),
        ],
      };
    }),
  );
}

function hiddenLines(hidden: HiddenPixelScore): string[] {
  const share = (value: number) => `${(100 * value).toFixed(1)}%`;
  const { pixels, predictiveChi2PerPixel, coverage68, coverage95, coverageTruth68, coverageTruth95 } = hidden;
  const observed = `${pixels} pixels that were hidden: χ²/pixel ${predictiveChi2PerPixel.toFixed(3)} with the predicted variance, ${share(coverage68)} within 68%, ${share(coverage95)} within 95% intervals`;
  return [
    ...(pixels > 0 ? [observed] : []),
    ...(coverageTruth68 === undefined || coverageTruth95 === undefined
      ? []
      : [
          `noise-free flux of hidden pixels: ${share(coverageTruth68)} within 68%, ${share(coverageTruth95)} within 95%`,
        ]),
  ];
}
