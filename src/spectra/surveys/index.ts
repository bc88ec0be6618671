export { recogniseAndRead } from './recognise.ts';
export { applyRedshifts, redshiftFileNames } from './redshifts.ts';
export { SURVEY_FORMATS } from './registry.ts';
export type { RedshiftEntry, Rejection, SurveyFormat, SurveyResult } from './result.ts';
export { BAD_SDSS_BITS, SPPIXMASK } from './sdss-mask.ts';
