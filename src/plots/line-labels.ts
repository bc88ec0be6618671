import { textWidth, words } from './sheet.ts';
import type { LineMark } from './spectral-marks.ts';
import type { Theme } from './theme.ts';

/** Where a panel puts wavelengths: `low` at pixel `left`, `high` at pixel `right`; names stand above `top`. */
export interface WavelengthAxis {
  readonly low: number;
  readonly high: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function position(axis: WavelengthAxis, wavelength: number): number {
  return axis.left + ((wavelength - axis.low) / (axis.high - axis.low)) * (axis.right - axis.left);
}

interface Placed {
  readonly line: LineMark;
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly tier: number;
}

const SIZE = 10;
const TIER_HEIGHT = 12;
/** Least distance between two names, in pixels. */
const BREATH = 5;

export interface LabelOptions {
  /** Rows of names at most. */
  readonly tiers: number;
  /** Whether lines whose name finds no room keep their tick. */
  readonly unnamed: 'ticked' | 'left out';
  readonly theme: Theme;
}

/**
 * Names of spectral lines above a panel, each over its own tick, never over another: the weightiest are placed
 * first, on the lowest free row.
 */
export function lineLabels(axis: WavelengthAxis, lines: readonly LineMark[], options: LabelOptions): string {
  const { tiers, unnamed, theme } = options;
  const shown = lines.filter(({ wavelength }) => wavelength > axis.low && wavelength < axis.high);
  const placed: Placed[] = [];
  for (const line of [...shown].sort((a, b) => b.weight - a.weight)) {
    const spot = freeSpot(line, axis, placed, tiers);
    if (spot !== null) placed.push(spot);
  }
  const ticked = unnamed === 'ticked' ? shown : placed.map(({ line }) => line);
  const ticks = ticked.map((line) => {
    const x = rounded(position(axis, line.wavelength));
    const tier = placed.find((other) => other.line === line)?.tier;
    const rise = tier === undefined ? '' : `M${x} ${axis.top}v${-2 - tier * TIER_HEIGHT}`;
    return `M${x} ${axis.top}V${axis.bottom}${rise}`;
  });
  const names = placed.map(({ line, at, tier }) =>
    words(rounded(at), rounded(axis.top - 5 - tier * TIER_HEIGHT), line.name, {
      size: SIZE,
      anchor: 'middle',
      fill: theme.muted,
    }),
  );
  const strokes = `<path d="${ticks.join('')}" stroke="${theme.muted}" stroke-width="0.6" stroke-dasharray="1.5 2.5" opacity="0.8" fill="none"/>`;
  return ticked.length === 0 ? '' : strokes + names.join('');
}

function freeSpot(line: LineMark, axis: WavelengthAxis, placed: readonly Placed[], tiers: number): Placed | null {
  const tick = position(axis, line.wavelength);
  const half = textWidth(line.name, SIZE) / 2;
  const at = Math.min(Math.max(tick, axis.left + half), axis.right - half);
  for (let tier = 0; tier < tiers; tier++) {
    const spot: Placed = { line, at, tier, from: at - half, to: at + half };
    if (placed.every((other) => clear(spot, other, axis))) return spot;
  }
  return null;
}

/** Two names on one tier keep apart; and no tick that rises to a higher tier crosses a name below it. */
function clear(a: Placed, b: Placed, axis: WavelengthAxis): boolean {
  if (a.tier === b.tier) return a.to + BREATH < b.from || b.to + BREATH < a.from;
  const [upper, lower] = a.tier > b.tier ? [a, b] : [b, a];
  const tick = position(axis, upper.line.wavelength);
  return tick < lower.from - 2 || tick > lower.to + 2;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
