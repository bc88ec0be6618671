import { FileError } from '../../base/index.ts';
import { type FitsFile, readFits } from '../../io/index.ts';
import { SURVEY_FORMATS } from './registry.ts';
import type { SurveyResult } from './result.ts';
import { readTextSpectrum, spectrumText, whyNoSpectrum } from './text-spectrum.ts';

/**
 * Reads a survey's FITS file, gzip-compressed or not, or a table of text into spectra (vacuum Å, bad pixels at ivar 0).
 *
 * @param bytes the whole file
 * @param file its name for messages and provenance
 * @throws FileError when it is neither FITS nor a table of numbers, is damaged, or is of no format known here
 */
export function recogniseAndRead(bytes: Uint8Array, file: string): SurveyResult {
  if (bytes.length === 0) throw new FileError(file, '', 'the file is empty');
  const text = spectrumText(bytes);
  if (text !== null) return readTextSpectrum(text, file);
  const why = whyNoSpectrum(bytes);
  if (why !== null) throw new FileError(file, '', why);
  const fits = readFits(bytes, file);
  const format = SURVEY_FORMATS.find((candidate) => candidate.recognise(fits));
  if (format === undefined) throw new FileError(file, '', whyUnknown(fits));
  const result = format.read(fits);
  if (fits.ignoredFrom === null) return result;
  const note = `what follows byte ${fits.ignoredFrom} is damaged or not FITS, and was not read`;
  return { ...result, notes: [...result.notes, note] };
}

function whyUnknown(fits: FitsFile): string {
  for (const hdu of fits.hdus) if ('reason' in hdu) return `${hdu.header.place}: ${hdu.reason}`;
  const found = fits.hdus.map((hdu) => `${hdu.index} ${hdu.name} (${hdu.kind})`.replace('  ', ' '));
  const known = SURVEY_FORMATS.map((format) => `${format.name} (${format.sign})`);
  const damage = fits.ignoredFrom === null ? '' : `; what follows byte ${fits.ignoredFrom} is damaged or not FITS`;
  return `it holds no spectra of a known format: its HDUs are ${found.join(', ')}${damage}; known are ${known.join('; ')}`;
}
