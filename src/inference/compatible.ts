import { UserError } from '../base/index.ts';
import type { Dataset } from '../dataset/index.ts';
import type { Run } from '../runs/index.ts';

/** Grids are the same when no pixel's centre differs by more than this share: far below any pixel's width. */
const GRID_TOLERANCE = 1e-6;

/** @throws UserError naming what differs between a run and a dataset, grid or normalisation */
export function requireCompatible(
  { path, description, wavelength: own }: Pick<Run, 'path' | 'description' | 'wavelength'>,
  { wavelength, manifest }: Pick<Dataset, 'wavelength' | 'manifest'>,
): void {
  const range = (grid: Float64Array) =>
    `${grid.length} pixels from ${grid[0].toFixed(1)} to ${grid[grid.length - 1].toFixed(1)} Å`;
  const same =
    own.length === wavelength.length && own.every((w, p) => Math.abs(w / wavelength[p] - 1) < GRID_TOLERANCE);
  if (!same) {
    throw new UserError(
      `${path} was trained on a grid of ${range(own)} and this dataset has ${range(wavelength)}; import the spectra again on the run's grid.`,
    );
  }
  const { normalisation } = description.dataset;
  if (normalisation !== manifest.normalisation) {
    throw new UserError(
      `${path} was trained on spectra normalised by "${normalisation}" and this dataset is normalised by "${manifest.normalisation}"; import the spectra again with the run's normalisation.`,
    );
  }
}
