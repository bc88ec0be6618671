// Runs every *.test.ts under src/, web/ and tests/ (or only those whose path contains an argument) with node's test runner.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { requireChromium } from './browser.mjs';
import { compileTestTree, TEST_TREE } from './test-tree.mjs';

const wanted = process.argv.slice(2);
const files = ['src', 'web', 'tests']
  .flatMap((room) => readdirSync(room, { recursive: true }).map((name) => join(room, String(name))))
  .filter((name) => name.endsWith('.test.ts') && (wanted.length === 0 || wanted.some((part) => name.includes(part))))
  .sort();
if (files.some((name) => name.includes('browser'))) requireChromium();
await compileTestTree();
const { status } = spawnSync(
  process.execPath,
  [
    '--enable-source-maps',
    '--import',
    './build/property-seed.mjs',
    '--test',
    '--test-concurrency=2',
    '--test-reporter=spec',
    ...files.map((name) => join(TEST_TREE, name.replace(/\.ts$/, '.js'))),
  ],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
