import { FileError, type Matrix } from '../base/index.ts';
import { npyIdentifiers, readNpz, writeNpz } from '../io/index.ts';

/** Where some of the training spectra lie in a run's latent space, and what they are. */
export interface LatentSample {
  /** Posterior means, n × Q. */
  readonly latent: Matrix;
  /** Length n; null = unknown. */
  readonly objectClass: readonly (string | null)[];
}

const LATENT = 'latent';
const CLASS = 'class';

/** As an .npz file; a class that is not known becomes an empty text. */
export function latentSampleBytes({ latent, objectClass }: LatentSample): Uint8Array {
  return writeNpz({
    [LATENT]: { shape: [latent.rows, latent.columns], data: new Float32Array(latent.data) },
    [CLASS]: { shape: [objectClass.length], data: objectClass.map((name) => name ?? '') },
  });
}

/** @throws FileError when the arrays are missing or are not those of a run of `latents` latents */
export function parseLatentSample(bytes: Uint8Array, file: string, latents: number): LatentSample {
  const arrays = readNpz(bytes, file);
  const [latent, names] = [arrays.get(LATENT), arrays.get(CLASS)];
  const rows = latent?.shape[0] ?? 0;
  if (!(latent?.data instanceof Float32Array) || latent.data.length !== rows * latents) {
    throw new FileError(file, `array "${LATENT}"`, `float32 points of ${latents} latents are expected`);
  }
  if (names === undefined || names.data.length !== rows) {
    throw new FileError(file, `array "${CLASS}"`, `${rows} classes are expected`);
  }
  const objectClass = npyIdentifiers(names, file, `array "${CLASS}"`).map((name) => (name === '' ? null : name));
  return { latent: { rows, columns: latents, data: latent.data }, objectClass };
}
