import type { Random } from '../../base/index.ts';
import { medianInPlace } from '../../spectra/index.ts';
import { maskBadPixels } from './bad-pixels.ts';
import { type Instrument, READ_NOISE } from './instrument.ts';

/** A spectrum as the survey delivers it, one entry per pixel of the instrument. */
export interface Exposure {
  /** 10⁻¹⁷ erg/s/cm²/Å, rounded to float32 as files store it. */
  readonly flux: Float64Array;
  /** Inverse variance, rounded to float32; 0 = bad. */
  readonly ivar: Float64Array;
  /** SDSS `spPixelMask` bits. */
  readonly mask: Int32Array<ArrayBuffer>;
  /** Sky subtracted, 10⁻¹⁷ erg/s/cm²/Å. */
  readonly sky: Float64Array;
}

export interface ObservingConditions {
  /** Median S/N per pixel of 10⁻⁴ dex, over the pixels `window` of the instrument. */
  readonly snr: number;
  /** First pixel of the instrument, and one past the last, where the S/N is meant. */
  readonly window: readonly [number, number];
  /** Share of the instrument's pixels in one gap without data; 0 for none. */
  readonly missing: number;
}

/** S/N is taken at every so many pixels: enough for a median. */
const SNR_STRIDE = 7;

/**
 * Exposes `flux` (noise-free, 10⁻¹⁷ erg/s/cm²/Å at the instrument's pixels): photon noise of object and sky and
 * readout noise, (f + s)/c + (r/c)² with c electrons per unit flux, for an exposure as long as the wanted S/N takes.
 * What is reported as ivar is exactly the noise that was drawn.
 */
export function observe(
  flux: Float64Array,
  instrument: Instrument,
  conditions: ObservingConditions,
  random: Random,
): Exposure {
  const { sensitivity } = instrument;
  const pixels = flux.length;
  const skyLevel = Math.exp(random.normal(0, 0.15));
  const airglow = Math.exp(random.normal(0, 0.3));
  const sky = instrument.sky.map((level) => skyLevel * (level < 12 ? level : 12 + airglow * (level - 12)));
  const variance = new Float64Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const noise = READ_NOISE / sensitivity[i];
    variance[i] = (Math.max(0, flux[i]) + sky[i]) / sensitivity[i] + noise * noise;
  }
  const [from, to] = conditions.window;
  const ratios = Float64Array.from({ length: Math.ceil((to - from) / SNR_STRIDE) }, (_, k) => {
    const i = from + k * SNR_STRIDE;
    return flux[i] / Math.sqrt(variance[i]);
  });
  const exposure = (medianInPlace(ratios) / conditions.snr) ** 2;
  const noisy = new Float64Array(pixels);
  const ivar = new Float64Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const reported = Math.fround(1 / (variance[i] * exposure));
    ivar[i] = reported;
    noisy[i] = Math.fround(flux[i] + random.normal() / Math.sqrt(reported));
  }
  const mask = maskBadPixels(instrument, noisy, ivar, conditions.missing, random);
  return { flux: noisy, ivar, mask, sky };
}
