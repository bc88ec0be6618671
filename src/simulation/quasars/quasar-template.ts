import { MAGNITUDE, smallMagellanicCloud } from '../dust.ts';
import { LN_STEP, type PixelRange, SPEED_OF_LIGHT, wavelengthAt } from '../log-wavelength.ts';
import { balmerContinuum } from '../nuclei/balmer-continuum.ts';
import { OPTICAL_IRON, ULTRAVIOLET_IRON } from '../nuclei/iron.ts';
import { addGaussian } from '../profiles.ts';
import { broadLineWidths, emissionLines, hBetaWidth, ironStrength } from './emission-lines.ts';
import type { QuasarHidden } from './hidden.ts';

/** Where the power law is 1, Å. */
const REFERENCE = 2500;

/** Fe II lines are narrower than Hβ and Mg II (Hu et al. 2008, ApJ 687, 78). */
const IRON_NARROWER = 0.75;

/** Balmer continuum at the edge over the power law there, at the mean. */
const BALMER_STRENGTH = 0.1;

/** A Gaussian in ln λ: amplitude · exp(−½ ((ln λ − centre)/sigma)²). */
interface Component {
  readonly centre: number;
  readonly sigma: number;
  readonly amplitude: number;
}

/** The parts whose sum, reddened, is the spectrum; λ in rest Å, flux in units of the unreddened power law at 2500 Å. */
interface Parts {
  readonly slope: number;
  readonly balmer: number;
  readonly gaussians: readonly Component[];
  readonly ebv: number;
}

/**
 * The noise-free spectrum of a quasar at rest wavelengths `wavelength` (vacuum Å): a smooth, pure function of the
 * hidden variables, so that its numerical derivatives give Cramér–Rao bounds. In units of the flux density of the
 * power law at 2500 Å before dust.
 */
export function quasarTemplate(hidden: QuasarHidden, wavelength: Float64Array): Float64Array {
  const parts = partsOf(hidden);
  const logWavelength = wavelength.map(Math.log);
  const flux = logWavelength.map(
    (at) => Math.exp((at - Math.log(REFERENCE)) * parts.slope) + parts.balmer * balmerContinuum(at),
  );
  for (const { centre, sigma, amplitude } of parts.gaussians) {
    for (let i = 0; i < flux.length; i++) {
      const x = (logWavelength[i] - centre) / sigma;
      if (x > -5 && x < 5) flux[i] += amplitude * Math.exp(-0.5 * x * x);
    }
  }
  return flux.map((value, i) => value * Math.exp(MAGNITUDE * parts.ebv * smallMagellanicCloud(wavelength[i])));
}

/**
 * The same on the simulator's pixels, many times faster. `range` counts pixels in the observed frame.
 *
 * @param shift pixels by which the redshift moves the spectrum
 */
export function quasarOnPixels(hidden: QuasarHidden, range: PixelRange, shift: number): Float64Array {
  const parts = partsOf(hidden);
  const flux = new Float64Array(range.count);
  const start = (range.first - shift) * LN_STEP;
  const ratio = Math.exp(LN_STEP * parts.slope);
  let power = Math.exp((start - Math.log(REFERENCE)) * parts.slope);
  for (let i = 0; i < flux.length; i++) {
    flux[i] = power + parts.balmer * balmerContinuum(start + i * LN_STEP);
    power *= ratio;
  }
  for (const { centre, sigma, amplitude } of parts.gaussians) {
    addGaussian(flux, (centre - start) / LN_STEP, sigma / LN_STEP, amplitude);
  }
  if (parts.ebv > 0) redden(flux, Math.exp(start), parts.ebv);
  return flux;
}

/** A(λ) is a power law, so its values on log pixels are in geometric progression. */
function redden(flux: Float64Array, start: number, ebv: number): void {
  let exponent = MAGNITUDE * ebv * smallMagellanicCloud(start);
  const ratio = smallMagellanicCloud(start * wavelengthAt(1)) / smallMagellanicCloud(start);
  for (let i = 0; i < flux.length; i++) {
    flux[i] *= Math.exp(exponent);
    exponent *= ratio;
  }
}

function partsOf(hidden: QuasarHidden): Parts {
  const power = (wavelength: number) => (wavelength / REFERENCE) ** hidden.slope;
  const gaussians = emissionLines(hidden).map(({ wavelength, velocity, sigma, width }) =>
    component(wavelength, velocity, sigma, width * power(wavelength)),
  );
  const iron = ironStrength(hidden);
  const widths = broadLineWidths(hidden);
  const hBeta = hBetaWidth(hidden) * power(4862.69);
  const ultraviolet = iron.ultraviolet * power(2650);
  for (const { wavelength, spread, flux } of ULTRAVIOLET_IRON) {
    gaussians.push(
      component(wavelength, 0, Math.hypot(spread, (IRON_NARROWER * widths.mgII) / 2.355), ultraviolet * flux),
    );
  }
  for (const { wavelength, flux } of OPTICAL_IRON) {
    gaussians.push(
      component(wavelength, 0, (IRON_NARROWER * widths.hBeta) / 2.355, iron.opticalToHBeta * hBeta * flux),
    );
  }
  return {
    slope: hidden.slope,
    balmer: BALMER_STRENGTH * 10 ** hidden.balmer * power(3647),
    gaussians,
    ebv: hidden.ebv,
  };
}

/** @param flux integrated over wavelength, Å */
function component(wavelength: number, velocity: number, sigma: number, flux: number): Component {
  const width = sigma / SPEED_OF_LIGHT;
  return {
    centre: Math.log(wavelength) + velocity / SPEED_OF_LIGHT,
    sigma: width,
    amplitude: flux / (Math.sqrt(2 * Math.PI) * width * wavelength),
  };
}
