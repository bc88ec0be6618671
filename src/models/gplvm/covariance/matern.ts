import { add, exp, maximum, multiply, negate, sqrt, type Tensor } from '../../../graph/index.ts';
import type { Profile } from './profile.ts';

/** Below this r² the square root, whose derivative grows without bound, is held; covariances there are 1 to 1e-6. */
const LEAST_SQUARED_DISTANCE = 1e-8;

function scaledDistance(squaredDistance: Tensor, factor: number): Tensor {
  return sqrt(multiply(maximum(squaredDistance, LEAST_SQUARED_DISTANCE), factor));
}

/** (1 + s) exp(−s), s = √3 r: functions that can be differentiated once. */
export const matern32: Profile = {
  shapeParameters: [],
  value(squaredDistance) {
    const s = scaledDistance(squaredDistance, 3);
    return multiply(add(s, 1), exp(negate(s)));
  },
  slope: (squaredDistance) => multiply(exp(negate(scaledDistance(squaredDistance, 3))), -1.5),
};

/** (1 + s + s²/3) exp(−s), s = √5 r: functions that can be differentiated twice. */
export const matern52: Profile = {
  shapeParameters: [],
  value(squaredDistance) {
    const s = scaledDistance(squaredDistance, 5);
    return multiply(add(add(s, 1), multiply(multiply(s, s), 1 / 3)), exp(negate(s)));
  },
  slope(squaredDistance) {
    const s = scaledDistance(squaredDistance, 5);
    return multiply(multiply(add(s, 1), exp(negate(s))), -5 / 6);
  },
};
