/** What the figure of a random search shows. */
export interface SearchData {
  /** Name of the file, without extension. */
  readonly name: string;
  /** As printed: `VAE`. */
  readonly model: string;
  readonly latents: number;
  /** What the error is: `½ Σ w (x − x′)² per spectrum`. */
  readonly errorTitle: string;
  /** The quantities searched, all on logarithmic scales. */
  readonly dimensions: readonly { readonly title: string; readonly low: number; readonly high: number }[];
  /** How far each rung leads, in words: `1 epoch`, `3 epochs`, `to the end`. */
  readonly rungs: readonly string[];
  /** Best first. */
  readonly trials: readonly SearchPoint[];
  /** Trials without an error. */
  readonly failed: number;
}

export interface SearchPoint {
  /** Of each dimension. */
  readonly values: readonly number[];
  readonly error: number;
  /** Index of the last rung reached. */
  readonly rung: number;
  readonly latentsInUse: number;
}
