import { createHash } from 'node:crypto';
import type { Dataset } from '../dataset/index.ts';

/**
 * The checksum that names a dataset in run.json and keeps a checkpoint from being resumed with other data: the one
 * its folder carries, which `lightfold info` shows. A dataset that was never on disk has none, and gets a SHA-256
 * over everything that a fit depends on: grid, flux, ivar, identifiers and splits.
 */
export function datasetChecksum({ wavelength, flux, ivar, catalogue, manifest }: Dataset): string {
  if (manifest.checksum !== undefined) return manifest.checksum;
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of [wavelength, flux.data, ivar.data]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  hash.update(catalogue.id.join('\n'));
  hash.update(catalogue.split.join('\n'));
  return hash.digest('hex');
}
