import type { SpectrumDistribution } from '../inference/index.ts';
import { addSpectra, noPixels, type ObservedSpectra, type PixelSums } from './pixel-sums.ts';

/**
 * How well spectra were rebuilt (docs/architecture.md, Measures). Sums run over the observed pixels of all objects;
 * w is the inverse variance with the pixel S/N capped at 50, exactly as in the training loss.
 */
export interface ReconstructionMetrics {
  readonly objects: number;
  readonly pixels: number;
  /** ΣΣ w (x − x')² / ΣΣ w, in flux² (VAE paper, Fig. 3). */
  readonly mse: number;
  /** ΣΣ ivar (x − x')² / number of pixels: 1 when residuals are as large as the stated noise. */
  readonly chi2PerPixel: number;
  /** ΣΣ |x − x'| / number of pixels, in flux. */
  readonly maeFlux: number;
  /** Share of pixels whose observed flux lies within the central 68% (95%) of N(x', s² + 1/ivar). */
  readonly coverage68: number;
  readonly coverage95: number;
  /** Simulated surveys only: ΣΣ w (truth − x')² / ΣΣ w, the error without the noise of the observation. */
  readonly mseTruth?: number;
  /**
   * Simulated surveys only: share of pixels whose noise-free flux lies within the central 68% (95%) of N(x', s²), of
   * the observed pixels (under two names) and of those that were not.
   */
  readonly coverageTruth68?: number;
  readonly coverageTruth95?: number;
  readonly coverageTruthObserved68?: number;
  readonly coverageTruthObserved95?: number;
  readonly coverageTruthUnobserved68?: number;
  readonly coverageTruthUnobserved95?: number;
}

/** Scores of matrices N × P, all objects together. Without observed pixels the ratios are NaN. */
export function reconstructionMetrics(observed: ObservedSpectra, rebuilt: SpectrumDistribution): ReconstructionMetrics {
  const sums = noPixels();
  addSpectra(observed, rebuilt, () => [sums]);
  return metricsOf(sums);
}

export function metricsOf(sums: PixelSums): ReconstructionMetrics {
  const { objects, pixels } = sums;
  const measured = {
    objects,
    pixels,
    mse: sums.weightedSquare / sums.weight,
    chi2PerPixel: sums.chi2 / pixels,
    maeFlux: sums.absolute / pixels,
    coverage68: sums.within68 / pixels,
    coverage95: sums.within95 / pixels,
  };
  return { ...measured, ...truthMetricsOf(sums) };
}

function truthMetricsOf(sums: PixelSums): Partial<ReconstructionMetrics> {
  const { truthPixels, unobservedTruthPixels } = sums;
  if (truthPixels === 0) return {};
  const observed68 = sums.truthWithin68 / truthPixels;
  const observed95 = sums.truthWithin95 / truthPixels;
  const observed = {
    mseTruth: sums.truthWeightedSquare / sums.weight,
    coverageTruth68: observed68,
    coverageTruth95: observed95,
    coverageTruthObserved68: observed68,
    coverageTruthObserved95: observed95,
  };
  if (unobservedTruthPixels === 0) return observed;
  return {
    ...observed,
    coverageTruthUnobserved68: sums.unobservedWithin68 / unobservedTruthPixels,
    coverageTruthUnobserved95: sums.unobservedWithin95 / unobservedTruthPixels,
  };
}
