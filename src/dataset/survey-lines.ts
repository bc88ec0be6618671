import { DIAGNOSTIC_LINES, type DiagnosticLine, type SurveyLineFit } from '../spectra/index.ts';
import type { Catalogue } from './dataset.ts';

/*
 * The survey's own line fits in the catalogue: only what a class is told by, so that it stays small. Fluxes as in
 * `SurveyLineFit` for every diagnostic line, width and σ for Hα alone: `survey_HALPHA_FLUX`, `survey_HALPHA_FLUX_ERR`,
 * `survey_HALPHA_EW`, `survey_HALPHA_SIGMA`, `survey_HBETA_FLUX`, …
 */

/** Width and σ are kept of this line. */
const WITH_SHAPE: DiagnosticLine = 'HALPHA';

/** The catalogue's further columns of one object; none where the survey fitted none. */
export function surveyLineColumns(fits: readonly SurveyLineFit[]): Record<string, number | null> {
  const columns: Record<string, number | null> = {};
  for (const { line, flux, fluxError, width, sigma } of fits) {
    columns[columnOf(line, 'FLUX')] = flux;
    columns[columnOf(line, 'FLUX_ERR')] = fluxError;
    if (line !== WITH_SHAPE) continue;
    columns[columnOf(line, 'EW')] = width;
    columns[columnOf(line, 'SIGMA')] = sigma;
  }
  return columns;
}

/** The survey's fits of one object as its catalogue keeps them; empty where there are none. */
export function surveyLineFits({ extra }: Pick<Catalogue, 'extra'>, index: number): SurveyLineFit[] {
  const cell = (line: DiagnosticLine, quantity: Quantity): number | null => {
    const value = extra[columnOf(line, quantity)]?.[index];
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  };
  return DIAGNOSTIC_LINES.flatMap((line): SurveyLineFit[] => {
    const [flux, fluxError] = [cell(line, 'FLUX'), cell(line, 'FLUX_ERR')];
    if (flux === null || fluxError === null || !(fluxError > 0)) return [];
    return [{ line, flux, fluxError, width: cell(line, 'EW'), sigma: cell(line, 'SIGMA') }];
  });
}

type Quantity = 'FLUX' | 'FLUX_ERR' | 'EW' | 'SIGMA';

function columnOf(line: DiagnosticLine, quantity: Quantity): string {
  return `survey_${line}_${quantity}`;
}
