// Property tests draw the same cases in every run, so that a failure is the change's and not luck's.
// LIGHTFOLD_PROPERTY_SEED=random (or a number) explores others; fast-check prints the seed of a failure.
import fc from 'fast-check';

const wanted = process.env.LIGHTFOLD_PROPERTY_SEED ?? '20260101';
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
