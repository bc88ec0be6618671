/** By which redshift a spectrum that the reader brings is moved to rest. */
import { UserError } from '../base/index.ts';
import { fitRedshift, type OpenRun, type RedshiftOutcome, type RedshiftWarning } from '../inference/index.ts';
import type { Spectrum } from '../spectra/index.ts';
import type { PlacedSpectrum } from './protocol.ts';

export type Shift = Pick<PlacedSpectrum, 'redshift' | 'redshiftFrom' | 'redshiftError' | 'warnings'>;

export type ShiftOutcome = ({ readonly ok: true } & Shift) | { readonly ok: false; readonly reason: string };

/**
 * The redshift that was asked for; or else what the file says; or else the run's best fit.
 *
 * @param asked above −1
 */
export async function shiftOf(run: OpenRun, spectrum: Spectrum, asked: number | undefined): Promise<ShiftOutcome> {
  const { frame, redshift, redshiftError } = spectrum;
  if (frame === 'rest') {
    const warnings =
      asked === undefined ? [] : ['its wavelengths are at rest already; the redshift that was asked for moves nothing'];
    return { ok: true, redshift: redshift ?? asked ?? 0, redshiftFrom: 'file', redshiftError, warnings };
  }
  if (asked !== undefined) {
    return { ok: true, redshift: asked, redshiftFrom: 'asked', redshiftError: null, warnings: [] };
  }
  if (redshift !== null) {
    return { ok: true, redshift, redshiftFrom: 'file', redshiftError, warnings: surveyWarnings(spectrum) };
  }
  const outcome = await fitted(run, spectrum);
  if (!outcome.ok) return { ok: false, reason: `it states no redshift, and none could be fitted: ${outcome.reason}` };
  const { z, zError, warnings } = outcome.fit;
  return {
    ...{ ok: true, redshift: z, redshiftFrom: 'fitted', redshiftError: zError },
    warnings: warnings.map((warning) => SENTENCES[warning]),
  };
}

/** A run that cannot measure redshifts can still place spectra that state theirs. */
async function fitted(run: OpenRun, spectrum: Spectrum): Promise<RedshiftOutcome> {
  try {
    return await fitRedshift(run, spectrum);
  } catch (error) {
    if (error instanceof UserError) return { ok: false, reason: error.message };
    throw error;
  }
}

function surveyWarnings({ redshiftWarning }: Spectrum): string[] {
  if (redshiftWarning === null || redshiftWarning === 0) return [];
  return [`the survey itself doubts this redshift (ZWARNING ${redshiftWarning})`];
}

const SENTENCES: Readonly<Record<RedshiftWarning, string>> = {
  LITTLE_COVERAGE: 'the fitted redshift rests on few pixels: the model reaches little of the spectrum',
  SMALL_DELTA_CHI2: 'another redshift fits nearly as well as the fitted one',
  NEGATIVE_MODEL: 'the model that fits best has negative flux',
  MANY_OUTLIERS: 'nothing that the run knows looks like this spectrum at the fitted redshift',
  Z_FITLIMIT: 'the fitted redshift lies at the edge of the range that was searched',
  BAD_MINFIT: 'the fitted redshift could not be refined',
  POORDATA: 'the spectrum is noisier than its flux, so the fitted redshift may be anything',
  NO_FEATURES: 'the spectrum has no features that a redshift could be told by',
};
