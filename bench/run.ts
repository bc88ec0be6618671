import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { explorerPageBenchmark } from './cases/explorer-page.ts';
import { explorerServerBenchmark } from './cases/explorer-server.ts';
import { gplvmBenchmark } from './cases/gplvm.ts';
import { lofBenchmark } from './cases/lof.ts';
import { nmfBenchmark } from './cases/nmf.ts';
import { pcaBenchmark } from './cases/pca.ts';
import { readFilesBenchmark } from './cases/read-files.ts';
import { resampleBenchmark } from './cases/resample.ts';
import { vaeEpochBenchmark } from './cases/vae-epoch.ts';
import { vaeStepBenchmark } from './cases/vae-step.ts';
import { type Benchmark, machine } from './measure.ts';
import { ensurePeers } from './peers.ts';

const benchmarks: readonly Benchmark[] = [
  vaeStepBenchmark,
  vaeEpochBenchmark,
  pcaBenchmark,
  nmfBenchmark,
  readFilesBenchmark,
  resampleBenchmark,
  lofBenchmark,
  gplvmBenchmark,
  explorerServerBenchmark,
  explorerPageBenchmark,
];

const { values, positionals } = parseArgs({
  options: { threads: { type: 'string', default: String(availableParallelism()) } },
  allowPositionals: true,
});
const unknown = positionals.filter((word) => !benchmarks.some(({ name }) => name.includes(word)));
if (unknown.length > 0) {
  process.stderr.write(`no benchmark "${unknown[0]}"; there are ${benchmarks.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

const asked = benchmarks.filter(
  ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
);
if (asked.some(({ hasPeer = true }) => hasPeer)) ensurePeers();
console.log(`${machine()}, ${values.threads} threads, ${new Date().toISOString().slice(0, 10)}`);
for (const benchmark of asked) {
  console.log(`\n${benchmark.name}: ${benchmark.title}`);
  for (const line of await benchmark.run(Number(values.threads))) console.log(`  ${line}`);
}
