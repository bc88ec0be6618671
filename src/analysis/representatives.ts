import { row } from '../base/index.ts';
import type { Dataset } from '../dataset/index.ts';

/** An object picked to stand for many in a figure. */
export interface Representative {
  /** Row of the dataset. */
  readonly row: number;
  /** What it stands for: `quiescent, low S/N`. */
  readonly title: string;
}

/**
 * Objects for the reconstruction panels, as in the VAE paper's Figs. 4–7: of quiescent galaxies (without any, of the
 * commonest class) one of high and one of low S/N, and one of median S/N if there are no other classes; of emission-line galaxies one with lines among the strongest; of
 * every other class one of good S/N. Picked by class, S/N and observed flux only, before any model is looked at.
 *
 * @param rows rows of the dataset to choose from
 * @param count at most so many
 */
export function chooseRepresentatives(dataset: Dataset, rows: ArrayLike<number>, count = 6): Representative[] {
  const groups = rowsByClass(dataset, rows);
  const plain = groups.find(([objectClass]) => /quiescent|passive|early/i.test(objectClass ?? '')) ?? groups[0];
  const others = groups.filter((group) => group !== plain);
  const chosen: Representative[] = [];
  (plain === undefined ? [] : [plain, ...others]).forEach(([objectClass, members], index) => {
    const titled = (quality: string) => (objectClass === null ? quality : `${objectClass}, ${quality}`);
    const pool = wellCovered(dataset, members);
    const bySnr = [...pool].sort((a, b) => dataset.catalogue.snr[a] - dataset.catalogue.snr[b]);
    if (index === 0) {
      chosen.push({ row: atQuantile(bySnr, 0.97), title: titled('high S/N') });
      if (others.length === 0 && bySnr.length > 2) {
        chosen.push({ row: atQuantile(bySnr, 0.5), title: titled('median S/N') });
      }
      if (bySnr.length > 1) chosen.push({ row: atQuantile(bySnr, 0.1), title: titled('low S/N') });
    } else if (/emission|star.?forming|starburst/i.test(objectClass ?? '')) {
      chosen.push({ row: strongLined(dataset, bySnr), title: titled('strong lines') });
    } else {
      chosen.push({ row: atQuantile(bySnr, 0.75), title: titled('good S/N') });
    }
  });
  return chosen.slice(0, count);
}

/** Classes with their rows, most frequent first; equally frequent ones by name, so that the choice is stable. */
export function rowsByClass(dataset: Dataset, rows: ArrayLike<number>): [string | null, number[]][] {
  const members = new Map<string | null, number[]>();
  for (const index of Array.from(rows)) {
    const objectClass = dataset.catalogue.objectClass[index];
    const own = members.get(objectClass);
    if (own === undefined) members.set(objectClass, [index]);
    else own.push(index);
  }
  return [...members].sort(
    ([a, first], [b, second]) => second.length - first.length || (a ?? '').localeCompare(b ?? ''),
  );
}

/** Those with at least the median share of observed pixels: a figure half empty shows little. */
function wellCovered(dataset: Dataset, rows: readonly number[]): number[] {
  const covered = rows.map((index) => row(dataset.ivar, index).reduce((sum, ivar) => sum + (ivar > 0 ? 1 : 0), 0));
  const median = [...covered].sort((a, b) => a - b)[covered.length >> 1];
  return rows.filter((_, index) => covered[index] >= median);
}

/** Of the half with better S/N, the object at the 90th percentile of peak flux over median flux. */
function strongLined(dataset: Dataset, bySnr: readonly number[]): number {
  const bright = bySnr.slice(bySnr.length >> 1);
  const contrast = new Map(bright.map((index) => [index, lineContrast(dataset, index)]));
  const byContrast = [...bright].sort((a, b) => (contrast.get(a) ?? 0) - (contrast.get(b) ?? 0));
  return atQuantile(byContrast, 0.9);
}

function lineContrast(dataset: Dataset, index: number): number {
  const ivar = row(dataset.ivar, index);
  const observed = row(dataset.flux, index)
    .filter((_, pixel) => ivar[pixel] > 0)
    .sort();
  const median = observed[observed.length >> 1] ?? 0;
  // Not the very highest pixels: a cosmic ray is not a line.
  const peak = observed[Math.max(0, Math.floor(0.995 * (observed.length - 1)))] ?? 0;
  return median > 0 ? peak / median : 0;
}

function atQuantile(sorted: readonly number[], quantile: number): number {
  return sorted[Math.round(quantile * (sorted.length - 1))];
}
