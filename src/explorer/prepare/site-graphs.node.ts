/** Graphs of a run as a site holds them: smaller, where that changes next to nothing of what they make of the dataset. */
import type { Matrix } from '../../base/index.ts';
import type { Dataset } from '../../dataset/index.ts';
import { createNodeRuntime } from '../../graph/index.node.ts';
import { withHalfWeights } from '../../graph/index.ts';
import { type OpenRun, openRunGraph, openRunOfSessions } from '../../inference/index.ts';
import { hasRunGraph, readRunGraph } from '../../runs/index.node.ts';
import type { GraphName } from '../../runs/index.ts';

/** Bits of mantissa that weights keep. */
const BITS = 8;
/** Objects that are rebuilt to tell whether the smaller graphs do. */
const JUDGES = 64;
/** By which no pixel of them may change unless told, in units of its standard deviation. */
const LARGEST_CHANGE = 1 / 16;

/**
 * Networks are as good with weights of half the size. The matrices of joint models are not tried: variances are small
 * differences of theirs.
 */
export async function siteGraphs(
  run: OpenRun,
  dataset: Dataset,
  allowed = LARGEST_CHANGE,
): Promise<(graph: GraphName) => Uint8Array> {
  const asTheyAre = (graph: GraphName) => readRunGraph(run.run, graph);
  if (hasRunGraph(run.run, 'joint-encoder')) return asTheyAre;
  const smaller = {
    encoder: withHalfWeights(asTheyAre('encoder'), BITS),
    decoder: withHalfWeights(asTheyAre('decoder'), BITS),
  };
  const read = (graph: GraphName) => (graph === 'encoder' || graph === 'decoder' ? smaller[graph] : asTheyAre(graph));
  return (await largestChange(run, read, dataset)) <= allowed ? read : asTheyAre;
}

async function largestChange(run: OpenRun, read: (graph: GraphName) => Uint8Array, dataset: Dataset): Promise<number> {
  const source = { runtime: createNodeRuntime({ threads: 1 }), read, jointEncoder: false, labelEncoder: false };
  const [encoder, decoder] = [
    await openRunGraph(run.run, 'encoder', source),
    await openRunGraph(run.run, 'decoder', source),
  ];
  const other = openRunOfSessions(run.run, { openEncoder: async () => encoder, decoder }, source);
  const [flux, ivar] = [firstRows(dataset.flux), firstRows(dataset.ivar)];
  const [before, after] = [await run.reconstruct(flux, ivar), await other.reconstruct(flux, ivar)];
  await other.release();
  let largest = 0;
  for (const [at, value] of before.mean.data.entries()) {
    const change = Math.abs(after.mean.data[at] - value) / Math.sqrt(before.variance.data[at]);
    // What is not a number is no agreement.
    if (!(change <= largest)) largest = Number.isNaN(change) ? Number.POSITIVE_INFINITY : change;
  }
  return largest;
}

function firstRows({ rows, columns, data }: Matrix): Matrix {
  const kept = Math.min(rows, JUDGES);
  return { rows: kept, columns, data: data.subarray(0, kept * columns) };
}
