import { Random, type RandomState } from '../base/index.ts';
import { type LoadedLoss, type LossSource, type LossValues, loadLoss } from './step.ts';

/** The objective over the validation split, with the same normals at every call so that epochs can be compared. */
export interface Validation {
  evaluate(): Promise<LossValues>;
  release(): Promise<void>;
}

export interface ValidationSource extends Omit<LossSource, 'graph' | 'rows' | 'gradients'> {
  readonly graphFor: (rows: number) => LossSource['graph'];
  readonly objects: number;
  readonly batch: number;
  readonly normals: RandomState;
}

/**
 * Batches as equal as they can be and none larger than `batch`: with the discrepancy of a minibatch in the loss, a
 * last batch of one or two spectra would be mostly noise.
 */
export function evenBatches(objects: number, batch: number): Uint32Array[] {
  const count = Math.ceil(objects / batch);
  return Array.from({ length: count }, (_, k) => {
    const start = Math.floor((k * objects) / count);
    const end = Math.floor(((k + 1) * objects) / count);
    return Uint32Array.from({ length: end - start }, (_, i) => start + i);
  });
}

export async function loadValidation(source: ValidationSource): Promise<Validation> {
  const batches = evenBatches(source.objects, source.batch);
  const losses = new Map<number, LoadedLoss>();
  for (const rows of new Set(batches.map((batch) => batch.length))) {
    losses.set(rows, await loadLoss({ ...source, graph: source.graphFor(rows), rows }));
  }
  return {
    async evaluate() {
      const normals = new Random(source.normals);
      const totals: Record<string, number> = {};
      for (const batch of batches) {
        const values = await losses.get(batch.length)?.evaluate(batch, normals);
        addWeighted(totals, values ?? {}, batch.length / source.objects);
      }
      return totals;
    },
    async release() {
      for (const loss of losses.values()) await loss.release();
    },
  };
}

/** totals += weight · values, name by name. */
export function addWeighted(totals: Record<string, number>, values: LossValues, weight: number): void {
  for (const [name, value] of Object.entries(values)) totals[name] = (totals[name] ?? 0) + weight * value;
}
