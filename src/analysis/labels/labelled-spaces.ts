import { type Matrix, row, zeros } from '../../base/index.ts';
import type { Dataset } from '../../dataset/index.ts';
import type { LabelledSpace, LatentShare, LatentShares } from '../../plots/index.ts';

/**
 * For each label, the objects that have it in the two latents that carry most of it.
 *
 * @param latents n × Q: latent means
 * @param rows of the dataset that these are of
 * @param shares of each label; those of what is no label are passed over
 */
export function labelledSpaces(
  latents: Matrix,
  dataset: Dataset,
  rows: Uint32Array,
  shares: readonly LatentShares[],
): LabelledSpace[] {
  if (latents.columns < 2) return [];
  const { names, value, ivar } = dataset.catalogue.labels;
  return shares.flatMap(({ name, share }) => {
    const column = names.indexOf(name);
    if (column < 0) return [];
    const place = (index: number) => rows[index] * names.length + column;
    const objects = Array.from(rows.keys()).filter((index) => ivar.data[place(index)] > 0);
    if (objects.length === 0) return [];
    const axes = strongest(share);
    const position = zeros(objects.length, 2);
    objects.forEach((index, n) => {
      const mean = row(latents, index);
      row(position, n).set(axes.map(({ latent }) => mean[latent - 1]));
    });
    return { name, axes, position, value: Float32Array.from(objects, (index) => value.data[place(index)]) };
  });
}

function strongest(share: Float64Array): [LatentShare, LatentShare] {
  const order = Array.from(share.keys()).sort((a, b) => share[b] - share[a]);
  const at = (place: number): LatentShare => ({ latent: order[place] + 1, share: share[order[place]] });
  return [at(0), at(1)];
}
