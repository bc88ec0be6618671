import { existsSync, readdirSync } from 'node:fs';
import { importSpectra } from '../../src/dataset/index.node.ts';
import { simulateSurvey } from '../../src/workflows/index.node.ts';
import { benchData } from '../data.ts';
import { type Benchmark, comparison, median, numberFrom } from '../measure.ts';
import { runPeer } from '../peers.ts';

const FILES = 300;

/** Files to a dataset in memory: read, mask, rest frame, resample, normalise. */
export const readFilesBenchmark: Benchmark = {
  name: 'read-files',
  title: `importing ${FILES} SDSS spec-lite files from the page cache (peer: no label, class or checksum work)`,
  async run() {
    const folder = benchData('spec-lite');
    if (!existsSync(folder) || readdirSync(folder).length < FILES) {
      const out = benchData('spec-lite-dataset');
      await simulateSurvey({ kind: 'galaxies', objects: FILES, seed: 4, out, fits: folder, overwrite: true });
    }
    const rates: number[] = [];
    for (let i = 0; i < 5; i++) {
      const start = performance.now();
      const { dataset } = await importSpectra([folder], { preset: 'galaxies' });
      rates.push((1000 * dataset.flux.rows) / (performance.now() - start));
    }
    const peer = runPeer('read_files.py', folder, 3388, 8318, 1000);
    const ours = median(rates);
    return [
      `lightfold ${ours.toFixed(0)} files/s (bar: 300)`,
      comparison(1000 / ours, 1000 / numberFrom(peer, 'filesPerSecond'), 'ms a file', String(peer.library)),
      comparison(1000 / ours, 1000 / numberFrom(peer, 'readOnlyFilesPerSecond'), 'ms a file', 'astropy reading alone'),
    ];
  },
};
