import { type Matrix, row, zeros } from '../../base/index.ts';
import { type Dataset, gatherRows } from '../../dataset/index.ts';
import type { PartialSpectrum } from '../../plots/index.ts';
import type { FittedRun } from '../fitted-run.ts';
import { reconstructionMetrics } from '../metrics.ts';
import type { Representative } from '../representatives.ts';
import { linesOn } from '../spectral-lines.ts';

/** As many windows as Lalchand & Eilers (2025) show. */
const WINDOWS = 4;
/** Share of an object's observed pixels in each: four of them show the model a fifth. */
const WINDOW_SHARE = 0.05;
/** Objects of fewer observed pixels than this have no four windows worth the name. */
const LEAST_PIXELS = 60;

/**
 * Shows a run four narrow windows of each object, spread evenly over what was observed of it, and compares what it
 * makes of the rest. Objects with hardly anything observed are left out.
 */
export async function partialSpectra(
  run: Pick<FittedRun, 'reconstruct'>,
  dataset: Dataset,
  objects: readonly Representative[],
): Promise<PartialSpectrum[]> {
  const seen = objects.map((object) => ({ ...object, windows: windowsOf(row(dataset.ivar, object.row)) }));
  const chosen = seen.filter(({ windows }) => windows.length > 0);
  if (chosen.length === 0) return [];
  const rows = chosen.map((object) => object.row);
  const [flux, ivar] = [gatherRows(dataset.flux, rows), gatherRows(dataset.ivar, rows)];
  const shown = zeros(ivar.rows, ivar.columns);
  chosen.forEach(({ windows }, n) => {
    for (const { from, to } of windows) row(shown, n).set(row(ivar, n).subarray(from, to + 1), from);
  });
  const rebuilt = await run.reconstruct(flux, shown);
  const { wavelength, catalogue, truth } = dataset;
  return chosen.map(({ row: index, title, windows }, n) => {
    const mean = row(rebuilt.mean, n);
    const variance = row(rebuilt.variance, n);
    const hidden = row(ivar, n).map((value, pixel) => (row(shown, n)[pixel] > 0 ? 0 : value));
    const observed = { flux: asMatrix(row(flux, n)), ivar: asMatrix(hidden), truth: null };
    const { pixels, coverage68, coverage95 } = reconstructionMetrics(observed, {
      mean: asMatrix(mean),
      variance: asMatrix(variance),
    });
    return {
      title: title.charAt(0).toUpperCase() + title.slice(1),
      id: catalogue.id[index],
      redshift: catalogue.redshift[index],
      snr: catalogue.snr[index],
      wavelength,
      flux: row(flux, n),
      ivar: row(ivar, n),
      truth: truth === null ? null : row(truth, index),
      windows: windows.map(({ from, to }) => ({ low: wavelength[from], high: wavelength[to] })),
      predicted: mean,
      deviation: variance.map(Math.sqrt),
      hidden: { pixels, coverage68, coverage95 },
      lines: linesOn(wavelength),
    };
  });
}

/** First and last pixels of windows about the 1/8, 3/8, 5/8 and 7/8 points of the observed pixels. */
function windowsOf(ivar: Float32Array): { readonly from: number; readonly to: number }[] {
  const observed = Array.from(ivar.keys()).filter((pixel) => ivar[pixel] > 0);
  if (observed.length < LEAST_PIXELS) return [];
  const width = Math.round(WINDOW_SHARE * observed.length);
  return Array.from({ length: WINDOWS }, (_, k) => {
    const first = Math.round(((k + 0.5) / WINDOWS) * observed.length - width / 2);
    return { from: observed[first], to: observed[first + width - 1] };
  });
}

function asMatrix(data: Float32Array): Matrix {
  return { rows: 1, columns: data.length, data };
}
