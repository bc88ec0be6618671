/**
 * Labels of every object of a small dataset, predicted by a model that was fitted to all the others:
 * `npx tsx examples/leave-one-out.ts DATASET SCRATCH shared-gplvm 6 batch=8 epochs=60`.
 */
import { fit, loadDataset, openRun, type Split, UserError } from '../src/index.ts';

/** One in so many of the objects fitted to tells when training should stop and how wide errors are. */
const VALIDATION_SHARE = 6;

const [folder, scratch, model = 'shared-gplvm', latents = '6', ...pairs] = process.argv.slice(2);
const settings = Object.fromEntries(pairs.map((pair) => pair.split('=')));
const dataset = await loadDataset(folder);
const { id, labels } = dataset.catalogue;
const [objects, K] = [id.length, labels.names.length];
if (K === 0) throw new UserError(`${folder} has no labels to predict.`);

/** The object left out is the test split; a share of the others that falls on each in turn validates. */
function splitsWithout(left: number): Split[] {
  return id.map((_, n) => (n === left ? 'test' : (n + objects - left) % VALIDATION_SHARE === 1 ? 'valid' : 'train'));
}

interface Miss {
  readonly error: number;
  /** Standard deviation of the prediction, the measurement's own error included. */
  readonly deviation: number;
}

const misses: Miss[][] = labels.names.map(() => []);
console.log(['id', ...labels.names.flatMap((name) => [name, `${name}_predicted`, `${name}_std`])].join(','));
for (let left = 0; left < objects; left++) {
  const { checksum: _, ...manifest } = dataset.manifest;
  const divided = { ...dataset, manifest, catalogue: { ...dataset.catalogue, split: splitsWithout(left) } };
  await fit(model, divided, { out: scratch, latents: Number(latents), settings, overwrite: true });
  const run = await openRun(scratch);
  const spectrum = (of: typeof dataset.flux) => ({
    rows: 1,
    columns: of.columns,
    data: of.data.subarray(left * of.columns, (left + 1) * of.columns),
  });
  const { mean, variance } = await run.predictLabels(spectrum(dataset.flux), spectrum(dataset.ivar));
  const cells = labels.names.flatMap((_, k) => {
    const [value, ivar] = [labels.value.data[left * K + k], labels.ivar.data[left * K + k]];
    const spread = Math.sqrt(variance.data[k]);
    if (ivar > 0) misses[k].push({ error: mean.data[k] - value, deviation: Math.hypot(spread, 1 / Math.sqrt(ivar)) });
    return [ivar > 0 ? value.toFixed(3) : '', mean.data[k].toFixed(3), spread.toFixed(3)];
  });
  console.log([id[left], ...cells].join(','));
}

for (const [k, name] of labels.names.entries()) {
  const of = misses[k];
  const mean = (what: (miss: Miss) => number) => of.reduce((total, miss) => total + what(miss), 0) / of.length;
  const within = (sigmas: number) =>
    100 * mean(({ error, deviation }) => (Math.abs(error) < sigmas * deviation ? 1 : 0));
  console.log(
    `${name}: MAE ${mean(({ error }) => Math.abs(error)).toFixed(3)}, RMSE ${Math.sqrt(mean(({ error }) => error ** 2)).toFixed(3)}, ` +
      `${within(1).toFixed(0)}% within 1 and ${within(1.96).toFixed(0)}% within 1.96 standard deviations`,
  );
}
