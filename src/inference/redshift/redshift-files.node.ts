import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { InterruptedError, type LongWorkOptions, UserError } from '../../base/index.ts';
import { expandPaths, SpectrumFiles } from '../../dataset/index.node.ts';
import { MANIFEST_FILE, type Skipped } from '../../dataset/index.ts';
import type { Spectrum } from '../../spectra/index.ts';
import type { OpenRun } from '../open-run.ts';
import { fitRedshift, type RedshiftFit, type RedshiftOptions } from './fit-redshift.ts';
import type { MeasuredRedshift } from './redshift-table.ts';

export interface RedshiftFilesOptions extends RedshiftOptions, LongWorkOptions {
  /** Called with each fit as it is made, for figures. */
  readonly onFit?: (measured: MeasuredRedshift) => Promise<void>;
}

export interface RedshiftFiles {
  readonly measured: readonly MeasuredRedshift[];
  /** Files and objects without a redshift, and why. */
  readonly skipped: readonly Skipped[];
}

/**
 * Redshifts of every spectrum in files, folders and globs, as the survey wrote them in the observed frame. What the
 * files themselves say of the redshift is not used. A file or object that cannot be used is skipped and reported.
 *
 * @throws UserError when a path leads nowhere or to a dataset, the run cannot measure redshifts, or nothing could be measured
 * @throws InterruptedError when the signal fires
 */
export async function measureRedshifts(
  run: OpenRun,
  paths: readonly string[],
  options: RedshiftFilesOptions = {},
): Promise<RedshiftFiles> {
  const { onProgress, signal, onFit, ...search } = options;
  for (const path of paths) {
    if (existsSync(join(path, MANIFEST_FILE))) {
      throw new UserError(
        `${path} is a dataset, whose spectra are at rest already: give the survey files that it was imported from.`,
      );
    }
  }
  const files = new SpectrumFiles(await expandPaths(paths), { air: false });
  const measured: MeasuredRedshift[] = [];
  const skipped: Skipped[] = [...files.unreadable];
  for (const [done, file] of files.names.entries()) {
    onProgress?.({ stage: 'measuring redshifts', done, total: files.names.length });
    const read = files.read(file);
    if (!read.ok) {
      skipped.push({ file, reason: read.reason });
      continue;
    }
    skipped.push(...read.rejected.map(({ place, reason }) => ({ file, reason: at(place, reason) })));
    for (const spectrum of read.spectra()) {
      if (signal?.aborted) throw new InterruptedError('measuring redshifts was interrupted; nothing was written');
      const outcome = await fitRedshift(run, spectrum, search);
      const { place } = spectrum.source;
      if (!outcome.ok) {
        skipped.push({ file, reason: at(place, outcome.reason) });
        continue;
      }
      const entry = entryOf(file, spectrum, outcome.fit);
      measured.push(entry);
      await onFit?.(entry);
    }
    // Lets Ctrl-C and the progress bar through.
    await setImmediate();
  }
  onProgress?.({ stage: 'measuring redshifts', done: files.names.length, total: files.names.length });
  if (measured.length === 0) throw nothingMeasured(skipped);
  return { measured, skipped };
}

function entryOf(file: string, spectrum: Spectrum, fit: RedshiftFit): MeasuredRedshift {
  const { id, source, redshift, objectClass } = spectrum;
  return { file, place: source.place, id, fit, surveyRedshift: redshift, surveyClass: objectClass };
}

function at(place: string, reason: string): string {
  return place === '' ? reason : `${place}: ${reason}`;
}

function nothingMeasured(skipped: readonly Skipped[]): UserError {
  const [first] = skipped;
  const more = skipped.length > 1 ? `; and ${skipped.length - 1} more` : '';
  return new UserError(`no redshift could be measured: ${first?.file}: ${first?.reason}${more}`);
}
