import { writeFileSync } from 'node:fs';
import { loadDataset } from '../../src/dataset/index.node.ts';

/** A galaxy of a dataset as a reader would have it: wavelength (observed), flux and error in columns of a CSV file. */
export async function galaxyAsCsv(dataset: string, file: string): Promise<string> {
  const { wavelength, flux, ivar, catalogue } = await loadDataset(dataset);
  const row = 7;
  const stretch = 1 + (catalogue.redshift[row] ?? 0);
  const lines = Array.from(wavelength, (value, p) => {
    const at = row * wavelength.length + p;
    return ivar.data[at] > 0 ? `${value * stretch},${flux.data[at]},${1 / Math.sqrt(ivar.data[at])}` : null;
  });
  writeFileSync(file, `wavelength,flux,error\n${lines.filter((line) => line !== null).join('\n')}\n`);
  return file;
}
