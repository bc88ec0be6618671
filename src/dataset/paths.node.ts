import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { UserError } from '../base/index.ts';

/** Endings of the files that a folder is searched for; a file named outright may have any. */
const SPECTRUM_FILE = /\.(fits?|fits?\.gz|npz)$/i;

/**
 * Files, folders (searched recursively) and globs (`*`, `?`, `**`) become a sorted list of files, each once.
 * A path that exists is taken as it stands even when it holds `*` or `?`.
 *
 * @throws UserError naming the first path that leads to no file
 */
export async function expandPaths(paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) throw new UserError('no path was given; name files, folders or globs of spectra');
  const files = new Set<string>();
  for (const path of paths) for (const file of await expandPath(path)) files.add(file);
  return [...files].sort();
}

async function expandPath(path: string): Promise<string[]> {
  const kind = await kindOf(path);
  if (kind === 'file') return [path];
  if (kind === 'folder') {
    const found = (await walk(path)).filter((file) => SPECTRUM_FILE.test(file));
    if (found.length === 0) throw new UserError(`${path}: no .fits, .fit, .fits.gz or .npz file in this folder`);
    return found;
  }
  if (!/[*?]/.test(path)) throw new UserError(`${path}: no such file or folder`);
  const found = await expandGlob(path);
  if (found.length === 0) throw new UserError(`${path}: no file matches`);
  return found;
}

/** Searches below the longest part without wildcards; a folder that matches is searched like a folder named outright. */
async function expandGlob(glob: string): Promise<string[]> {
  const segments = glob.split('/');
  const first = segments.findIndex((segment) => /[*?]/.test(segment));
  const root = segments.slice(0, first).join('/') || (glob.startsWith('/') ? '/' : '');
  if ((await kindOf(root)) !== 'folder') return [];
  const pattern = globPattern(segments.slice(first).join('/'));
  return (await walk(root)).filter((file) => {
    const name = relative(root, file).split(sep).join('/');
    return pattern.file.test(name) || (pattern.folder.test(name) && SPECTRUM_FILE.test(name));
  });
}

function globPattern(glob: string): { readonly file: RegExp; readonly folder: RegExp } {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:[^/]+/)*';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    return `\\${token}`;
  });
  return { file: new RegExp(`^${source}$`), folder: new RegExp(`^${source}/.+$`) };
}

/** All files below a folder, hidden ones left out; links are followed, each folder entered once. */
async function walk(folder: string, entered: Set<string> = new Set()): Promise<string[]> {
  const real = await realpath(folder);
  if (entered.has(real)) return [];
  entered.add(real);
  const files: string[] = [];
  for (const entry of await entriesOf(folder)) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    const kind = entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : await kindOf(path);
    if (kind === 'folder') files.push(...(await walk(path, entered)));
    else if (kind === 'file') files.push(path);
  }
  return files;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw unopened(folder, error);
  }
}

/** Pipes and devices count as absent: reading one may never end. */
async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw unopened(path, error);
  }
}

function unopened(path: string, error: unknown): UserError {
  return new UserError(`${path}: cannot be opened (${error instanceof Error ? error.message : String(error)})`);
}
