import { Command } from 'commander';
import { z } from 'zod';
import { UserError } from '../../base/index.ts';
import { action, everywhere, parseOptions, wholeNumber } from '../context.node.ts';
import { openRunsAndDataset } from '../opened.node.ts';
import { outputFile } from '../outputs.node.ts';

const optionsSchema = z.object({
  out: outputFile('--out'),
  id: z.array(z.string()).optional(),
  count: wholeNumber('--count', 1).default(1),
  snr: z.string().default('5:80:9').transform(parseSnr),
  realisations: wholeNumber('--realisations', 2).default(100),
  around: z.string().optional(),
  format: z.string().default('svg'),
});

/** `lightfold noise RUN DATASET --out TABLE`. */
export function noiseCommand(): Command {
  const command = new Command('noise')
    .description('how latents answer to noise: variance of their means against the variance reported, and bias')
    .argument('<run>', 'a run folder')
    .argument('<dataset>', 'a dataset folder')
    .requiredOption('--out <file>', 'table to write (.csv, .parquet, .arrow, .npz, .fits); a figure stands beside it')
    .option('--id <id...>', 'objects to draw noise about')
    .option('--count <n>', 'or this many of the validation split', '1')
    .option('--snr <lo:hi:n>', 'median signal-to-noise ratios, evenly spaced in their logarithm', '5:80:9')
    .option('--realisations <n>', 'draws of the noise at each', '100')
    .option('--around <what>', 'truth, reconstruction or spectrum (default: the truth where it is known)')
    .option('--format <name>', 'of the figure: svg, png or pdf', 'svg')
    .addHelpText(
      'after',
      '\nExample:\n  lightfold noise out/vae6 out/galaxies --count 20 --snr 5:80:9 --out noise.csv',
    );
  return everywhere(command).action(
    action(async ({ threads, seed, onProgress, signal }, [run, path], rawOptions) => {
      const { out, id, around, format, ...asked } = parseOptions(optionsSchema, rawOptions);
      const { NOISE_FREE } = await import('../../analysis/index.ts');
      const { figureFormat } = await import('../../plots/index.node.ts');
      const { writeNoise } = await import('../../workflows/index.node.ts');
      const aroundSchema = z.enum(NOISE_FREE, { error: `--around takes ${NOISE_FREE.join(', ')}` });
      const noiseFree = around === undefined ? {} : { noiseFree: parseOptions(aroundSchema, around) };
      const { runs, dataset } = await openRunsAndDataset([String(run), String(path)], threads);
      const { data, table, figure } = await writeNoise(runs[0], dataset, {
        ...asked,
        ...{ out, format: figureFormat(format), onProgress, signal },
        ...(id === undefined ? {} : { ids: id }),
        ...noiseFree,
        ...(seed === null ? {} : { seed }),
      });
      const { objects, realisations, snr, curves } = data;
      const used = curves.filter(({ inUse }) => inUse);
      const rows = snr.map((ratio, at) => {
        const medians = (of: 'varianceRatio' | 'expectedRatio' | 'bias') =>
          used.map((curve) => curve[of][at].median.toFixed(2).padStart(6)).join(' ');
        return `${ratio.toFixed(1).padStart(6)}  ${medians('varianceRatio')}   |  ${medians('expectedRatio')}   |  ${medians('bias')}`;
      });
      return {
        json: { objects, realisations, snr, latents: curves, rows: table.rows, path: out, figure },
        lines: [
          `${objects} noise-free spectra, ${realisations} draws each, ${used.length} latents in use (medians)`,
          '   S/N  variance of means / reported  |  the same as it must be, given the prior  |  |bias| / reported sd',
          ...rows,
          `${out}, ${figure}`,
        ],
      };
    }),
  );
}

function parseSnr(text: string): number[] {
  const [low, high, count] = text.split(':').map(Number);
  const right = text.split(':').length === 3 && low > 0 && high > low && Number.isInteger(count) && count >= 2;
  if (!right || !Number.isFinite(high)) {
    throw new UserError(`--snr ${text} is not LO:HI:N, such as 5:80:9, with 0 < LO < HI and at least 2 ratios`);
  }
  return Array.from({ length: count }, (_, k) => Number((low * (high / low) ** (k / (count - 1))).toPrecision(6)));
}
