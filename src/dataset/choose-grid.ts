import { UserError } from '../base/index.ts';
import { type Normalisation, PRESETS, type PresetName, presetGrid } from '../spectra/index.ts';
import { isQuasar } from './classes.ts';

/** What the user asked for; what is left out is chosen. */
export interface GridRequest {
  readonly preset?: PresetName | undefined;
  /** Rest-frame vacuum ångström, strictly increasing. */
  readonly grid?: Float64Array | undefined;
  readonly normalise?: Normalisation | undefined;
}

/** The grid and normalisation of a dataset, and how they came to be chosen. */
export interface GridChoice {
  readonly grid: Float64Array;
  readonly normalisation: Normalisation;
  readonly preset: PresetName | null;
  /** Least share of the grid that must be observed; null = the room `spectra` decides. */
  readonly minimumObserved: number | null;
  /** A sentence for the manifest. */
  readonly reason: string;
}

/** The grid of a request that names one, by preset or outright; null when it has to be chosen from the data. */
export function requestedGrid({ preset, grid, normalise }: GridRequest): GridChoice | null {
  if (preset === undefined && grid === undefined) return null;
  const base = preset === undefined ? null : PRESETS[preset];
  return {
    grid: grid ?? presetGrid(preset ?? 'galaxies'),
    normalisation: normalise ?? base?.normalisation ?? { kind: 'flux' },
    // A preset whose grid is replaced is no longer that preset.
    preset: grid === undefined && preset !== undefined ? preset : null,
    minimumObserved: null,
    reason: grid === undefined ? `preset ${preset}, as asked` : 'grid as asked',
  };
}

/** The preset that suits most of the objects whose class is known: `quasars` when more than half are QSO, else `galaxies`. */
export function presetFor(classes: readonly (string | null)[], normalise: Normalisation | undefined): GridChoice {
  const known = classes.filter((name) => name !== null);
  const quasars = known.filter(isQuasar).length;
  const preset = 2 * quasars > known.length ? 'quasars' : 'galaxies';
  const grid = presetGrid(preset);
  return {
    grid,
    normalisation: normalise ?? PRESETS[preset].normalisation,
    preset,
    minimumObserved: null,
    reason: `preset ${preset} (${Math.round(grid[0])}–${Math.round(grid[grid.length - 1])} Å): ${census(classes)}; choose another with --preset ${preset === 'quasars' ? 'galaxies' : 'quasars'} or --grid LO:HI:N --normalise HOW`,
  };
}

/** `of 18 objects looked at, 10 are GALAXY, 4 QSO, 4 of unknown class`. */
function census(classes: readonly (string | null)[]): string {
  const counts = new Map<string, number>();
  for (const name of classes) {
    const key = name?.trim().toUpperCase() || 'of unknown class';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const parts = [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => `${count} ${name}`);
  return `of ${classes.length} objects looked at, ${parts.join(', ') || 'none could be read'}`;
}

/** The grid that spectra share already, kept as it is and, unless asked, with their fluxes as they are. */
export function ownGrid(grids: readonly Float64Array[], normalise: Normalisation | undefined): GridChoice {
  const first = grids[0];
  const differs = grids.some((grid) => grid.length !== first.length || grid.some((value, i) => value !== first[i]));
  if (differs) {
    throw new UserError(
      'the files have different wavelength grids; bring them to one with --preset galaxies, --preset quasars or --grid LO:HI:N',
    );
  }
  return {
    grid: first,
    normalisation: normalise ?? { kind: 'none' },
    preset: null,
    minimumObserved: 0,
    reason: 'the grid of the files, kept',
  };
}
