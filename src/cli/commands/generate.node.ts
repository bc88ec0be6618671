import { Command } from 'commander';
import { z } from 'zod';
import { row } from '../../base/index.ts';
import type { OpenRun } from '../../inference/index.ts';
import type { WrittenGenerated } from '../../workflows/index.node.ts';
import { action, everywhere, type Outcome, parseOptions, wholeNumber } from '../context.node.ts';
import { outputFile } from '../outputs.node.ts';
import { labelValues, latentPoint, sweepOption } from '../parts.ts';

const optionsSchema = z.object({
  labels: labelValues.optional(),
  latent: latentPoint.optional(),
  sweep: sweepOption.optional(),
  samples: wholeNumber('--samples', 1).optional(),
  out: outputFile('--out'),
  format: z.string().default('svg'),
});

/** `lightfold generate RUN --labels NAME=V,… --sweep NAME=LO:HI:N --out F`. */
export function generateCommand(): Command {
  const command = new Command('generate')
    .description(
      'spectra that a model makes of given labels or latents, with error bands and the labels that go with them',
    )
    .argument('<run>', 'a run folder; for labels that of a GPLVM trained on a dataset with labels')
    .option('--labels <name=v,…>', 'labels held fixed; those not named are free')
    .option('--latent <v1,v2,…>', 'a point of latent space in place of labels')
    .option('--sweep <name=lo:hi:n>', 'n spectra as one label goes from lo to hi, or one latent (z1, z2, …)')
    .option('--samples <n>', 'draw n spectra besides the mean, from what the labels leave open')
    .requiredOption(
      '--out <file>',
      'arrays (.npz) or a long table (.csv, .parquet, .arrow, .fits); a figure stands beside it',
    )
    .option('--format <name>', 'of the figure: svg, png or pdf', 'svg')
    .addHelpText(
      'after',
      '\nExamples:\n  lightfold generate out/r --sweep log_mbh=8.5:10:5 --out masses.npz' +
        '\n  lightfold generate out/r --labels log_lbol=47,redshift=2 --samples 20 --out one.npz' +
        '\n  lightfold generate out/vae6 --latent 0,0,0,0,0,0 --sweep z1=-2:2:5 --out latent.npz',
    );
  return everywhere(command).action(
    action(async ({ threads, seed, onProgress, signal, log }, [path], rawOptions) => {
      const { format, ...asked } = parseOptions(optionsSchema, rawOptions);
      const { figureFormat } = await import('../../plots/index.node.ts');
      const { openRun } = await import('../../inference/index.node.ts');
      const { writeGenerated } = await import('../../workflows/index.node.ts');
      const figure = figureFormat(format);
      const run = await openRun(String(path), { threads });
      const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
      const generated = await writeGenerated(run, {
        ...given,
        out: asked.out,
        format: figure,
        ...(seed === null ? {} : { seed }),
        onProgress,
        signal,
      });
      for (const warning of generated.warnings) log(warning);
      return outcomeOf(run, generated, asked.out);
    }),
  );
}

function outcomeOf(run: OpenRun, generated: WrittenGenerated, out: string): Outcome {
  const { swept, latent, labels, samples, warnings, figure, spectra } = generated;
  const points = Array.from({ length: spectra.mean.rows }, (_, n) => ({
    ...(swept === null ? {} : { swept: swept.values[n] }),
    labels: Object.fromEntries(
      labels === null
        ? []
        : run.labels.map((name, k) => [
            name,
            { value: row(labels.mean, n)[k], sd: Math.sqrt(row(labels.variance, n)[k]) },
          ]),
    ),
    latent: Array.from(row(latent.mean, n)),
  }));
  const lines = points.map(({ labels: own }) =>
    Object.entries(own)
      .map(([name, { value, sd }]) => `${name} ${value.toFixed(3)} ± ${sd.toFixed(3)}`)
      .join('  '),
  );
  return {
    json: {
      spectra: points.length,
      swept: swept?.name ?? null,
      samples: samples?.each ?? 0,
      points,
      warnings,
      path: out,
      figure,
    },
    lines: [`${points.length} spectra${swept === null ? '' : ` along ${swept.name}`}`, ...lines, `${out}, ${figure}`],
  };
}
