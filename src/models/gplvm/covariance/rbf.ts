import { exp, multiply } from '../../../graph/index.ts';
import type { Profile } from './profile.ts';

/** exp(−r²/2): functions with all derivatives. */
export const rbf: Profile = {
  shapeParameters: [],
  value: (squaredDistance) => exp(multiply(squaredDistance, -0.5)),
  slope: (squaredDistance) => multiply(exp(multiply(squaredDistance, -0.5)), -0.5),
};
