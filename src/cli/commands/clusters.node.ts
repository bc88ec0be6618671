import { Command } from 'commander';
import { z } from 'zod';
import { UserError } from '../../base/index.ts';
import { action, everywhere, parseOptions, wholeNumber } from '../context.node.ts';
import { openRunsAndDataset } from '../opened.node.ts';
import { outputFile } from '../outputs.node.ts';

const optionsSchema = z.object({
  out: outputFile('--out'),
  method: z.enum(['kmeans', 'hdbscan'], { error: '--method takes kmeans or hdbscan' }).default('hdbscan'),
  k: wholeNumber('--k', 1).optional(),
  minClusterSize: wholeNumber('--min-cluster-size', 2).optional(),
  minSamples: wholeNumber('--min-samples', 2).optional(),
  format: z.string().default('svg'),
});

/** `lightfold clusters RUN DATASET --method kmeans|hdbscan --out TABLE`. */
export function clustersCommand(): Command {
  const command = new Command('clusters')
    .description('groups of objects in latent space')
    .argument('<run>', 'a run folder')
    .argument('<dataset>', 'a dataset folder')
    .requiredOption('--out <file>', 'table to write (.csv, .parquet, .arrow, .npz, .fits); a figure stands beside it')
    .option('--method <name>', 'hdbscan (clusters of any shape, and noise) or kmeans', 'hdbscan')
    .option('--k <clusters>', 'kmeans: how many (default: by the best silhouette, 2 to 10)')
    .option('--min-cluster-size <n>', 'hdbscan: fewer are not a cluster (default: 1% of the objects, at least 10)')
    .option('--min-samples <n>', 'hdbscan: larger calls more objects noise (default: 10)')
    .option('--format <name>', 'of the figure: svg, png or pdf', 'svg')
    .addHelpText(
      'after',
      '\nExample:\n  lightfold clusters out/vae6 out/galaxies --method kmeans --k 4 --out clusters.csv',
    );
  return everywhere(command).action(
    action(async ({ threads, seed, onProgress, signal }, [run, path], rawOptions) => {
      const { out, method, k, minClusterSize, minSamples, format } = parseOptions(optionsSchema, rawOptions);
      if (method === 'kmeans' && (minClusterSize ?? minSamples) !== undefined) {
        throw new UserError('--min-cluster-size and --min-samples belong to --method hdbscan.');
      }
      if (method === 'hdbscan' && k !== undefined) throw new UserError('--k belongs to --method kmeans.');
      const { figureFormat } = await import('../../plots/index.node.ts');
      const { writeClusters } = await import('../../workflows/index.node.ts');
      const written = figureFormat(format);
      const { runs, dataset } = await openRunsAndDataset([String(run), String(path)], threads);
      const { found, figure } = await writeClusters(runs[0], dataset, {
        ...{ out, method, format: written, onProgress, signal },
        ...(k === undefined ? {} : { k }),
        ...(minClusterSize === undefined ? {} : { minimumClusterSize: minClusterSize }),
        ...(minSamples === undefined ? {} : { minimumSamples: minSamples }),
        ...(seed === null ? {} : { seed }),
      });
      const { summaries, noise, silhouette } = found;
      const objects = dataset.flux.rows;
      const inWords = (classes: Readonly<Record<string, number>>) =>
        Object.entries(classes)
          .map(([name, count]) => `${count} ${name}`)
          .join(', ');
      return {
        json: { objects, method, clusters: summaries, noise, silhouette, path: out, figure },
        lines: [
          ...summaries.map(({ cluster, size, classes }) => `cluster ${cluster}: ${size} objects (${inWords(classes)})`),
          `in no cluster: ${noise}`,
          ...(silhouette === null ? [] : [`mean silhouette ${silhouette.toFixed(3)}`]),
          `${out}, ${figure}`,
        ],
      };
    }),
  );
}
