import { createHash } from 'node:crypto';
import type { Dataset } from '../dataset/index.ts';

/**
 * SHA-256 over everything in a dataset that a fit depends on: grid, flux, ivar, identifiers and splits. Stands in
 * run.json, and keeps a checkpoint from being resumed with other data.
 */
export function datasetChecksum({ wavelength, flux, ivar, catalogue }: Dataset): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of [wavelength, flux.data, ivar.data]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  hash.update(catalogue.id.join('\n'));
  hash.update(catalogue.split.join('\n'));
  return hash.digest('hex');
}
