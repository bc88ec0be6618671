export { isLogSpaced, pixelEdges } from './edges.ts';
export { logGrid, parseGrid } from './grid.ts';
export { medianInPlace, medianSnr } from './median.ts';
export { formatNormalisation, type Normalisation, parseNormalisation } from './normalisation.ts';
export { type NormaliseOutcome, normalise } from './normalise.ts';
export { createPreparation, type Preparation, type PrepareOutcome } from './prepare.ts';
export { PRESETS, type Preset, type PresetName, presetGrid } from './presets.ts';
export { type Pixels, resample, resampleInto } from './resample.ts';
export { toRestFrame } from './rest-frame.ts';
export {
  DIAGNOSTIC_LINES,
  type DiagnosticLine,
  type Measurement,
  type Source,
  type Spectrum,
  type SurveyLineFit,
} from './spectrum.ts';
export { airToVacuum, vacuumToAir } from './vacuum.ts';
