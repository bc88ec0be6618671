export { GALAXY_LABELS, type SimulationSettings, simulateGalaxies } from './galaxies/simulate-galaxies.ts';
export type { MockSurvey } from './mock-survey.ts';
export type { SimulatedObject } from './simulated-object.ts';
