import * as Plot from '@observablehq/plot';
import { channels } from './raster.ts';

/*
 * Colours for numbers: viridis (van der Walt & Smith 2015), even to the eye and safe for the colour-blind, without
 * its ends, which vanish on dark and on white paper.
 */

const [LOW, HIGH] = [0.1, 0.92];
const SHADES = 256;

const shades: readonly string[] = (() => {
  const viridis = Plot.scale({ color: { type: 'linear', domain: [0, 1], scheme: 'viridis' } });
  return Array.from({ length: SHADES }, (_, k) => String(viridis.apply(LOW + ((HIGH - LOW) * k) / (SHADES - 1))));
})();
const painted = shades.map(channels);

/** The colour of a number on a scale from `low` to `high`, as `#rrggbb`; those beyond have the colour of the end. */
export function shade(value: number, low: number, high: number): string {
  return shades[stepOf(value, low, high)];
}

/** As `shade`, for pictures made of pixels: red, green and blue, 0–1. */
export function paintedShade(value: number, low: number, high: number): readonly number[] {
  return painted[stepOf(value, low, high)];
}

function stepOf(value: number, low: number, high: number): number {
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return Math.round((SHADES - 1) * Math.min(1, Math.max(0, share)));
}
