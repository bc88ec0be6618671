import { medianInPlace, pixelEdges, resampleInto, type Spectrum } from '../../spectra/index.ts';

/** Pixels evenly spaced in ln λ: the centre of pixel i lies at `first` + i · `step`. */
export interface LogGrid {
  readonly first: number;
  readonly step: number;
  readonly pixels: number;
}

/**
 * An observed spectrum on pixels as wide as those of a model and in step with them, so that redshifting the model is
 * moving it along. It is resampled once: were it resampled anew at every redshift, the noise would fall into the
 * pixels differently each time, and χ² would jump by tens between neighbouring redshifts.
 */
export interface ObservedPixels extends LogGrid {
  /** A whole number: pixel i of the data lies on pixel i + offset of the model's grid, at redshift 0. */
  readonly offset: number;
  /** In units of `scale`. */
  readonly flux: Float64Array;
  /** 0 = not observed. */
  readonly ivar: Float64Array;
  /** Flux of the file = `flux` × `scale`. */
  readonly scale: number;
}

/** @returns null when not one pixel is observed */
export function observedPixels(spectrum: Spectrum, model: LogGrid): ObservedPixels | null {
  const { wavelength } = spectrum;
  const span = observedSpan(spectrum);
  if (span === null) return null;
  const { step } = model;
  const offset = Math.floor((Math.log(wavelength[span.first]) - model.first) / step);
  const last = Math.ceil((Math.log(wavelength[span.last]) - model.first) / step);
  const pixels = last - offset + 1;
  const first = model.first + offset * step;
  const edges = Float64Array.from({ length: pixels + 1 }, (_, i) => Math.exp(first + (i - 0.5) * step));
  const flux = new Float64Array(pixels);
  const ivar = new Float64Array(pixels);
  resampleInto(pixelEdges(wavelength), spectrum.flux, spectrum.ivar, edges, flux, ivar);
  const scale = typicalSize(flux, ivar);
  if (scale === 0) return null;
  for (let i = 0; i < pixels; i++) {
    flux[i] /= scale;
    ivar[i] *= scale * scale;
  }
  return { first, step, pixels, offset, flux, ivar, scale };
}

function observedSpan({ ivar }: Spectrum): { first: number; last: number } | null {
  const first = ivar.findIndex((weight) => weight > 0);
  return first < 0 ? null : { first, last: ivar.findLastIndex((weight) => weight > 0) };
}

/** The median of |flux| over observed pixels, or its noise where the flux is all zeros; 0 when nothing is observed. */
function typicalSize(flux: Float64Array, ivar: Float64Array): number {
  const observed = (value: (i: number) => number) =>
    medianInPlace(
      Float64Array.from(ivar.keys())
        .filter((i) => ivar[i] > 0)
        .map(value),
    );
  const size = observed((i) => Math.abs(flux[i]));
  if (size > 0) return size;
  const noise = observed((i) => 1 / Math.sqrt(ivar[i]));
  return noise > 0 ? noise : 0;
}
