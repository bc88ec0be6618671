import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../src/cli/main.node.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `lightfold …` as a user would, in a process of its own. */
export function lightfold(...words: string[]): Promise<Finished> {
  return started(words).finished;
}

export interface Started {
  kill(signal: NodeJS.Signals): void;
  /** The first line on stdout, of a command that goes on after it; rejected when there is none. */
  readonly firstLine: Promise<string>;
  readonly finished: Promise<Finished>;
}

/** The same, with the process at hand so that it can be stopped midway. */
export function started(words: readonly string[]): Started {
  const child = spawn(process.execPath, [PROGRAM, ...words]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => stdout.includes('\n') && resolve(stdout.split('\n')[0]));
    child.on('close', () => reject(new Error(stderr)));
  });
  // Most callers wait for the end alone.
  firstLine.catch(() => undefined);
  return { kill: (signal) => child.kill(signal), firstLine, finished };
}

/** Runs a command that must succeed and parses the one JSON object on its stdout. */
export async function lightfoldJson(...words: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await lightfold(...words, '--json');
  assert.equal(code, 0, stderr);
  const parsed: unknown = JSON.parse(stdout);
  assert.ok(typeof parsed === 'object' && parsed !== null);
  return { ...parsed };
}

/** An empty folder that no other test uses. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'lightfold-'));
}
