/** What a simulated galaxy is: everything that its noise-free spectrum follows from. */
export interface GalaxyHidden {
  readonly population: Population;
  readonly redshift: number;
  /** log₁₀ of the stellar mass, M☉. */
  readonly logMass: number;
  /** [M/H] of the stars, dex. */
  readonly metallicity: number;
  /** 12 + log(O/H) of the gas. */
  readonly oxygen: number;
  /** Departure of the ionisation parameter from the star-forming sequence, dex. */
  readonly ionisation: number;
  /** Age of the old stars, Gyr: centre of a burst 0.15 dex wide. */
  readonly oldAge: number;
  /** log₁₀ of star-formation rate over stellar mass, yr⁻¹: the mean over `duration`. */
  readonly logSsfr: number;
  /** Gyr for which stars have formed at that rate. */
  readonly duration: number;
  /** Rate of the last 30 Myr over the mean rate, dex. */
  readonly recent: number;
  /** A burst that ended: its age, Gyr, and share of all mass; null for most galaxies. */
  readonly burst: { readonly age: number; readonly share: number } | null;
  /** E(B−V) of stars and of gas, magnitudes. */
  readonly dustStars: number;
  readonly dustGas: number;
  /** σ of stars and of gas, km/s. */
  readonly sigmaStars: number;
  readonly sigmaGas: number;
  /** Lines that stars do not ionise: equivalent width of Hα over the starlight (Å) and kind of source. */
  readonly activity: Activity;
  /** The naked nucleus of a broad-line AGN. */
  readonly nucleus: Nucleus | null;
}

export type Population =
  | 'passive'
  | 'green valley'
  | 'star-forming'
  | 'post-starburst'
  | 'extreme emission'
  | 'Seyfert 2'
  | 'LINER'
  | 'broad-line AGN';

export interface Activity {
  readonly hAlphaWidth: number;
  /** 0 LINER … 1 Seyfert. */
  readonly hardness: number;
  /** Scatter in [N II]/Hα and [O III]/Hβ, dex. */
  readonly nitrogen: number;
  readonly ionisation: number;
}

export interface Nucleus {
  /** Its share of the light at 5100 Å. */
  readonly share: number;
  /** f_λ ∝ λ^slope. */
  readonly slope: number;
  /** Equivalent width of broad Hβ over the nuclear continuum, Å. */
  readonly hBetaWidth: number;
  /** Broad Hα/Hβ. */
  readonly decrement: number;
  /** FWHM of the broad lines, km/s, and their shift. */
  readonly fwhm: number;
  readonly shift: number;
  /** F(Fe II 4434–4684)/F(Hβ). */
  readonly iron: number;
  /** Balmer continuum at the edge over the power law there. */
  readonly balmer: number;
  /** Equivalent width of narrow [O III] 5008 over the nuclear continuum, Å. */
  readonly oxygenWidth: number;
}
