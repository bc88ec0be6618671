import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const python = join(here, '.venv', 'bin', 'python');

/**
 * glibc gives every array above 32 MiB back to the system when it is freed and faults the next one in page by page; a
 * GPLVM step in torch, whose arrays are 34 MB, takes twice as long with that.
 */
const KEEP_MEMORY = { MALLOC_MMAP_THRESHOLD_: '1000000000', MALLOC_TRIM_THRESHOLD_: '4000000000' };

/**
 * Makes the virtual environment that the peers run in, once. The product never needs it.
 * On Linux the torch of PyPI carries CUDA libraries along; the arithmetic measured here is its CPU side.
 */
export function ensurePeers(): void {
  if (existsSync(join(here, '.venv', 'ready'))) return;
  process.stderr.write('making the virtual environment of the peers in bench/.venv (some minutes, some gigabytes)\n');
  run('python3', ['-m', 'venv', '--clear', join(here, '.venv')]);
  run(python, ['-m', 'pip', 'install', '--quiet', '-r', join(here, 'peers', 'requirements.txt')]);
  run('touch', [join(here, '.venv', 'ready')]);
}

/** Runs bench/peers/SCRIPT and parses the JSON object that it prints last. */
export function runPeer(script: string, ...input: readonly (string | number)[]): Record<string, unknown> {
  return runPython(script, input, {});
}

/** As `runPeer`, with freed arrays kept for the next ones. */
export function runPeerKeepingMemory(script: string, ...input: readonly (string | number)[]): Record<string, unknown> {
  return runPython(script, input, KEEP_MEMORY);
}

function runPython(script: string, input: readonly (string | number)[], settings: NodeJS.ProcessEnv) {
  // OPENBLAS settings for old builds slow a current numpy; the peer is to run at its best.
  const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _size, ...env } = process.env;
  return lastLineOf(python, [join(here, 'peers', script), ...input.map(String)], { ...env, ...settings });
}

/** Runs a script of ours in a process of its own and parses the JSON that it prints last. */
export function runOwn(script: string, input: string): unknown {
  return lastLineOf(process.execPath, ['--import', 'tsx', join(here, script), input], process.env);
}

function lastLineOf(command: string, input: readonly string[], env: NodeJS.ProcessEnv) {
  const last = run(command, input, env).trim().split('\n').at(-1) ?? '';
  return JSON.parse(last);
}

function run(command: string, input: readonly string[], env = process.env): string {
  const done = spawnSync(command, input, { encoding: 'utf8', env, maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`${command} ${input.join(' ')} failed:\n${done.stderr}`);
  return done.stdout;
}
