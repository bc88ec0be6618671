import { createNodeRuntime } from '../../src/graph/index.node.ts';
import { measureMatrixProductRate } from '../../src/graph/index.ts';
import { benchData } from '../data.ts';
import { type OwnTraining, trainOwn } from '../gplvm/own.ts';
import { bestPoint, longestPeerCurve, type PeerCurve, scaledRmse } from '../gplvm/peer-curve.ts';
import { quasarSurvey } from '../gplvm/survey.ts';
import { type Benchmark, comparison, digits, type Line, numberFrom } from '../measure.ts';
import { runPeerKeepingMemory } from '../peers.ts';

/** The peer's, for steps that can be compared; our default is larger. */
const BATCH = 128;
const INDUCING = 120;
const LATENTS = 10;
/** Short trainings for the time of a step: the median of a few epochs, next to none of it spent on judging. */
const TIMED = { epochs: 6, batch: BATCH, inducing: INDUCING };
const JUDGES = 64;
/** What the peer computes, without the terms that our default adds. */
const LIKE_PEER = { kernel: 'rbf', labelKernel: 'rbf', latentKind: 'point', gain: false };
/** Passes of trainings that are tried in turn for how soon they come to the peer's error. */
const SHORT_TRAININGS = [1, 2, 4, 8, 15];
const PEER_STEPS = 30;
const PEER_PLACING_STEPS = 20;

type Report = Readonly<Record<string, unknown>>;

/** The shared GPLVM of Lalchand & Eilers (2025): a step, a whole training, placing new spectra, memory. */
export const gplvmBenchmark: Benchmark = {
  name: 'gplvm',
  title: `shared GPLVM of 5,000 simulated quasars, ${INDUCING} inducing points, ${LATENTS} latents`,
  async run(threads) {
    const { path, peerFile, dataset } = await quasarSurvey();
    const curve = longestPeerCurve();
    const peer = runPeerKeepingMemory('gplvm.py', peerFile, threads, PEER_STEPS, PEER_PLACING_STEPS);
    const ours = { dataset: path, out: benchData('gplvm'), threads };
    const alike = trainOwn({ ...ours, settings: { ...TIMED, ...LIKE_PEER }, judges: JUDGES });
    const timed = trainOwn({ ...ours, settings: TIMED, judges: JUDGES });
    const whole = trainOwn({ ...ours, settings: { inducing: INDUCING } });
    const quick = quickestToError(bestPoint(curve).scaledRmse, curve, (epochs) =>
      trainOwn({ ...ours, settings: { inducing: INDUCING, epochs } }),
    );
    const { gflops } = await measureMatrixProductRate(createNodeRuntime({ threads }));
    const { names } = dataset.catalogue.labels;
    const outputs = dataset.flux.columns + names.length;
    return [
      `step of our default model, batch ${BATCH}: ${stepLine(timed, peer)} (bar: 5×)`,
      `  ${rateLine(timed, outputs, INDUCING + LATENTS, gflops)} (bar: 40%)`,
      `step of the peer’s model: ${stepLine(alike, peer)}`,
      `  ${rateLine(alike, outputs, INDUCING, gflops)}`,
      ...equalErrorLines({ whole, quick }, peer, curve, names),
      placingLine(whole, peer, curve),
      memoryLine(timed, whole, peer),
    ];
  },
};

function stepMilliseconds({ msPerEpoch, objects }: OwnTraining): number {
  if (msPerEpoch === null) throw new Error('steps are timed in the epochs after the first, and there was one');
  return msPerEpoch / Math.floor(objects / BATCH);
}

function stepLine(own: OwnTraining, peer: Report): Line {
  return comparison(stepMilliseconds(own), numberFrom(peer, 'msPerStep'), 'ms', String(peer.library));
}

/** @param features inducing points, and one for each latent where the kernel has a linear term */
function rateLine(own: OwnTraining, outputs: number, features: number, gflops: number): Line {
  // Three products of B × R by R × D: the functions' variances, their gradient and the outputs' q(v).
  const packed = (features * (features + 1)) / 2;
  const flops = 6 * BATCH * packed * outputs;
  const share = flops / (stepMilliseconds(own) * 1e6) / gflops;
  return `${digits(flops / 1e9)} GFLOP in products of packed matrices: ${(100 * share).toFixed(0)}% of the measured ${digits(gflops)} GFLOP/s`;
}

interface QuickTraining {
  readonly epochs: number;
  readonly training: OwnTraining;
}

/** The shortest of some whole trainings that ends at an error or below; null when none does. */
function quickestToError(
  error: number,
  curve: PeerCurve,
  train: (epochs: number) => OwnTraining,
): QuickTraining | null {
  for (const epochs of SHORT_TRAININGS) {
    const training = train(epochs);
    if (scaledRmse(curve, training.rmse) <= error) return { epochs, training };
  }
  return null;
}

interface OwnTrainings {
  /** With our default number of passes. */
  readonly whole: OwnTraining;
  readonly quick: QuickTraining | null;
}

function equalErrorLines(
  { whole, quick }: OwnTrainings,
  peer: Report,
  curve: PeerCurve,
  names: readonly string[],
): Line[] {
  const { step, scaledRmse: reached, rmse } = bestPoint(curve);
  const peerSeconds = (step * numberFrom(peer, 'msPerStep')) / 1000;
  const labels = names.map((name, k) => `${name} ${whole.rmse[k].toPrecision(2)} (${rmse[k].toPrecision(2)})`);
  const line = (of: OwnTraining, passes: string) =>
    `training to ${scaledRmse(curve, of.rmse).toFixed(3)} of the labels’ scatter (${passes}; the peer’s best ${reached.toFixed(3)}): ${comparison(of.seconds, peerSeconds, 's', `${step} steps of the peer`)}`;
  return [
    `RMSE of unseen objects’ labels about their truth: ours (the peer’s) ${labels.join(', ')}`,
    quick === null
      ? `none of our short trainings (${SHORT_TRAININGS.join(', ')} passes) comes to the peer’s ${reached.toFixed(3)}`
      : `${line(quick.training, `passes: ${quick.epochs}, start and calibration included`)} (bar: 30×)`,
    line(whole, 'our default'),
    `the peer’s curve: ${curve.command}, ${curve.date}; its time is its steps times the time of a step in this run`,
  ];
}

function placingLine(own: OwnTraining, peer: Report, { points }: PeerCurve): Line {
  const { placingSteps } = points[points.length - 1];
  const peerMs = placingSteps * numberFrom(peer, 'msPerPlacingStep');
  return `placing 100 new spectra: ${comparison(own.msPlacing, peerMs, 'ms', `${placingSteps} steps of the peer`)} (bar: 100×)`;
}

function memoryLine(timed: OwnTraining, whole: OwnTraining, peer: Report): Line {
  const ratio = numberFrom(peer, 'peakMemory') / timed.peakMemory;
  const training = `training alone ${digits(timed.trainingMemory)} and ${digits(numberFrom(peer, 'trainingMemory'))} MiB`;
  return `peak memory of the process: lightfold ${digits(timed.peakMemory)} MiB (${digits(whole.peakMemory)} with our default batch), peer ${digits(numberFrom(peer, 'peakMemory'))} MiB: ratio ${ratio.toFixed(2)}× (bar: 2×); ${training}`;
}
