import { add, divide, exp, log, multiply, negate, type Tensor } from '../../../graph/index.ts';
import type { Profile } from './profile.ts';

/** ln(1 + r²/2α) */
function logBase(squaredDistance: Tensor, alpha: Tensor): Tensor {
  return log(add(divide(multiply(squaredDistance, 0.5), alpha), 1));
}

/** (1 + r²/2α)^−α: a mixture of `rbf` with lengthscales spread by α. */
export const rationalQuadratic: Profile = {
  shapeParameters: [{ name: 'logAlpha', initial: 0 }],
  value: (squaredDistance, [alpha]) => exp(negate(multiply(alpha, logBase(squaredDistance, alpha)))),
  slope: (squaredDistance, [alpha]) =>
    multiply(exp(negate(multiply(add(alpha, 1), logBase(squaredDistance, alpha)))), -0.5),
};
