/**
 * What a GPLVM decodes and how it is divided (Lalchand & Eilers 2025): *blocks* of outputs that share a likelihood, such
 * as all pixels or all labels, and *decoders*, each a Gaussian process of its own covariance over one or more blocks.
 * D outputs in all: P pixels, then K labels.
 */
import { Covariance } from './covariance/covariance.ts';
import type { Likelihood } from './likelihoods/likelihood.ts';

/** Outputs `first` … `first + outputs − 1` of the D. */
export interface Block {
  readonly name: string;
  readonly first: number;
  readonly outputs: number;
  readonly likelihood: Likelihood;
  /** Whether all its outputs share an unknown factor near 1, the error of a spectrum's normalisation. */
  readonly gain: boolean;
  /** What each observed value counts in the fit of latents: below 1 where errors of neighbouring outputs go together. */
  readonly share: number;
}

export interface Decoder {
  readonly name: string;
  readonly covariance: Covariance;
  readonly blocks: readonly Block[];
}

/** `one`: a decoder for everything; `perView`: one for the spectra, one for the labels; `perLabel`: one for each label. */
export type Arrangement = 'one' | 'perView' | 'perLabel';

export interface ViewPlan {
  readonly arrangement: Arrangement;
  readonly latents: number;
  readonly pixels: number;
  readonly pixelLikelihood: Likelihood;
  readonly pixelGain: boolean;
  readonly pixelShare: number;
  /** Of each label, in order. */
  readonly labelLikelihoods: readonly Likelihood[];
  readonly spectrumKernel: string;
  readonly labelKernel: string;
}

/** @throws UserError when a kernel is unknown */
export function decodersOf(plan: ViewPlan): readonly Decoder[] {
  const { arrangement, latents, pixels, spectrumKernel, labelKernel } = plan;
  const spectrum: Block = {
    name: 'spectrum',
    first: 0,
    outputs: pixels,
    likelihood: plan.pixelLikelihood,
    gain: plan.pixelGain,
    share: plan.pixelShare,
  };
  const labels = labelBlocks(plan);
  const decoder = (name: string, kernel: string, blocks: readonly Block[]): Decoder => ({
    name,
    covariance: new Covariance(kernel, name, latents),
    blocks,
  });
  if (arrangement === 'one') return [decoder('all', spectrumKernel, [spectrum, ...labels])];
  const ofSpectra = decoder('spectra', spectrumKernel, [spectrum]);
  if (labels.length === 0) return [ofSpectra];
  if (arrangement === 'perView') return [ofSpectra, decoder('labels', labelKernel, labels)];
  return [ofSpectra, ...labels.map((block) => decoder(block.name, labelKernel, [block]))];
}

/** Runs of neighbouring labels with one likelihood; one label each where each has a decoder of its own. */
function labelBlocks({ arrangement, pixels, labelLikelihoods }: ViewPlan): Block[] {
  const blocks: Block[] = [];
  for (const [label, likelihood] of labelLikelihoods.entries()) {
    const before = blocks.at(-1);
    if (arrangement !== 'perLabel' && before?.likelihood === likelihood) {
      blocks[blocks.length - 1] = { ...before, outputs: before.outputs + 1 };
    } else {
      blocks.push({ name: `label${label + 1}`, first: pixels + label, outputs: 1, likelihood, gain: false, share: 1 });
    }
  }
  return blocks;
}
