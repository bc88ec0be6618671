import { LOG_STEP, type PixelRange, pixelsBetween } from '../log-wavelength.ts';
import { skySpectrum } from './sky.ts';

/** A spectrograph as the noise sees it. All arrays have one entry per pixel of `range`. */
export interface Instrument {
  /** As SDSS headers name it. */
  readonly name: 'SDSS' | 'BOSS';
  readonly range: PixelRange;
  /** log₁₀ λ rounded to float32, as survey files store it. */
  readonly logWavelength: Float32Array<ArrayBuffer>;
  /** Vacuum Å: 10 to the power of `logWavelength`. */
  readonly wavelength: Float64Array;
  /** Electrons per pixel of a nominal exposure for a flux of 10⁻¹⁷ erg/s/cm²/Å. */
  readonly sensitivity: Float64Array;
  /** Mean sky, 10⁻¹⁷ erg/s/cm²/Å. */
  readonly sky: Float64Array;
  /** σ of the line spread function in pixels, as files give it (`wdisp`). */
  readonly dispersion: Float64Array;
}

/** Electrons of readout noise, summed over the pixels of CCD and exposures that make up one pixel. */
export const READ_NOISE = 6;

/**
 * Sensitivity at these wavelengths (Å), linear between: as implied by flux, sky and ivar of spectra of both surveys
 * (var = (flux + sky)/sensitivity); the dip near 5950 Å is the dichroic (Smee et al. 2013, AJ 146, 32).
 */
const SENSITIVITY: Readonly<Record<Instrument['name'], readonly (readonly [number, number])[]>> = {
  SDSS: [
    [3750, 3],
    [3850, 5],
    [4000, 9.5],
    [4500, 18],
    [5000, 24],
    [5500, 27],
    [5800, 30],
    [5950, 27],
    [6100, 46],
    [6500, 57],
    [7000, 55],
    [7500, 44],
    [8000, 33],
    [8500, 20],
    [9000, 12],
    [9250, 8],
  ],
  BOSS: [
    [3560, 0.7],
    [3650, 3],
    [3800, 12],
    [4000, 29],
    [4500, 45],
    [5000, 55],
    [5500, 54],
    [5900, 46],
    [6050, 44],
    [6200, 66],
    [6500, 83],
    [7000, 95],
    [7500, 92],
    [8000, 88],
    [8500, 90],
    [9000, 78],
    [9500, 58],
    [10000, 24],
    [10350, 4],
  ],
};

/** SDSS-I/II spectrographs, 3800–9200 Å. */
export function createSdss(): Instrument {
  return createInstrument('SDSS', pixelsBetween(3800, 9200));
}

/** BOSS spectrographs, 3600–10300 Å. */
export function createBoss(): Instrument {
  return createInstrument('BOSS', pixelsBetween(3600, 10300));
}

function createInstrument(name: Instrument['name'], range: PixelRange): Instrument {
  const logWavelength = Float32Array.from({ length: range.count }, (_, i) => (range.first + i) * LOG_STEP);
  const wavelength = Float64Array.from(logWavelength, (log) => Math.exp(log * Math.LN10));
  return {
    name,
    range,
    logWavelength,
    wavelength,
    sensitivity: wavelength.map((at) => between(SENSITIVITY[name], at)),
    sky: skySpectrum(range.first, wavelength),
    // 1.2 pixels in the far blue, 0.85 in the red, as in SDSS files.
    dispersion: wavelength.map((at) => 0.84 + 0.4 * Math.exp(-(at - 3600) / 700)),
  };
}

function between(table: readonly (readonly [number, number])[], x: number): number {
  let k = 1;
  while (k < table.length - 1 && table[k][0] < x) k++;
  const [[x0, y0], [x1, y1]] = [table[k - 1], table[k]];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}
