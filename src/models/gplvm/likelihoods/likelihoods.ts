import { gaussian } from './gaussian.ts';
import type { Likelihood } from './likelihood.ts';
import { student } from './student.ts';

/** Their names in the setting `likelihood`. */
export const LIKELIHOOD_NAMES = ['gaussian', 'student'] as const;

/** Every likelihood by its name. A new one is a file, a name and a line here; its contract tests run by themselves. */
export const LIKELIHOODS: Readonly<Record<(typeof LIKELIHOOD_NAMES)[number], Likelihood>> = { gaussian, student };
