/** Names of spectral lines above a spectrum, none over another. */

export interface LineMark {
  readonly name: string;
  /** Where the line is drawn, in pixels from the left. */
  readonly x: number;
  readonly weight: number;
}

export interface PlacedLabel extends LineMark {
  /** Middle of the text. */
  readonly textX: number;
  /** 0 = the lowest row. */
  readonly row: number;
}

const GAP = 4;

/**
 * The weightiest lines get their labels first, each in the lowest row where it is free; what finds no room stays a line
 * without a name.
 *
 * @param width of a text, in pixels
 */
export function placeLabels(
  marks: readonly LineMark[],
  width: (name: string) => number,
  [left, right]: readonly [number, number],
  rows: number,
): PlacedLabel[] {
  const taken: [number, number][][] = Array.from({ length: rows }, () => []);
  const placed: PlacedLabel[] = [];
  for (const mark of [...marks].sort((a, b) => b.weight - a.weight)) {
    if (mark.x < left || mark.x > right) continue;
    const half = width(mark.name) / 2;
    const textX = Math.min(Math.max(mark.x, left + half), Math.max(left + half, right - half));
    const [from, to] = [textX - half - GAP / 2, textX + half + GAP / 2];
    const row = taken.findIndex((spans) => spans.every(([start, end]) => to <= start || from >= end));
    if (row < 0) continue;
    taken[row].push([from, to]);
    placed.push({ ...mark, textX, row });
  }
  return placed;
}
