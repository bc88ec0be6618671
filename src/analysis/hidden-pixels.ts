import type { Matrix } from '../base/index.ts';
import type { SpectrumDistribution } from '../inference/index.ts';
import { HALF_WIDTH_68, HALF_WIDTH_95, type ObservedSpectra } from './pixel-sums.ts';

/** How well pixels are predicted that the model was not shown. σ² = 1/ivar, s² = variance of the prediction. */
export interface HiddenPixelScore {
  /** Hidden pixels that were observed all the same: the three scores after it are over them. */
  readonly pixels: number;
  /** Σ (x − x')² / (s² + σ²) over their number: 1 when predictions are off by as much as they say. */
  readonly predictiveChi2PerPixel: number;
  /** Share of them with the observed flux within the central 68% (95%) of N(x', s² + σ²). */
  readonly coverage68: number;
  readonly coverage95: number;
  /** Simulated surveys only: share of all hidden pixels with the noise-free flux within the same of N(x', s²). */
  readonly coverageTruth68?: number;
  readonly coverageTruth95?: number;
}

/**
 * Scores predicted spectra where the model was shown nothing; null where there is nothing to judge by.
 *
 * @param shown inverse variances as the model saw them, N × P; 0 = hidden from it; null = saw no pixel
 */
export function scoreHiddenPixels(
  { flux, ivar, truth }: ObservedSpectra,
  shown: Matrix | null,
  predicted: SpectrumDistribution,
): HiddenPixelScore | null {
  const observed = new Tally();
  const noiseFree = new Tally();
  for (let at = 0; at < flux.data.length; at++) {
    if (shown !== null && shown.data[at] > 0) continue;
    const [mean, variance] = [predicted.mean.data[at], predicted.variance.data[at]];
    if (ivar.data[at] > 0) observed.add((flux.data[at] - mean) ** 2 / (variance + 1 / ivar.data[at]));
    if (truth !== null) noiseFree.add((truth.data[at] - mean) ** 2 / variance);
  }
  if (observed.count === 0 && noiseFree.count === 0) return null;
  return {
    pixels: observed.count,
    predictiveChi2PerPixel: observed.share(observed.sum),
    coverage68: observed.share(observed.within68),
    coverage95: observed.share(observed.within95),
    ...(noiseFree.count === 0
      ? {}
      : {
          coverageTruth68: noiseFree.share(noiseFree.within68),
          coverageTruth95: noiseFree.share(noiseFree.within95),
        }),
  };
}

/** Counts squared errors in units of their variance. */
class Tally {
  count = 0;
  sum = 0;
  within68 = 0;
  within95 = 0;

  add(square: number): void {
    this.count++;
    this.sum += square;
    if (square <= HALF_WIDTH_68 ** 2) this.within68++;
    if (square <= HALF_WIDTH_95 ** 2) this.within95++;
  }

  /** NaN of none. */
  share(part: number): number {
    return part / this.count;
  }
}
