import { type FittedRun, makeTrack, type Track, type TrackOptions } from '../analysis/index.ts';
import type { Dataset } from '../dataset/index.ts';
import { writeFileAtomically } from '../io/index.node.ts';
import { tableBytes, tableExtension, writeNpz } from '../io/index.ts';
import type { FigureFormat } from '../plots/index.node.ts';
import { trackFigure } from '../plots/index.ts';
import { writeFigureBeside } from './figure-beside.node.ts';
import { trackArrays, trackTable } from './track-products.ts';

export interface WriteTrackOptions extends TrackOptions {
  /** .npz for arrays, or a long table: .csv, .parquet, .arrow, .fits; the figure stands beside it under the same name. */
  readonly out: string;
  /** `svg` unless told. */
  readonly format?: FigureFormat;
}

export interface WrittenTrack extends Track {
  /** Path of the figure. */
  readonly figure: string;
}

/**
 * Makes a track and writes its points and their synthetic spectra, and a figure.
 *
 * @throws as `makeTrack`, and UserError for a file that is not written
 */
export async function writeTrack(run: FittedRun, dataset: Dataset, options: WriteTrackOptions): Promise<WrittenTrack> {
  const { out, format = 'svg', ...asked } = options;
  const extension = tableExtension(out);
  const track = await makeTrack(run, dataset, asked);
  const bytes = extension === '.npz' ? writeNpz(trackArrays(track)) : tableBytes(trackTable(track), extension);
  writeFileAtomically(out, bytes);
  return { ...track, figure: await writeFigureBeside(out, format, (name) => trackFigure(name, track)) };
}
