import { type Dataset, surveyLineFits } from '../../dataset/index.ts';
import { classifyByLines, type GalaxyClass } from './classify.ts';
import { emptyColumns, type LineColumns, type LineMeasurements } from './measure-lines.ts';
import type { LineName } from './measured-line.ts';

/**
 * The class of each object by the line fits that came with its file (`survey_HALPHA_FLUX`, … in the catalogue), by the rules
 * of `classifyByLines`; null where the survey fitted too few lines. One Gaussian a line: a broad Hα is
 * all of Hα.
 */
export function classifyBySurveyLines(dataset: Dataset): (GalaxyClass | null)[] {
  return classifyByLines(asMeasured(dataset));
}

function asMeasured({ catalogue }: Dataset): LineMeasurements {
  const objects = catalogue.id.length;
  const lines = new Map<LineName, LineColumns>();
  for (let index = 0; index < objects; index++) {
    for (const { line, flux, fluxError, width, sigma } of surveyLineFits(catalogue, index)) {
      const columns = lines.get(line) ?? emptyColumns(objects);
      lines.set(line, columns);
      columns.flux[index] = flux;
      columns.fluxError[index] = fluxError;
      columns.width[index] = width ?? Number.NaN;
      columns.sigma[index] = sigma ?? Number.NaN;
      columns.flags[index] = 0;
    }
  }
  const whole = lines.get('HALPHA');
  if (whole !== undefined) lines.set('HALPHA_BROAD', whole);
  return { id: catalogue.id, rows: Uint32Array.from(catalogue.id.keys()), lines };
}
