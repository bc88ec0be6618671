import { logGrid } from './grid.ts';
import type { Normalisation } from './normalisation.ts';

/** A grid and a normalisation that belong together. */
export interface Preset {
  /** Å, rest frame, vacuum; centre of the first pixel. */
  readonly low: number;
  /** Å, centre of the last pixel. */
  readonly high: number;
  readonly pixels: number;
  readonly normalisation: Normalisation;
  /** The paper that uses it. */
  readonly source: string;
}

export type PresetName = 'galaxies' | 'quasars';

/** The two papers' preprocessing; `presetGrid` gives the wavelengths. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  galaxies: {
    low: 3388,
    high: 8318,
    pixels: 1000,
    normalisation: { kind: 'flux' },
    source: 'Portillo et al. 2020, section 3',
  },
  quasars: {
    low: 1220,
    high: 5000,
    pixels: 594,
    normalisation: { kind: 'at', wavelength: 2500 },
    source: 'Lalchand & Eilers 2025',
  },
};

/** The wavelengths of a preset, in Å: a fresh array for every caller. */
export function presetGrid(name: PresetName): Float64Array {
  const preset = PRESETS[name];
  return logGrid(preset.low, preset.high, preset.pixels);
}
