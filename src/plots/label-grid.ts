import { words } from './sheet.ts';
import type { Place } from './square-panel.ts';
import type { Theme } from './theme.ts';

/* Square panels, one a label, in a grid: each has axes of its own. */

/** Labels on one sheet; the others follow on further sheets. */
const LABELS_ON_SHEET = 12;

const WIDTH = 960;
const TOP = 50;
/** Around the frame of each panel: its title above, ticks and axis titles left and below. */
const AROUND = { above: 30, left: 64, below: 50 };

export interface LabelGrid {
  readonly width: number;
  readonly height: number;
  places(): readonly Place[];
}

/** @param right room to the right of each frame */
export function labelGrid(count: number, right: number): LabelGrid {
  const columns = count <= 3 ? count : count === 4 ? 2 : 3;
  const most = columns < 3 ? 340 : WIDTH;
  const side = Math.min(most, Math.floor(WIDTH / columns) - AROUND.left - right);
  const [across, down] = [AROUND.left + side + right, AROUND.above + side + AROUND.below];
  return {
    width: Math.max(columns * across, 480),
    height: TOP + Math.ceil(count / columns) * down,
    places: () =>
      Array.from({ length: count }, (_, index) => ({
        x: (index % columns) * across + AROUND.left,
        y: TOP + Math.floor(index / columns) * down + AROUND.above,
        side,
        outer: { left: true, bottom: true },
      })),
  };
}

/** Title and number of objects over a panel, and titles of its axes. */
export function panelTitles(
  { x, y, side }: Place,
  titles: { readonly panel: string; readonly below: string; readonly left: string },
  objects: number,
  theme: Theme,
): string {
  const middle = { anchor: 'middle', fill: theme.ink } as const;
  return (
    words(x, y - 8, titles.panel, { size: 13, weight: 'bold', fill: theme.ink }) +
    words(x + side, y - 8, `${objects.toLocaleString('en')} objects`, {
      anchor: 'end',
      size: 10.5,
      fill: theme.muted,
    }) +
    words(x + side / 2, y + side + 36, titles.below, middle) +
    words(x - 46, y + side / 2, titles.left, { ...middle, rotate: -90 })
  );
}

/** The labels in lots of a sheet each. */
export function onSheets<T>(labels: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(labels.length / LABELS_ON_SHEET) }, (_, sheet) =>
    labels.slice(sheet * LABELS_ON_SHEET, (sheet + 1) * LABELS_ON_SHEET),
  );
}

/** The title of one of several sheets: `…, labels 13–24 of 39`. */
export function sheetTitle(title: string, sheet: number, labels: number): string {
  if (labels <= LABELS_ON_SHEET) return title;
  const first = sheet * LABELS_ON_SHEET + 1;
  const last = Math.min(labels, first + LABELS_ON_SHEET - 1);
  return `${title}, ${first === last ? `label ${first}` : `labels ${first}–${last}`} of ${labels}`;
}
