/** Reads a folder of FITS spectra, fits an InfoVAE and encodes: `npx tsx examples/fit-folder.ts FOLDER RUN`. */
import { fit, importSpectra, latentTable, openRun } from '../src/index.ts';

const [folder, out] = process.argv.slice(2);
const { dataset, skipped } = await importSpectra([folder], { preset: 'galaxies' });
console.log(`${dataset.flux.rows} spectra, ${skipped.length} skipped`);
await fit('vae', dataset, { out, latents: 2 });
const run = await openRun(out);
const { mean, covariance } = await run.encode(dataset.flux, dataset.ivar);
console.log(`first latent of the first spectrum: ${mean.data[0]} ± ${Math.sqrt(covariance.data[0])}`);
console.log((await latentTable(run, dataset)).names.join(', '));
