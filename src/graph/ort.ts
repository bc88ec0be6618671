/** What the builds of ONNX Runtime have in common, as far as it is used here: the Node and the WebAssembly one fit both. */
import { type BoundRun, boundDimension, type Declared, type Session, type Values } from './runtime.ts';
import { bind, type Dimension, GraphError, sizeOf } from './shape.ts';

interface ValueMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

export interface OrtMetadata {
  readonly inputMetadata: readonly ValueMetadata[];
  readonly outputMetadata: readonly ValueMetadata[];
  release(): Promise<void>;
}

/** Makes a tensor of the build over the caller's array, without a copy. */
type MakeTensor<Tensor> = (data: Float32Array, shape: number[]) => Tensor;

/** Runs a session: reads `from` and sees to it that `fetches` hold what the outputs of the same names are. */
type RunOnce<Tensor> = (from: Record<string, Tensor>, into: Record<string, Tensor>, fetches: Values) => Promise<void>;

export interface OrtBuild<Tensor> {
  readonly tensor: MakeTensor<Tensor>;
  readonly run: RunOnce<Tensor>;
  /** An output that the build added for its own ends. */
  readonly hidden?: string;
}

/** A session of any build of the runtime, checked and bound in the same way. */
export class OrtSession<Tensor> implements Session {
  readonly inputs: readonly Declared[];
  readonly outputs: readonly Declared[];
  readonly #metadata: OrtMetadata;
  readonly #build: OrtBuild<Tensor>;

  constructor(metadata: OrtMetadata, build: OrtBuild<Tensor>) {
    this.#metadata = metadata;
    this.#build = build;
    this.inputs = metadata.inputMetadata.map(declared);
    this.outputs = metadata.outputMetadata.filter(({ name }) => name !== build.hidden).map(declared);
  }

  async run(feeds: Values, fetches: Values): Promise<void> {
    await this.bind(feeds, fetches).run();
  }

  bind(feeds: Values, fetches: Values): BoundRun {
    const N = boundDimension(this.inputs, feeds);
    const from = this.#wrap(this.inputs, feeds, N);
    const into = this.#wrap(
      this.outputs.filter(({ name }) => name in fetches),
      fetches,
      N,
    );
    const unknown = Object.keys(fetches).filter((name) => !(name in into));
    if (unknown.length > 0) throw new GraphError(`the graph has no output "${unknown.join('", "')}"`);
    return { run: () => this.#build.run(from, into, fetches) };
  }

  async release(): Promise<void> {
    await this.#metadata.release();
  }

  #wrap(declarations: readonly Declared[], values: Values, N: number | undefined): Record<string, Tensor> {
    const tensors: Record<string, Tensor> = {};
    for (const { name, shape } of declarations) {
      const data = values[name];
      const bound = bind(shape, N ?? 0);
      if (data.length !== sizeOf(bound)) {
        throw new GraphError(`"${name}" [${bound.join(', ')}] was given an array of ${data.length} values`);
      }
      // Node 20 cannot hand a SharedArrayBuffer to native code.
      if (!(data.buffer instanceof ArrayBuffer)) throw new GraphError(`"${name}" lies in shared memory`);
      tensors[name] = this.#build.tensor(data, bound);
    }
    return tensors;
  }
}

function declared({ name, isTensor, type, shape }: ValueMetadata): Declared {
  if (!isTensor || type !== 'float32' || shape === undefined) throw new GraphError(`"${name}" is not float32`);
  return { name, shape: shape.map((dimension) => dimensionOf(dimension, name)) };
}

function dimensionOf(dimension: number | string, name: string): Dimension {
  if (typeof dimension === 'number' || dimension === 'N') return dimension;
  throw new GraphError(`"${name}" has an open dimension "${dimension}"; only N is known`);
}
