import { row } from '../../base/index.ts';
import { type Dataset, gatherRows } from '../../dataset/index.ts';
import type { OutlierPanel, OutliersData } from '../../plots/index.ts';
import { fluxLabel } from '../figure-data.ts';
import type { FittedRun } from '../fitted-run.ts';
import { linesOn } from '../spectral-lines.ts';
import type { Outlier } from './find-outliers.ts';

/** What the figure of the first outliers shows: spectrum, reconstruction and what is odd, at most `count` of them. */
export async function outlierFigureData(
  run: FittedRun,
  dataset: Dataset,
  outliers: readonly Outlier[],
  count = 10,
): Promise<OutliersData> {
  const shown = outliers.slice(0, count);
  const { catalogue, wavelength } = dataset;
  const { title, latents } = run.run.description;
  const rows = shown.map((outlier) => outlier.row);
  const [flux, ivar] = [gatherRows(dataset.flux, rows), gatherRows(dataset.ivar, rows)];
  const decoded = await run.decode((await run.encode(flux, ivar)).mean);
  const panels = shown.map(({ row: object, id, lof, chi2PerPixel, reasons }, at): OutlierPanel => {
    const redshift = catalogue.redshift[object];
    return {
      facts: [
        catalogue.objectClass[object] ?? 'unclassified',
        ...(redshift === null ? [] : [`z = ${redshift.toFixed(3)}`]),
        `S/N ${catalogue.snr[object].toFixed(1)}`,
        `LOF ${lof.toFixed(2)}`,
        `χ²/pixel ${chi2PerPixel.toFixed(2)}`,
      ],
      reasons: reasons.map(({ kind, sentence }) => ({ kind, sentence })),
      spectrum: {
        title: id,
        id,
        redshift,
        snr: catalogue.snr[object],
        wavelength,
        flux: row(flux, at),
        ivar: row(ivar, at),
        truth: null,
        models: [{ model: title, latents, flux: row(decoded.mean, at), chi2PerPixel }],
        windows: [],
        lines: linesOn(wavelength),
      },
    };
  });
  return { model: title, latents, objects: dataset.flux.rows, fluxLabel: fluxLabel(dataset), outliers: panels };
}
