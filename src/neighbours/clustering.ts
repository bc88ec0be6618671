/** A partition of N points. */
export interface Clustering {
  /** How many clusters there are, noise not counted. */
  readonly clusters: number;
  /** Length N: 0 … clusters − 1, the largest first; −1 for noise. */
  readonly cluster: Int32Array;
  /** Length N: how surely the point belongs to its cluster, 0–1; 0 for noise. */
  readonly probability: Float64Array;
}
