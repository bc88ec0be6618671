import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const python = join(here, '.venv', 'bin', 'python');

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
  const output = run(python, [join(here, 'peers', script), ...input.map(String)]);
  const last = output.trim().split('\n').at(-1) ?? '';
  return JSON.parse(last);
}

function run(command: string, input: readonly string[]): string {
  // OPENBLAS settings for old builds slow a current numpy; the peer is to run at its best.
  const { OPENBLAS_CORETYPE: _core, OPENBLAS_L2_SIZE: _size, ...env } = process.env;
  const done = spawnSync(command, input, { encoding: 'utf8', env, maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`${command} ${input.join(' ')} failed:\n${done.stderr}`);
  return done.stdout;
}
