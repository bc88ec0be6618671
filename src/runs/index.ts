export { type LabelRange, RUN_FORMAT, type RunDescription, runDescriptionSchema } from './description.ts';
export { historyCsv, parseHistory } from './history.ts';
export type { LatentSample } from './latent-sample.ts';
export type { GraphName, Run } from './run.ts';
