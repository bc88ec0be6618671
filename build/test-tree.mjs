// Compiles sources and tests into .tests/, file by file and in the places they have, so that test processes start in
// a third of the processor time that compiling on the fly takes. Types are checked elsewhere (npm run typecheck).
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

export const TEST_TREE = '.tests';

const ROOMS = ['src', 'web', 'tests'];
const COMPILED = /(?<!\.d)\.tsx?$/;
const CARRIED = /\.(wasm|html|css|py|json|npz)$/;
/** An import of a sibling, as esbuild prints it. */
const RELATIVE = /((?:\bfrom|\bimport)\s*\(?\s*["']\.{1,2}\/[^"'\n]+)\.tsx?(["'])/g;

/** Brings the tree up to date with the sources; what is unchanged keeps its file, so that a run beside this one goes on. */
export async function compileTestTree() {
  const files = ROOMS.flatMap((room) =>
    readdirSync(room, { recursive: true }).map((name) => join(room, String(name))),
  ).filter((name) => !name.includes('assembly') && !name.includes('node_modules'));
  const { outputFiles } = await build({
    entryPoints: files.filter((name) => COMPILED.test(name)),
    outdir: TEST_TREE,
    outbase: '.',
    format: 'esm',
    target: 'node20',
    jsx: 'automatic',
    sourcemap: 'inline',
    write: false,
  });
  const wanted = new Set();
  for (const { path, text } of outputFiles) {
    wanted.add(path);
    const code = text.replace(RELATIVE, '$1.js$2');
    if (existsSync(path) && readFileSync(path, 'utf8') === code) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, code);
  }
  for (const name of files.filter((name) => CARRIED.test(name))) {
    const path = join(process.cwd(), TEST_TREE, name);
    wanted.add(path);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(name, path);
  }
  for (const room of ROOMS) {
    const folder = join(process.cwd(), TEST_TREE, room);
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath ?? entry.path, entry.name);
      if (entry.isFile() && !wanted.has(path)) rmSync(path);
    }
  }
  // The page of the explorer, where the server looks for it, and what finds a browser.
  for (const folder of ['dist', 'build']) {
    if (!existsSync(join(TEST_TREE, folder))) symlinkSync(join('..', folder), join(TEST_TREE, folder));
  }
}
