import { SPEED_OF_LIGHT } from '../log-wavelength.ts';
import { OPTICAL_IRON, ULTRAVIOLET_IRON } from '../nuclei/iron.ts';
import { broadLineWidths, emissionLines, hBetaWidth, ironStrength } from './emission-lines.ts';
import type { QuasarHidden } from './hidden.ts';

/** Where the power law is 1, Å. */
export const REFERENCE = 2500;

/** Fe II lines are narrower than Hβ and Mg II (Hu et al. 2008, ApJ 687, 78). */
const IRON_NARROWER = 0.75;

/** Balmer continuum at the edge over the power law there, at the mean. */
const BALMER_STRENGTH = 0.1;

/** A Gaussian in ln λ: amplitude · exp(−½ ((ln λ − centre)/sigma)²). */
export interface Component {
  readonly centre: number;
  readonly sigma: number;
  readonly amplitude: number;
}

/** The parts whose sum, reddened, is the spectrum; λ in rest Å, flux in units of the unreddened power law at 2500 Å. */
export interface Parts {
  readonly slope: number;
  readonly balmer: number;
  readonly gaussians: readonly Component[];
  readonly ebv: number;
}

/** What a quasar is made of: always the same parts in the same order, so that their derivatives can be taken one by one. */
export function partsOf(hidden: QuasarHidden): Parts {
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
