import { cpus, totalmem } from 'node:os';

/** One line of a benchmark's report. */
export type Line = string;

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** False where nothing of others is measured beside it, so that their virtual environment is not needed. */
  readonly hasPeer?: boolean;
  /** Runs ours and the peer in the same session and returns what to print. */
  run(threads: number): Promise<readonly Line[]>;
}

/** Median of the wall-clock milliseconds of `repeats` calls, after `warmUp` calls. */
export async function medianMilliseconds(
  work: () => void | Promise<void>,
  repeats: number,
  warmUp: number,
): Promise<number> {
  for (let i = 0; i < warmUp; i++) await work();
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** `ours 3.1 ms, torch 4.6 ms: 1.48×` where the last number is how many times faster we are. */
export function comparison(ours: number, peer: number, unit: string, peerName: string): Line {
  return `lightfold ${digits(ours)} ${unit}, ${peerName} ${digits(peer)} ${unit}: ratio ${(peer / ours).toFixed(2)}×`;
}

export function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

export function machine(): string {
  const processors = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return `${processors.length} × ${processors[0].model.trim()}, ${memory} GiB, Node ${process.version}`;
}

/** A number from a peer's JSON. */
export function numberFrom(report: Readonly<Record<string, unknown>>, key: string): number {
  const value = report[key];
  if (typeof value !== 'number') throw new Error(`the peer printed no number "${key}"`);
  return value;
}
