import type { Random } from '../base/index.ts';
import { gradients, parametersOf, type Runtime, type Session, type Tensor, writeOnnx } from '../graph/index.ts';
import type { LossGraph, Parameters, PreparedRows } from '../models/index.ts';
import { type Allocate, MinibatchFeeds } from './feeds.ts';

/** Means per spectrum of one minibatch: the loss under `loss`, its terms under their names. */
export type LossValues = Readonly<Record<string, number>>;

/** A loss graph loaded into the runtime over arrays of its own; one run gives everything that was asked for. */
export interface LoadedLoss {
  readonly rows: number;
  /** Works the loss out for the given rows of the prepared data, fresh normals, and a share of the warm-up (default 1). */
  evaluate(rows: ArrayLike<number>, normals: Random, warmUp?: number): Promise<LossValues>;
  release(): Promise<void>;
}

export interface LossSource {
  readonly graph: LossGraph;
  readonly rows: number;
  readonly data: PreparedRows;
  readonly fixed: Parameters;
  readonly runtime: Runtime;
  readonly allocate: Allocate;
  /** The descended parameters, by name: read at every run. */
  readonly values: Readonly<Record<string, Float32Array>>;
  /** Where the gradient of each is written; without it only the loss is worked out. */
  readonly gradients?: Readonly<Record<string, Float32Array>>;
}

/** Prefixes keep outputs apart from inputs: they share one space of names. */
const TERM = 'term.';
const GRADIENT = 'gradient.';

/** Differentiates the loss, writes it as ONNX and loads it: one session run is one step's arithmetic. */
export async function loadLoss(source: LossSource): Promise<LoadedLoss> {
  const { graph, rows, allocate, values } = source;
  const scalars = Object.fromEntries(
    Object.entries({ loss: graph.loss, ...graph.terms }).map(([name, tensor]) => [`${TERM}${name}`, tensor]),
  );
  const fetches: Record<string, Float32Array> = {};
  for (const name of Object.keys(scalars)) fetches[name] = allocate(1);
  for (const [name, into] of Object.entries(source.gradients ?? {})) fetches[`${GRADIENT}${name}`] = into;
  const onnx = writeOnnx({
    name: 'loss',
    outputs: { ...scalars, ...gradientsOf(graph, Object.keys(source.gradients ?? {})) },
    parameterValues: Object.fromEntries(Object.entries(source.fixed).map(([name, { data }]) => [name, data])),
    leadingDimension: rows,
  });
  const session = await source.runtime.createSession(onnx);
  const feeds = new MinibatchFeeds(graph.inputs, source.data, allocate);
  const run = session.bind(only({ ...values, ...feeds.values }, session), fetches);
  return {
    rows,
    async evaluate(indices, normals, warmUp = 1) {
      feeds.gather(indices);
      feeds.draw(normals);
      feeds.warm(warmUp);
      await run.run();
      return Object.fromEntries(Object.keys(scalars).map((name) => [name.slice(TERM.length), fetches[name][0]]));
    },
    release: () => session.release(),
  };
}

function gradientsOf({ loss, terms }: LossGraph, names: readonly string[]): Record<string, Tensor> {
  const parameters = parametersOf([loss, ...Object.values(terms)]);
  const found = names.map((name) => {
    const tensor = parameters.get(name);
    if (tensor === undefined) throw new Error(`the loss does not depend on the parameter "${name}"`);
    return tensor;
  });
  const derivatives = gradients(loss, found);
  return Object.fromEntries(names.map((name, index) => [`${GRADIENT}${name}`, derivatives[index]]));
}

/** A loss may not need every array there is; the runtime refuses feeds that it does not know. */
function only(values: Readonly<Record<string, Float32Array>>, session: Session): Record<string, Float32Array> {
  return Object.fromEntries(session.inputs.map(({ name }) => [name, values[name]]));
}
