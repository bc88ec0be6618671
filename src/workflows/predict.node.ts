import { type HiddenPixelScore, scoreHiddenPixels } from '../analysis/index.ts';
import { UserError } from '../base/index.ts';
import { type Dataset, rowsOfSplit, type Split, selectRows } from '../dataset/index.ts';
import {
  labelPredictionTable,
  type OpenRun,
  observationOf,
  type ProductOptions,
  spectrumArrays,
} from '../inference/index.ts';
import { writeFileAtomically } from '../io/index.node.ts';
import { tableBytes, tableExtension, writeNpz } from '../io/index.ts';

export interface WritePredictionOptions extends ProductOptions {
  /** What is predicted of each object; `labels` unless told. */
  readonly to?: 'labels' | 'spectra';
  /** Which objects; all unless told. */
  readonly split?: Split | 'all';
  /** A table for labels; .npz for spectra. */
  readonly out: string;
}

export interface WrittenPrediction {
  readonly objects: number;
  /** Objects with no pixel and no label among what is known: they get what the model expects of any object. */
  readonly unknown: number;
  /** Of spectra, where there is anything to judge hidden pixels by. */
  readonly hidden: HiddenPixelScore | null;
}

/**
 * Predicts labels or whole spectra of a dataset's objects from their spectra, parts of those, labels, or both, and writes
 * them.
 *
 * @throws UserError as `observationOf`, and for an empty split or a file that is not written
 */
export async function writePrediction(
  run: OpenRun,
  dataset: Dataset,
  { to = 'labels', split = 'all', out, ...options }: WritePredictionOptions,
): Promise<WrittenPrediction> {
  if (to === 'spectra' && !out.endsWith('.npz')) throw new UserError(`--out ${out}: spectra are written as .npz`);
  const extension = tableExtension(out);
  const chosen = split === 'all' ? dataset : selectRows(dataset, rowsOfSplit(dataset, split));
  const objects = chosen.flux.rows;
  if (objects === 0) throw new UserError(`the dataset has no objects in its ${split} split; ask for --split all.`);
  const observation = observationOf(run, chosen, options);
  const { ivar = null, labelIvar = null } = observation;
  const known = (n: number) =>
    [ivar, labelIvar].some((of) =>
      of?.data.subarray(n * of.columns, (n + 1) * of.columns).some((weight) => weight > 0),
    );
  const unknown = Array.from({ length: objects }, (_, n) => n).filter((n) => !known(n)).length;
  if (to === 'labels') {
    writeFileAtomically(out, tableBytes(await labelPredictionTable(run, chosen, options), extension));
    return { objects, unknown, hidden: null };
  }
  const spectra = await run.predictSpectra(observation, { ...options, noise: chosen.ivar });
  writeFileAtomically(out, writeNpz(spectrumArrays(run, chosen, spectra)));
  return { objects, unknown, hidden: scoreHiddenPixels(chosen, ivar, spectra) };
}
