export { FileError, InterruptedError, UserError } from './errors.ts';
export { gatherRows, type Matrix, row, zeros } from './matrix.ts';
export type { LongWorkOptions, OnProgress, ProgressReport } from './progress.ts';
export { Random, type RandomState } from './random.ts';
export { SOFTWARE_VERSION } from './version.ts';
