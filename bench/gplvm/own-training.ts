/**
 * Our side of the GPLVM benchmark in a process of its own, so that its peak memory can be told.
 * usage: own-training.ts '{"dataset": folder, "out": folder, "threads": …, "settings": {…}, "judges": …}'; prints a JSON object last.
 */
import { loadDataset } from '../../src/dataset/index.node.ts';
import { type Dataset, rowsOfSplit, selectRows } from '../../src/dataset/index.ts';
import { openRun } from '../../src/inference/index.node.ts';
import { fit } from '../../src/training/index.node.ts';
import { median, medianMilliseconds } from '../measure.ts';
import { type OwnTraining, ownRequest } from './own.ts';
import { trueLabels } from './survey.ts';

const PLACED = 100;
/** As bench/peers/gplvm_curve.py scores: the first test objects. */
const SCORED = 200;

const { dataset: path, out, threads, settings, judges } = ownRequest.parse(JSON.parse(process.argv[2]));
const dataset = await loadDataset(path);
const epochEnds: number[] = [];
const run = await fit('shared-gplvm', withFewerJudges(), {
  out,
  latents: 10,
  settings,
  threads,
  overwrite: true,
  onProgress: ({ stage }) => {
    if (stage === 'training') epochEnds.push(performance.now());
  },
});
const epochTimes = epochEnds.slice(1).map((end, at) => end - epochEnds[at]);
const trainingMemory = peakMemory();

const open = await openRun(out, { threads });
const test = rowsOfSplit(dataset, 'test');
const placed = selectRows(dataset, test.subarray(0, PLACED));
const encode = async (): Promise<void> => {
  await open.encode(placed.flux, placed.ivar);
};
const msPlacing = await medianMilliseconds(encode, 15, 3);
const peak = peakMemory();

const scored = selectRows(dataset, test.subarray(0, SCORED));
const { mean } = await open.predictLabels(scored.flux, scored.ivar);
const truth = trueLabels(scored);
await open.release();

const K = mean.columns;
const squares = new Float64Array(K);
mean.data.forEach((value, at) => {
  squares[at % K] += (value - truth[at]) ** 2 / mean.rows;
});
const trained: OwnTraining = {
  objects: rowsOfSplit(dataset, 'train').length,
  msPerEpoch: median(epochTimes),
  seconds: run.description.training.seconds,
  msPlacing,
  rmse: [...squares.map(Math.sqrt)],
  trainingMemory,
  peakMemory: peak,
};
console.log(JSON.stringify(trained));

function withFewerJudges(): Dataset {
  const spared = new Set(rowsOfSplit(dataset, 'valid').subarray(judges));
  return selectRows(
    dataset,
    Uint32Array.from(dataset.catalogue.id.keys()).filter((row) => !spared.has(row)),
  );
}

/** Largest resident set of this process so far, MiB. */
function peakMemory(): number {
  return process.resourceUsage().maxRSS / 1024;
}
