import { Command } from 'commander';
import { z } from 'zod';
import { row } from '../../base/index.ts';
import { action, everywhere, parseOptions, wholeNumber } from '../context.node.ts';
import { openRunsAndDataset } from '../opened.node.ts';
import { outputFile } from '../outputs.node.ts';

const optionsSchema = z
  .object({
    class: z
      .string()
      .transform((text) => text.split(',').map((name) => name.trim()))
      .optional(),
    along: z.string().default('1'),
    bins: wholeNumber('--bins', 1).default(5),
    range: z
      .string()
      .transform((text, context) => {
        const [low, high, ...more] = text.split(':').map(Number);
        if (low < high && more.length === 0) return [low, high] as const;
        context.addIssue(`--range takes LO:HI with LO below HI, not ${text}`);
        return z.NEVER;
      })
      .optional(),
    alone: z.boolean().default(false),
    name: z
      .string()
      .regex(/^\p{L}{1,8}$/u, '--name takes a letter or a short word')
      .default('T'),
    out: outputFile('--out'),
    format: z.string().default('svg'),
  })
  .refine(({ alone, class: classes }) => !(alone && classes !== undefined), {
    error: '--class has no meaning with --alone, which follows no objects; leave one of them out',
  });

/** `lightfold tracks RUN DATASET --class C[,C] --along K --bins N --out F`. */
export function tracksCommand(): Command {
  const command = new Command('tracks')
    .description('synthetic spectra along a path through latent space that follows the objects')
    .argument('<run>', 'a run folder')
    .argument('<dataset>', 'a dataset folder')
    .option('--class <names>', 'classes to follow, separated by commas (default: all objects)')
    .option('--along <direction>', 'axis of falling variance (of NMF: a latent), or a sum of such as 1-0.5*5', '1')
    .option('--bins <n>', 'points of the track', '5')
    .option('--range <lo:hi>', 'reach along the direction (default: the central 98% of the objects)')
    .option('--alone', 'change this direction alone, through the centroid of all objects')
    .option('--name <letter>', 'first letter of the points’ names', 'T')
    .requiredOption(
      '--out <file>',
      'centroids and spectra: .npz arrays or a long table (.csv, .parquet, .arrow, .fits); a figure stands beside it',
    )
    .option('--format <name>', 'of the figure: svg, png or pdf', 'svg')
    .addHelpText(
      'after',
      '\nExample:\n  lightfold tracks out/vae6 out/galaxies --class quiescent,emission-line --along 1 --name S --out star-formation.npz',
    );
  return everywhere(command).action(
    action(async ({ threads, onProgress, signal }, [run, path], rawOptions) => {
      const { class: classes, format, ...asked } = parseOptions(optionsSchema, rawOptions);
      const { figureFormat } = await import('../../plots/index.node.ts');
      const { writeTrack } = await import('../../workflows/index.node.ts');
      const options = { ...asked, classes, format: figureFormat(format), onProgress, signal };
      const { runs, dataset } = await openRunsAndDataset([String(run), String(path)], threads);
      const track = await writeTrack(runs[0], dataset, options);
      const points = track.points.map(({ name, objects, low, high, position }, index) => ({
        name,
        objects,
        low,
        high,
        position: Array.from(position),
        latent: Array.from(row(track.latents, index)),
      }));
      return {
        json: { along: track.alongLabel, classes: track.followed, points, path: asked.out, figure: track.figure },
        lines: [
          track.title,
          ...points.map(
            ({ name, objects, low, high }) => `${name}  ${low.toFixed(2)} to ${high.toFixed(2)}  ${objects ?? ''}`,
          ),
          `${asked.out}, ${track.figure}`,
        ],
      };
    }),
  );
}
