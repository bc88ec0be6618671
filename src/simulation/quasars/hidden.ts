/** What a simulated quasar is: everything that its noise-free spectrum follows from. */
export interface QuasarHidden {
  readonly redshift: number;
  /** log₁₀ of the bolometric luminosity, erg/s. */
  readonly logLbol: number;
  /** log₁₀ of the black-hole mass, M☉. */
  readonly logMbh: number;
  /** Power law f_λ ∝ λ^slope, before dust. */
  readonly slope: number;
  /** E(B−V), magnitudes, of dust like the Small Magellanic Cloud's. */
  readonly ebv: number;
  /** Departures from the mean relations, dex: */
  /** … of the equivalent widths of all broad lines, */
  readonly lines: number;
  /** … of those of high ionisation over those of low, */
  readonly ionisation: number;
  /** … of all line widths, */
  readonly widths: number;
  /** … of Fe II, */
  readonly iron: number;
  /** … of the narrow lines, */
  readonly narrow: number;
  /** … of the Balmer continuum. */
  readonly balmer: number;
  /** Departure of the blueshift of C IV from its mean, km/s. */
  readonly blueshift: number;
}

/** log₁₀ of the Eddington luminosity of 1 M☉, erg/s: L_Edd = 1.26e38 M/M☉. */
export const LOG_EDDINGTON = 38.1;

/** log₁₀ of bolometric over Eddington luminosity. */
export function logEddington(hidden: Pick<QuasarHidden, 'logLbol' | 'logMbh'>): number {
  return hidden.logLbol - hidden.logMbh - LOG_EDDINGTON;
}
