import { desiSpectra } from './desi.ts';
import { genericTable } from './generic-table.ts';
import { imageStack } from './image-stack.ts';
import { desiRedshifts } from './redshifts.ts';
import type { SurveyFormat } from './result.ts';
import { sdssSpec } from './sdss-spec.ts';
import { sdssSpSpec } from './sdss-spspec.ts';

/** All formats, the particular before the general: the first that recognises a file reads it. */
export const SURVEY_FORMATS: readonly SurveyFormat[] = [
  sdssSpec,
  sdssSpSpec,
  desiSpectra,
  imageStack,
  desiRedshifts,
  genericTable,
];
