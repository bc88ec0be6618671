/** A stretch of spectrum shown enlarged. */
export interface SpectralWindow {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

export interface LineMark {
  readonly name: string;
  readonly wavelength: number;
  /** Larger = named first where two names would overlap. */
  readonly weight: number;
}
