import { existsSync } from 'node:fs';
import { loadDataset } from '../../src/dataset/index.node.ts';
import { fit } from '../../src/training/index.node.ts';
import { openExhibits } from '../../src/workflows/explore.node.ts';
import { simulateSurvey } from '../../src/workflows/index.node.ts';
import { benchData } from '../data.ts';

/** As many as the VAE paper has. */
const GALAXIES = 50_000;
const QUASARS = 2000;
/** The explorer's time does not depend on how good a model is, so a few passes do. */
const FEW = { vae: { maxEpochs: 2 }, gplvm: { inducing: 120, epochs: 2 } };

/**
 * Galaxies of 1,000 pixels with vae(6), as the exhibit `page-galaxies`, and quasars of 594 pixels with a shared GPLVM of 120
 * inducing points and 10 latents, as `page-quasars`; made once, which takes some minutes.
 */
export async function explorerExhibits(threads: number) {
  const galaxies = benchData('page-galaxies');
  const quasars = benchData('page-quasars');
  const runs = [benchData('page-vae'), benchData('page-gplvm')];
  if (!existsSync(galaxies)) await simulateSurvey({ kind: 'galaxies', objects: GALAXIES, seed: 5, out: galaxies });
  if (!existsSync(quasars)) await simulateSurvey({ kind: 'quasars', objects: QUASARS, seed: 3, out: quasars });
  await fitOnce('vae', galaxies, { out: runs[0], latents: 6, settings: FEW.vae, threads });
  await fitOnce('shared-gplvm', quasars, { out: runs[1], latents: 10, settings: FEW.gplvm, threads });
  return openExhibits({ runs, threads });
}

async function fitOnce(
  model: string,
  dataset: string,
  options: Pick<Parameters<typeof fit>[2], 'out' | 'latents' | 'settings' | 'threads'>,
): Promise<void> {
  if (existsSync(`${options.out}/run.json`)) return;
  await fit(model, await loadDataset(dataset), { ...options, seed: 1, datasetPath: dataset });
}
