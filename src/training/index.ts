export type { FitOptions } from './fit-options.ts';
export { judgeEpoch, type PlateauRules, type PlateauState, type PlateauVerdict, startPlateau } from './plateau.ts';
export { shapeFor } from './shape.ts';
