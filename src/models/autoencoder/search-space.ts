/**
 * The space that the VAE paper searched at random (section 3, Table 1). The text says only that λ and the widths of the
 * two hidden layers were found so; the ranges are those of its published program (trainVAE.py, 100 draws): all
 * logarithmically uniform, λ from 1 to 1e5, the first layer from Q + 1 to 2P, the second from Q + 1 to the first. Its
 * notebook ranks the models by the validation reconstruction error, which does not contain λ.
 */
import type { Random } from '../../base/index.ts';
import type { ModelShape, SearchDimension, SearchSpace, Settings } from '../model.ts';

const LAMBDA = { low: 1, high: 1e5 };

/** The widths of both hidden layers. */
export function widthSpace(shape: ModelShape): SearchSpace {
  const low = shape.latents + 1;
  const high = Math.max(low, 2 * shape.pixels);
  const width = (layer: 1 | 2, title: string): SearchDimension => ({
    name: `width_${layer}`,
    title,
    low,
    high,
    of: (settings) => widthOf(settings, layer),
  });
  return {
    rankBy: 'reconstruction',
    rankTitle: '½ Σ w (x − x′)² per spectrum',
    dimensions: [width(1, 'Width of layer 1'), width(2, 'Width of layer 2')],
    draw(random) {
      const first = Math.ceil(logUniform(random, low, high));
      return { hidden: [first, Math.ceil(logUniform(random, low, first))] };
    },
  };
}

/** The widths and λ. */
export function widthAndLambdaSpace(shape: ModelShape): SearchSpace {
  const widths = widthSpace(shape);
  const lambda: SearchDimension = { name: 'lambda', title: 'λ', ...LAMBDA, of: (settings) => Number(settings.lambda) };
  return {
    ...widths,
    dimensions: [lambda, ...widths.dimensions],
    draw(random) {
      // Four digits, so that the value can be typed again.
      const drawn = Number(logUniform(random, LAMBDA.low, LAMBDA.high).toPrecision(4));
      return { ...widths.draw(random), lambda: drawn };
    },
  };
}

function logUniform(random: Random, low: number, high: number): number {
  return Math.exp(random.uniform(Math.log(low), Math.log(high)));
}

function widthOf({ hidden }: Settings, layer: number): number {
  return Array.isArray(hidden) ? Number(hidden[layer - 1] ?? Number.NaN) : Number.NaN;
}
