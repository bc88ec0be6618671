/**
 * A small survey with its runs, for all tests of the page. Training takes longer than most of the tests, so it is done once:
 * what was made lies in node_modules/.cache under a name that follows from the sources, and each test file takes a copy.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadDataset, saveDataset } from '../../src/dataset/index.node.ts';
import { simulateGalaxies, simulateQuasars } from '../../src/simulation/index.ts';
import { logGrid } from '../../src/spectra/index.ts';
import { fit } from '../../src/training/index.node.ts';
import { openExhibits } from '../../src/workflows/explore.node.ts';

const CACHE = join('node_modules', '.cache', 'lightfold-surveys');

/** Copies into a folder `galaxies` with the runs `pca` and `vae`, and `quasars` with `gplvm`. */
export async function copySurveys(folder: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const made = join(CACHE, keyOfSources());
  await once(made, makeSurveys);
  cpSync(made, folder, { recursive: true });
}

export const GALAXIES = 300;

async function makeSurveys(folder: string): Promise<void> {
  const path = (name: string) => join(folder, name);
  const galaxies = simulateGalaxies({ objects: GALAXIES, seed: 3, grid: logGrid(3600, 7000, 150) }).dataset;
  await saveDataset(path('galaxies'), galaxies);
  const quasars = simulateQuasars({ objects: 160, seed: 4, grid: logGrid(1250, 4900, 100) }).dataset;
  await saveDataset(path('quasars'), quasars);
  const fits = [
    ['pca', 'pca', 'galaxies', 4, {}],
    ['vae', 'vae', 'galaxies', 4, { maxEpochs: 12 }],
    ['shared-gplvm', 'gplvm', 'quasars', 3, { inducing: 16, epochs: 4, batch: 32 }],
  ] as const;
  for (const [model, run, dataset, latents, settings] of fits) {
    const options = { out: path(run), latents, settings, seed: 1, datasetPath: path(dataset) };
    await fit(model, await loadDataset(path(dataset)), options);
  }
  // What is worked out of runs before they are shown stays beside them.
  await openExhibits({ runs: fits.map(([, run]) => path(run)) });
}

/** Of all that decides what is made: nothing that is kept outlives a change of the sources. */
function keyOfSources(): string {
  const hash = createHash('sha256');
  const sources = readdirSync('src', { recursive: true })
    .map((name) => join('src', String(name)))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .sort();
  for (const file of ['package-lock.json', fileURLToPath(import.meta.url), ...sources]) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** Milliseconds between looks at whether another process has finished. */
const WAIT = 100;

/** Makes a folder unless it is there. Of processes that ask at the same time one makes it, and the others wait for it. */
async function once(folder: string, make: (into: string) => Promise<void>): Promise<void> {
  const lock = `${folder}.lock`;
  while (!existsSync(folder)) {
    if (!locked(lock)) {
      await new Promise((resolve) => setTimeout(resolve, WAIT));
      continue;
    }
    const into = `${folder}.making-${process.pid}`;
    try {
      if (!existsSync(folder)) await make(into);
      // Whole or not at all: whoever sees the folder may copy it.
      if (existsSync(into)) renameSync(into, folder);
    } finally {
      rmSync(into, { recursive: true, force: true });
      rmSync(lock, { force: true });
    }
  }
}

/** Whether this process has the lock now. A lock whose process is no more is taken away. */
function locked(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isHeld(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isHeld(lock: string): boolean {
  try {
    // An empty lock is being written.
    const holder = readFileSync(lock, 'utf8');
    return holder === '' || process.kill(Number(holder), 0);
  } catch {
    return false;
  }
}
