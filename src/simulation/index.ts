export { GALAXY_LABELS, type SimulationSettings, simulateGalaxies } from './galaxies/simulate-galaxies.ts';
export { stellarContinua } from './galaxies/stellar-continua.ts';
export type { MockSurvey } from './mock-survey.ts';
export { QUASAR_SCATTER } from './quasars/draw-quasar.ts';
export { logEddington, type QuasarHidden } from './quasars/hidden.ts';
export { quasarTemplate } from './quasars/quasar-template.ts';
export { QUASAR_LABELS, simulateQuasars } from './quasars/simulate-quasars.ts';
export type { SimulatedObject } from './simulated-object.ts';
export { specLiteFile } from './spec-lite.ts';
