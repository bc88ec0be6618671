export interface Neighbour {
  readonly row: number;
  /** In standard deviations of the objects' latents. */
  readonly distance: number;
}

/**
 * The objects nearest to a point of latent space, nearest first, in Mahalanobis distance.
 *
 * @param latents N × Q
 * @param precision Q × Q
 */
export function nearestObjects(
  latents: Float32Array,
  precision: readonly number[],
  point: ArrayLike<number>,
  count: number,
): Neighbour[] {
  const q = point.length;
  const offset = new Float64Array(q);
  const nearest: Neighbour[] = [];
  for (let row = 0; row < latents.length / q; row++) {
    let square = 0;
    for (let i = 0; i < q; i++) {
      offset[i] = latents[row * q + i] - point[i];
      square += precision[i * q + i] * offset[i] ** 2;
      for (let j = 0; j < i; j++) square += 2 * precision[i * q + j] * offset[i] * offset[j];
    }
    if (!(square >= 0) || (nearest.length === count && square >= nearest[count - 1].distance ** 2)) continue;
    const neighbour = { row, distance: Math.sqrt(square) };
    const at = nearest.findIndex(({ distance }) => distance > neighbour.distance);
    nearest.splice(at < 0 ? nearest.length : at, 0, neighbour);
    nearest.length = Math.min(nearest.length, count);
  }
  return nearest;
}
