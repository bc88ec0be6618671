import { existsSync, writeFileSync } from 'node:fs';
import { loadDataset } from '../../src/dataset/index.node.ts';
import type { Dataset } from '../../src/dataset/index.ts';
import { writeNpz } from '../../src/io/index.ts';
import { simulateSurvey } from '../../src/workflows/index.node.ts';
import { benchData } from '../data.ts';

const SPLITS = ['train', 'valid', 'test'] as const;

/** The benchmark's quasars in both forms. */
export interface QuasarSurvey {
  /** Folder of the dataset. */
  readonly path: string;
  readonly dataset: Dataset;
  /** N × K, row-major, in the order of the dataset's labels: their true values. */
  readonly truth: Float64Array<ArrayBuffer>;
  /** The same survey as one .npz for the peer, who reads no Parquet. */
  readonly peerFile: string;
}

/** 5,000 simulated quasars with four labels, a third of the pixels and a tenth of the labels unobserved. */
export async function quasarSurvey(): Promise<QuasarSurvey> {
  const path = benchData('quasars-5000');
  if (!existsSync(path)) await simulateSurvey({ kind: 'quasars', objects: 5000, seed: 3, out: path });
  const dataset = await loadDataset(path);
  const truth = trueLabels(dataset);
  const peerFile = benchData('quasars-5000.npz');
  writeFileSync(peerFile, peerArrays(dataset, truth));
  return { path, dataset, truth, peerFile };
}

/** N × K, in the order of the dataset's labels. */
export function trueLabels({ catalogue }: Dataset): Float64Array<ArrayBuffer> {
  const columns = catalogue.labels.names.map((name) => catalogue.extra[`true_${name}`]);
  const truth = new Float64Array(catalogue.id.length * columns.length);
  for (let at = 0; at < truth.length; at++) {
    truth[at] = Number(columns[at % columns.length][Math.floor(at / columns.length)]);
  }
  return truth;
}

/** Arrays as bench/peers/gplvm_model.py reads them; `split` is 0 train, 1 valid, 2 test. */
function peerArrays({ flux, ivar, catalogue }: Dataset, truth: Float64Array<ArrayBuffer>): Uint8Array {
  const { labels, split } = catalogue;
  const [spectra, table] = [
    [flux.rows, flux.columns],
    [labels.value.rows, labels.names.length],
  ];
  return writeNpz({
    flux: { data: Float32Array.from(flux.data), shape: spectra },
    ivar: { data: Float32Array.from(ivar.data), shape: spectra },
    labels: { data: Float32Array.from(labels.value.data), shape: table },
    labelIvar: { data: Float32Array.from(labels.ivar.data), shape: table },
    truth: { data: truth, shape: table },
    split: { data: Float32Array.from(split, (name) => SPLITS.indexOf(name)) },
  });
}
