/** What labels add to a fit: standardised rows beside the spectra's, and the scatter about their predictions. */
import { z } from 'zod';
import { type Matrix, zeros } from '../../base/index.ts';
import { input, type Tensor } from '../../graph/index.ts';
import type {
  FitContext,
  FitData,
  GradientFitting,
  LabelData,
  LossGraph,
  Model,
  NamedArray,
  Parameters,
} from '../model.ts';
import { excessVariance } from '../scatter/excess-variance.ts';
import { rebuilt, residualsOf } from '../scatter/held-out.ts';
import { initialLabelHead, type LabelHead, labelLoss } from './label-head.ts';

/** Names of the prepared matrices, all N × K, as the loss graph's inputs ask for them. */
const LABEL = 'label';
const LABEL_NOISE = 'labelNoise';
const LABEL_SEEN = 'labelSeen';

/** The setting `labels` of models that can have a head. */
export function labelsSetting() {
  return z
    .boolean()
    .default(false)
    .describe('also predict the labels of the dataset, whose likelihood then joins the loss');
}

/** The labels' part of the loss of a minibatch at its latents (N × Q), and what it is fed with. */
export function labelTerm(rows: number, head: LabelHead, latent: Tensor): Pick<LossGraph, 'inputs' | 'loss'> {
  const rowsOf = (of: string) => ({ tensor: input(of, [rows, head.labels]), fill: { from: 'rows' as const, of } });
  const [label, noise, seen] = [rowsOf(LABEL), rowsOf(LABEL_NOISE), rowsOf(LABEL_SEEN)];
  return { inputs: [label, noise, seen], loss: labelLoss(head, latent, label.tensor, noise.tensor, seen.tensor) };
}

/** The fitting of a model of spectra, with the labels' parts added to each of its stages. */
export function fittingWithLabels(
  fitting: GradientFitting,
  head: LabelHead,
  graphs: Pick<Model, 'encoder' | 'decoder'>,
): GradientFitting {
  return {
    ...fitting,
    async prepare(train, valid, context) {
      const prepared = await fitting.prepare(train, valid, context);
      const scaling = labelScaling(labelsOf(train));
      return {
        fixed: { ...prepared.fixed, ...scaling },
        train: { ...prepared.train, ...labelRows(labelsOf(train), scaling) },
        valid: { ...prepared.valid, ...labelRows(labelsOf(valid), scaling) },
      };
    },
    initialParameters: (random) => ({ ...fitting.initialParameters(random), ...initialLabelHead(head, random) }),
    async calibrate(parameters, valid, context) {
      const calibrated = await fitting.calibrate(parameters, valid, context);
      const data = await labelVarianceOf(graphs, parameters, valid, context);
      return { ...calibrated, labelModelVariance: { shape: [head.labels], data } };
    },
  };
}

function labelsOf({ labels }: FitData): LabelData {
  if (labels === undefined) throw new Error('a model with a label head was given no labels');
  return labels;
}

type LabelScaling = Readonly<Record<'labelCentre' | 'labelScale', NamedArray>>;

/** Mean and standard deviation of each label over the objects where it was measured. */
function labelScaling({ value, ivar }: LabelData): LabelScaling {
  const { rows, columns } = value;
  const centre = new Float32Array(columns);
  const scale = new Float32Array(columns).fill(1);
  for (let k = 0; k < columns; k++) {
    let [count, sum, square] = [0, 0, 0];
    for (let n = 0; n < rows; n++) {
      if (!(ivar.data[n * columns + k] > 0)) continue;
      count++;
      sum += value.data[n * columns + k];
    }
    if (count === 0) continue;
    centre[k] = sum / count;
    for (let n = 0; n < rows; n++) {
      if (ivar.data[n * columns + k] > 0) square += (value.data[n * columns + k] - centre[k]) ** 2;
    }
    // A label that is the same everywhere has no scatter to measure by.
    scale[k] = Math.sqrt(square / count) || 1;
  }
  return { labelCentre: { shape: [columns], data: centre }, labelScale: { shape: [columns], data: scale } };
}

function labelRows({ value, ivar }: LabelData, { labelCentre, labelScale }: LabelScaling): Record<string, Matrix> {
  const { rows, columns } = value;
  const [label, noise, seen] = [zeros(rows, columns), zeros(rows, columns), zeros(rows, columns)];
  for (let at = 0; at < value.data.length; at++) {
    const scale = labelScale.data[at % columns];
    const measured = ivar.data[at] > 0;
    seen.data[at] = measured ? 1 : 0;
    label.data[at] = measured ? (value.data[at] - labelCentre.data[at % columns]) / scale : 0;
    noise.data[at] = measured ? 1 / (ivar.data[at] * scale * scale) : 1;
  }
  return { [LABEL]: label, [LABEL_NOISE]: noise, [LABEL_SEEN]: seen };
}

/**
 * The scatter of true labels about what is predicted from spectra, per label, beyond their own errors and what the
 * latents' uncertainty makes of the prediction; from held-out objects. Length K, in label units².
 *
 * @throws InterruptedError when `signal` fires
 */
async function labelVarianceOf(
  graphs: Pick<Model, 'encoder' | 'decoder'>,
  parameters: Parameters,
  valid: FitData,
  context: FitContext,
): Promise<Float32Array> {
  const measured = labelsOf(valid);
  const predicted = await rebuilt(graphs, parameters, valid, 'labelMean', context);
  const certainty = measured.ivar.data.map((ivar, at) => (ivar > 0 ? 1 / (1 / ivar + predicted.spread.data[at]) : 0));
  return excessVariance(residualsOf(measured.value, predicted), { ...measured.ivar, data: certainty });
}
