export const PAGE = 65536;
const LINE = 64;
const LARGEST = 65536 * PAGE;

/** An array that the kernels can work on: a view on the linear memory, aligned to 64 bytes when allocated. */
export type KernelArray = Float32Array | Float64Array;

/** The bytes of a linear memory: as WebAssembly knows them, and as an ArrayBuffer over the same bytes. */
export interface Storage {
  readonly wasm: WebAssembly.Memory;
  readonly buffer: ArrayBuffer;
}

/** Whole pages for a number of bytes, one of them for the kernels' own data. */
export function pagesFor(capacityBytes: number): number {
  if (!(capacityBytes > 0 && capacityBytes <= LARGEST)) {
    throw new RangeError(`a linear memory holds between 1 byte and 4 GiB, not ${capacityBytes} bytes`);
  }
  return Math.max(2, Math.ceil(capacityBytes / PAGE));
}

/** Storage for one thread. */
function ownStorage(pages: number): Storage {
  const wasm = new WebAssembly.Memory({ initial: pages, maximum: pages });
  if (!(wasm.buffer instanceof ArrayBuffer)) throw new Error('a memory that is not shared has an ArrayBuffer');
  return { wasm, buffer: wasm.buffer };
}

/**
 * One WebAssembly memory of fixed size from which arrays are taken in turn. Since it never grows, views never
 * detach; since pages are touched only when used, a generous capacity costs nothing. ONNX Runtime reads and writes
 * the same arrays in place.
 */
export class LinearMemory {
  readonly capacityBytes: number;
  readonly storage: Storage;
  #next: number;

  /** @param capacityBytes at most 4 GiB; rounded up to whole pages */
  constructor(capacityBytes: number, storage: Storage = ownStorage(pagesFor(capacityBytes))) {
    this.storage = storage;
    this.capacityBytes = storage.buffer.byteLength;
    // The kernels' own data lies in the first page.
    this.#next = PAGE;
  }

  get usedBytes(): number {
    return this.#next;
  }

  /** A zeroed float32 array. */
  allocate(length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.storage.buffer, this.#take(length * 4), length).fill(0);
  }

  /** A zeroed float64 array. */
  allocateFloat64(length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.storage.buffer, this.#take(length * 8), length).fill(0);
  }

  /** A copy of the given values in this memory. */
  place(values: ArrayLike<number>): Float32Array<ArrayBuffer> {
    const array = this.allocate(values.length);
    array.set(values);
    return array;
  }

  /**
   * Runs work that needs arrays for a while; those it allocates are given back when it ends, so it must not keep
   * them. Work that awaits must not overlap other allocations.
   */
  scratch<Result>(work: () => Result): Result {
    const mark = this.#next;
    const giveBack = () => {
      this.#next = mark;
    };
    let result: Result;
    try {
      result = work();
    } catch (error) {
      giveBack();
      throw error;
    }
    if (result instanceof Promise) return result.finally(giveBack) as Result;
    giveBack();
    return result;
  }

  /** The address of the first byte of an array of so many values, for a kernel. */
  addressOf(array: KernelArray, length: number): number {
    if (array.length !== length) {
      throw new RangeError(`an array of ${array.length} values was given where ${length} belong`);
    }
    if (array.buffer !== this.storage.buffer) {
      throw new RangeError(
        `an array of ${array.length} values does not lie in the kernels' memory; use allocate or place`,
      );
    }
    return array.byteOffset;
  }

  #take(bytes: number): number {
    const start = this.#next;
    const end = start + Math.ceil(bytes / LINE) * LINE;
    if (end > this.capacityBytes) {
      throw new RangeError(
        `${bytes} more bytes do not fit a linear memory of ${this.capacityBytes} bytes, ${start} of them in use`,
      );
    }
    this.#next = end;
    return start;
  }
}
