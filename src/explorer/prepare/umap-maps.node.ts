/** Maps by UMAP: made when they are asked for, one at a time, and kept in the run's folder beside its findings. */
import type { Matrix } from '../../base/index.ts';
import type { Dataset } from '../../dataset/index.ts';
import type { OpenRun } from '../../inference/index.ts';
import { npyIdentifiers, readNpz, writeNpz } from '../../io/index.ts';
import { keep, kept, keptFile, madeBy } from './stored-findings.node.ts';
import { FEWEST_MAPPED, umapOf } from './umap.node.ts';

export interface UmapMap {
  /** Whether it need not be worked out. */
  ready(): boolean;
  /** N × 2, row-major. */
  make(): Promise<Float32Array>;
}

export class UmapMaps {
  readonly #signal: AbortSignal | undefined;
  /** Ends when the last of the maps asked for so far has been made, or has failed. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** The map of a run; null where there are too few objects. @param means N × Q */
  of(run: OpenRun, dataset: Dataset, means: Matrix): UmapMap | null {
    if (means.rows < FEWEST_MAPPED) return null;
    const file = keptFile(run, dataset, 'umap.npz');
    const key = madeBy(run);
    let known = kept(file, (bytes, name) => parseMap(bytes, name, key, means.rows));
    let made: Promise<Float32Array> | null = null;
    const work = async (): Promise<Float32Array> => {
      const map = await umapOf(means, this.#signal === undefined ? {} : { signal: this.#signal });
      keep(file, writeNpz({ key: { data: [key] }, map: { shape: [means.rows, 2], data: map.slice() } }));
      known = map;
      return map;
    };
    return {
      ready: () => known !== null,
      make: async () => {
        if (known !== null) return known;
        if (made === null) {
          const next = this.#queue.then(work);
          this.#queue = next.catch(() => undefined);
          made = next;
          // A map that failed may be asked for again.
          next.catch(() => {
            made = null;
          });
        }
        return made;
      },
    };
  }
}

/** @throws UserError when the file is damaged */
function parseMap(bytes: Uint8Array, file: string, key: string, rows: number): Float32Array | null {
  const arrays = readNpz(bytes, file);
  const [said, map] = [arrays.get('key'), arrays.get('map')?.data];
  if (said === undefined || npyIdentifiers(said, file, 'key')[0] !== key) return null;
  return map instanceof Float32Array && map.length === 2 * rows ? map : null;
}
