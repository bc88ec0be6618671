import { GraphError, type Shape, volume } from './shape.ts';

/** The values of a run, by name: float32 in row-major order, owned by the caller. */
export type Values = Readonly<Record<string, Float32Array>>;

export interface Declared {
  readonly name: string;
  readonly shape: Shape;
}

/** A run with its arrays fixed; for loops that run the same arrays many times. */
export interface BoundRun {
  run(): Promise<void>;
}

/** A loaded ONNX graph. */
export interface Session {
  readonly inputs: readonly Declared[];
  readonly outputs: readonly Declared[];
  /**
   * Runs the graph over the caller's arrays: it reads the feeds and writes the fetches in place, without copies.
   * N follows from the lengths of the feeds. Outputs that are not fetched are computed all the same, and dropped.
   */
  run(feeds: Values, fetches: Values): Promise<void>;
  bind(feeds: Values, fetches: Values): BoundRun;
  release(): Promise<void>;
}

export interface Runtime {
  /** For records and people: `onnxruntime-node 1.30.0, cpu`. */
  readonly name: string;
  readonly threads: number;
  createSession(onnx: Uint8Array): Promise<Session>;
}

/** N as it follows from the lengths of the feeds, each checked against its declared shape. */
export function boundDimension(declared: readonly Declared[], feeds: Values): number | undefined {
  let N: number | undefined;
  for (const { name, shape } of declared) {
    const data = feeds[name];
    if (data === undefined) throw new GraphError(`nothing was fed for "${name}" [${shape.join(', ')}]`);
    const { size, symbols } = volume(shape);
    if (symbols === 0) continue;
    const found = Math.round((data.length / size) ** (1 / symbols));
    if (N !== undefined && found !== N) {
      throw new GraphError(`"${name}" [${shape.join(', ')}] was fed ${data.length} values while N = ${N}`);
    }
    N = found;
  }
  return N;
}
