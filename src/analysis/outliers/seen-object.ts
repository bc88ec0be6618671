/**
 * One object as the detectors of oddities see it: spectrum and model only. All arrays have length P and are views that
 * hold until the next object is looked at.
 */
export interface SeenObject {
  readonly flux: Float32Array;
  /** 0 = not observed. */
  readonly ivar: Float32Array;
  /** Decoded at the latent mean. */
  readonly model: Float32Array;
  /**
   * What an ordinary object nearest to this one would look like: decoded at the latent mean, drawn in to where its class
   * lies. A model that has seen an odd spectrum in training may rebuild it well at a place of its own; against this the
   * oddity shows.
   */
  readonly ordinary: Float32Array;
  /** 1 / (noise variance + the model's own scatter); 0 = not observed. */
  readonly weight: Float64Array;
  /** `weight`, with 0 also on the lines that gas emits. */
  readonly continuumWeight: Float64Array;
  /** ln(1 + z); 0 where the redshift is unknown: the grid is then taken for the observed frame. */
  readonly shift: number;
}
