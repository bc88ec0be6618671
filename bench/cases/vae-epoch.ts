import { rmSync } from 'node:fs';
import { loadDataset } from '../../src/dataset/index.node.ts';
import type { Split } from '../../src/dataset/index.ts';
import { fit } from '../../src/training/index.node.ts';
import { simulateSurvey } from '../../src/workflows/index.node.ts';
import { benchData } from '../data.ts';
import { type Benchmark, comparison, numberFrom } from '../measure.ts';
import { runPeer } from '../peers.ts';

const EPOCHS = 4;

/** Whole epochs of training on simulated galaxies; both sides gather shuffled minibatches of 64 from memory. */
export const vaeEpochBenchmark: Benchmark = {
  name: 'vae-epoch',
  title: 'InfoVAE epoch on 8,000 simulated galaxies, our validation and checkpoint included, the peer’s not',
  async run(threads) {
    const path = benchData('galaxies-8000');
    await simulateSurvey({ kind: 'galaxies', objects: 8000, seed: 1, out: path, overwrite: true });
    const dataset = await loadDataset(path);
    const split = dataset.catalogue.split.map((_, n): Split => (n < 64 ? 'valid' : 'train'));
    const allTrained = { ...dataset, catalogue: { ...dataset.catalogue, split } };
    const eager = runPeer('vae_epoch.py', path, threads, EPOCHS, 'eager');
    const out = benchData('vae-epoch');
    rmSync(out, { recursive: true, force: true });
    const run = await fit('vae', allTrained, { out, latents: 6, settings: { maxEpochs: EPOCHS }, threads });
    const compiled = runPeer('vae_epoch.py', path, threads, EPOCHS, 'compile');
    const { seconds, epochs } = run.description.training;
    return [eager, compiled].map((peer) =>
      comparison(seconds / epochs, numberFrom(peer, 'secondsPerEpoch'), 's', String(peer.library)),
    );
  },
};
