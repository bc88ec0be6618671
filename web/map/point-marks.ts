/** How each object is drawn: whether the filter and the legend let it through, and whether it is selected. */
import type { Selection } from '../state/explorer-state.ts';
import type { Size } from './camera.ts';
import type { Colouring } from './colouring.ts';
import type { MapColours } from './map-colours.ts';
import { POINT_STATE, type PointStyle } from './points-layer.ts';

interface StateSources {
  readonly objects: number;
  /** Rows that pass the filter; null = all. */
  readonly shown: Uint32Array | null;
  readonly selection: Selection;
  readonly colouring: Colouring;
  /** Labels of the legend that are off. */
  readonly hidden: ReadonlySet<string>;
}

/** @returns length N, of POINT_STATE */
export function pointStates({ objects, shown, selection, colouring, hidden }: StateSources): Uint8Array {
  const states = new Uint8Array(objects).fill(shown === null ? POINT_STATE.shown : POINT_STATE.faded);
  for (const row of shown ?? []) states[row] = POINT_STATE.shown;
  if (hidden.size > 0 && colouring.kind === 'categories') {
    const off = new Uint8Array(256);
    for (const { label, code } of colouring.entries) if (hidden.has(label)) off[code] = 1;
    for (let row = 0; row < objects; row++) if (off[colouring.codes[row]] === 1) states[row] = POINT_STATE.hidden;
  }
  // What the filter takes away stays selected, but is not shown as such.
  for (const row of selection ?? []) if (states[row] === POINT_STATE.shown) states[row] = POINT_STATE.selected;
  return states;
}

interface StyleSources {
  readonly colouring: Colouring;
  readonly colours: MapColours;
  readonly objects: number;
  /** Objects that pass the filter. */
  readonly passing: number;
  readonly size: Size;
  readonly zoom: number;
  readonly hasSelection: boolean;
  /** In place of the points, a density is drawn. */
  readonly isDense: boolean;
}

/** Points that cover each other are made clear enough for the crowd to show through. */
export function pointStyle({
  colouring,
  colours,
  objects,
  passing,
  size,
  zoom,
  hasSelection,
  isDense,
}: StyleSources): PointStyle {
  const area = size.width * size.height * zoom;
  const all = crowd(objects, area);
  const { pixels, coverage } = crowd(passing, area);
  const opacity = opacityOf(coverage);
  const shown = opacity * (hasSelection ? 0.22 / (1 + coverage) : 1);
  const faded = (opacityOf(all.coverage) * 0.12) / (1 + all.coverage);
  return {
    palette: colouring.palette,
    background: colours.paper,
    opacities: [0, isDense ? 0 : faded, isDense ? 0 : shown, Math.max(0.7, opacity)],
    sizes: [0, all.pixels * 0.8, pixels, pixels + 1.5],
  };
}

/** How large points are where so many share an area, and how often they cover it. */
function crowd(count: number, area: number): { readonly pixels: number; readonly coverage: number } {
  const pixels = count < 2000 ? 6 : count < 20_000 ? 4.5 : count < 200_000 ? 3.2 : 2.2;
  return { pixels, coverage: (count * pixels * pixels) / area };
}

function opacityOf(coverage: number): number {
  return Math.min(0.85, Math.max(0.06, 0.55 / Math.sqrt(coverage)));
}
