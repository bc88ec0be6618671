import { type Matrix, Random, zeros } from '../../src/base/index.ts';
import { createNodeRuntime } from '../../src/graph/index.node.ts';
import { countMatrixProductFlops, gradients, measureMatrixProductRate, type Tensor } from '../../src/graph/index.ts';
import { type FitData, findModel, type GradientFitting, type LossGraph } from '../../src/models/index.ts';
import { loadTrainer } from '../../src/training/index.node.ts';
import { type Benchmark, comparison, digits, medianMilliseconds, numberFrom } from '../measure.ts';
import { runPeer } from '../peers.ts';

const PIXELS = 1000;
const BATCH = 64;
const STEPS = 200;

/** One step of the VAE paper's 6-latent network: gather, loss and all gradients, Adam; PyTorch the same. */
export const vaeStepBenchmark: Benchmark = {
  name: 'vae-step',
  title: `InfoVAE step ${PIXELS}-703-94-6-94-703-${PIXELS}, batch ${BATCH}, Adam included`,
  async run(threads) {
    const runtime = createNodeRuntime({ threads });
    const random = new Random(1);
    const data = spectra(BATCH * 20, random);
    const fitting = gradientFitting();
    const prepared = await fitting.prepare(data, data, { runtime, random });
    const trainer = await loadTrainer(fitting, prepared, runtime, random);
    const order = random.permutation(BATCH * 20);
    let step = 0;
    const whole = async (): Promise<void> => {
      const from = (step % 20) * BATCH;
      await trainer.loss.evaluate(order.subarray(from, from + BATCH), random);
      trainer.optimiserStep(1e-3, ++step);
    };
    const eager = runPeer('vae_step.py', threads, STEPS, 'eager');
    const ours = await medianMilliseconds(whole, STEPS, 30);
    const compiled = runPeer('vae_step.py', threads, STEPS, 'compile');
    const again = await medianMilliseconds(whole, STEPS, 30);
    const adam = await medianMilliseconds(() => trainer.optimiserStep(1e-3, ++step), STEPS, 30);
    const rate = await measureMatrixProductRate(runtime);
    await trainer.release();
    const best = Math.min(ours, again);
    const flops = stepFlops(fitting.lossGraph(BATCH));
    const share = flops / (best * 1e6) / rate.gflops;
    return [
      comparison(best, numberFrom(eager, 'msPerStep'), 'ms', String(eager.library)),
      comparison(best, numberFrom(compiled, 'msPerStep'), 'ms', String(compiled.library)),
      `of which Adam ${digits(adam)} ms`,
      `${digits(flops / 1e6)} MFLOP in matrix products: ${(100 * share).toFixed(0)}% of the measured ${digits(rate.gflops)} GFLOP/s (${rate.size} × ${rate.size} product)`,
    ];
  },
};

function gradientFitting(): GradientFitting {
  const { fitting } = findModel('vae').configure({ pixels: PIXELS, latents: 6 }, { hidden: [703, 94] });
  if (fitting.kind !== 'gradient') throw new Error('vae is fitted by gradient descent');
  return fitting;
}

function spectra(rows: number, random: Random): FitData {
  const flux: Matrix = zeros(rows, PIXELS);
  const ivar: Matrix = zeros(rows, PIXELS);
  random.fillNormal(flux.data);
  for (let i = 0; i < flux.data.length; i++) flux.data[i] = 1 + 0.1 * flux.data[i];
  ivar.data.fill(200);
  return {
    wavelength: Float64Array.from({ length: PIXELS }, (_, p) => 3388 * (8318 / 3388) ** (p / (PIXELS - 1))),
    flux,
    ivar,
  };
}

/** Matrix products of the loss and of the gradients of every parameter. */
function stepFlops({ loss }: LossGraph): number {
  const parameters: Tensor[] = [];
  const seen = new Set<Tensor>();
  const waiting = [loss];
  for (let tensor = waiting.pop(); tensor !== undefined; tensor = waiting.pop()) {
    if (seen.has(tensor)) continue;
    seen.add(tensor);
    if (tensor.operation === 'parameter') parameters.push(tensor);
    waiting.push(...tensor.inputs);
  }
  return countMatrixProductFlops([loss, ...gradients(loss, parameters)], BATCH);
}
