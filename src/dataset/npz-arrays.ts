import { FileError } from '../base/index.ts';
import { type NpyArray, npyIdentifiers, npyNumbers, readNpz } from '../io/index.ts';

/** The arrays of an `.npz` file by name, each held to its shape; every method throws a FileError naming the array. */
export class NpzArrays {
  readonly #arrays: Map<string, NpyArray>;
  readonly #file: string;

  constructor(bytes: Uint8Array, file: string) {
    this.#arrays = readNpz(bytes, file);
    this.#file = file;
  }

  has(name: string): boolean {
    return this.#arrays.has(name);
  }

  fault(name: string, problem: string): FileError {
    return new FileError(this.#file, `array "${name}"`, problem);
  }

  /** @param length null = any */
  vector(name: string, length: number | null): Float64Array {
    const array = this.#shaped(name, length);
    return npyNumbers(array, this.#file, `array "${name}"`);
  }

  /** @param length null = any */
  texts(name: string, length: number | null): string[] {
    return npyIdentifiers(this.#shaped(name, length), this.#file, `array "${name}"`);
  }

  /** @param rows null = any */
  matrix(name: string, rows: number | null, columns: number): Float64Array {
    const array = this.#array(name);
    const [n, p] = array.shape;
    if (array.shape.length !== 2 || (rows !== null && n !== rows) || p !== columns) {
      throw this.fault(name, `its shape is (${array.shape.join(', ')}); expected (${rows ?? 'N'}, ${columns})`);
    }
    return npyNumbers(array, this.#file, `array "${name}"`);
  }

  #shaped(name: string, length: number | null): NpyArray {
    const array = this.#array(name);
    if (array.shape.length === 1 && (length === null || array.shape[0] === length)) return array;
    throw this.fault(name, `its shape is (${array.shape.join(', ')}); expected (${length ?? 'any length'})`);
  }

  #array(name: string): NpyArray {
    const array = this.#arrays.get(name);
    if (array !== undefined) return array;
    const found = [...this.#arrays.keys()].join(', ') || 'nothing';
    throw new FileError(
      this.#file,
      '',
      `it has no array "${name}" (it has ${found}); see the .npz convention in the docs`,
    );
  }
}
