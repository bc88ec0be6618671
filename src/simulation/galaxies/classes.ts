import { KMS_PER_PIXEL, LN_STEP, pixelAt, shiftOfRedshift } from '../log-wavelength.ts';
import type { Instrument } from '../observing/instrument.ts';
import type { Exposure } from '../observing/observe.ts';
import { INSTRUMENT_SIGMA } from '../stars/stellar-spectrum.ts';
import type { GalaxyHidden } from './hidden.ts';
import { aboveKewley, type LineFluxes } from './nebular.ts';

export type GalaxyClass = 'quiescent' | 'emission-line' | 'narrow-line AGN' | 'broad-line AGN';

/** Balmer lines weaker than this many σ do not count. */
const DETECTION = 3;

/**
 * The class that a survey would give (Portillo et al. 2020, section 3): broad lines make a broad-line AGN; Hα below
 * 3σ, measured on this very spectrum, a quiescent galaxy; the rest are split by the line of Kewley et al. (2001).
 *
 * @param lines fluxes in the flux unit × rest Å
 * @param deviate a standard normal: the luck of the measurement of Hα
 */
export function classify(
  hidden: GalaxyHidden,
  lines: LineFluxes,
  exposure: Exposure,
  instrument: Instrument,
  deviate: number,
): GalaxyClass {
  if (hidden.nucleus !== null) return 'broad-line AGN';
  const error = lineFluxError(hidden, exposure, instrument);
  if (lines.Hα + error * deviate < DETECTION * error) return 'quiescent';
  const n2 = Math.log10(lines['[N II] 6585'] / lines.Hα);
  const o3 = Math.log10(lines['[O III] 5008'] / lines.Hβ);
  return aboveKewley(n2, o3) ? 'narrow-line AGN' : 'emission-line';
}

/** Error of the flux of Hα from a fit of a Gaussian of known width: σ_pixel Δλ √(2√π σ), per rest Å; infinite if masked. */
function lineFluxError(hidden: GalaxyHidden, exposure: Exposure, instrument: Instrument): number {
  const centre = Math.round(pixelAt(6564.61) + shiftOfRedshift(hidden.redshift)) - instrument.range.first;
  const sigma = Math.hypot(hidden.sigmaGas, INSTRUMENT_SIGMA) / KMS_PER_PIXEL;
  const reach = Math.ceil(2 * sigma);
  let variance = 0;
  let observed = 0;
  for (let i = centre - reach; i <= centre + reach; i++) {
    if (!(exposure.ivar[i] > 0)) continue;
    variance += 1 / exposure.ivar[i];
    observed++;
  }
  if (observed <= reach) return Infinity;
  return Math.sqrt((variance / observed) * 2 * Math.sqrt(Math.PI) * sigma) * 6564.61 * LN_STEP;
}

/** How SDSS files write the class. */
export function sdssClass(galaxyClass: GalaxyClass, lines: LineFluxes | null, hAlphaWidth: number): [string, string] {
  switch (galaxyClass) {
    case 'quiescent':
      return ['GALAXY', ''];
    case 'broad-line AGN':
      return ['GALAXY', 'AGN BROADLINE'];
    case 'narrow-line AGN':
      return ['GALAXY', 'AGN'];
    default:
      return ['GALAXY', lines !== null && hAlphaWidth > STARBURST ? 'STARBURST' : 'STARFORMING'];
  }
}

/** Equivalent width of Hα, Å, from which the SDSS pipeline speaks of a starburst. */
const STARBURST = 50;
