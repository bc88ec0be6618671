/**
 * Whole files in and out of the disk. Nothing half-written is ever seen under its final name: files and folders are
 * built beside their target, flushed, and renamed into place.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { FileError } from '../base/index.ts';

/** Node reads at most this many bytes at once. */
const LARGEST_READ = 2 ** 31 - 1;

/**
 * All bytes of a file.
 *
 * @throws FileError when it does not exist, may not be read, is a folder, or is larger than 2 GiB
 */
export function readFileBytes(path: string): Uint8Array {
  try {
    const { size } = fs.statSync(path);
    if (size > LARGEST_READ) {
      throw new FileError(
        path,
        '',
        `the file holds ${(size / 2 ** 30).toFixed(1)} GiB and files over 2 GiB are not read; split it, or extract the tables you need into a smaller file`,
      );
    }
    const read = fs.readFileSync(path);
    return new Uint8Array(read.buffer, read.byteOffset, read.byteLength);
  } catch (error) {
    throw asFileError(error, path, 'read');
  }
}

/** Writes a file so that `path` holds either what it held before or all of `bytes`; makes the folder it is in. */
export function writeFileAtomically(path: string, bytes: Uint8Array | string): void {
  const temporary = siblingName(path, 'partial');
  try {
    makeFolder(dirname(temporary));
    writeFlushed(temporary, typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes);
    rename(temporary, path);
    flushFolder(dirname(temporary));
  } catch (error) {
    throw asFileError(error, path, 'written');
  }
}

/**
 * Makes a folder and those it is in. Node's own `recursive` never returns, and no signal reaches it, where the system
 * answers to a mkdir in a folder that exists that there is no such folder, as under /proc.
 */
export function makeFolder(path: string): void {
  const folder = resolve(path);
  if (fs.existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(folder)) throw error;
  }
}

/**
 * Finds out before long work whether its product can be written; leaves nothing behind.
 *
 * @param kind a folder may exist already; whether it may be replaced is for its owner to say
 * @throws FileError when something of another kind has the name, or nothing can be made there
 */
export function requireWritable(path: string, kind: 'file' | 'folder'): void {
  const target = resolve(path);
  try {
    const found = fs.statSync(target, { throwIfNoEntry: false });
    if (found && !found.isFile() && !found.isDirectory()) {
      throw new FileError(path, '', 'it is neither a file nor a folder; choose another name');
    }
    if (found?.isFile() && kind === 'folder') {
      throw new FileError(path, '', 'it is a file, and a folder is to be written; choose another name');
    }
    if (found?.isDirectory() && kind === 'file') {
      throw new FileError(path, '', 'it is a folder, and a file is to be written; give a file name in it');
    }
    let nearest = kind === 'folder' ? target : dirname(target);
    while (!fs.existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
    fs.rmdirSync(fs.mkdtempSync(join(nearest, '.lightfold-')));
  } catch (error) {
    throw asFileError(error, path, 'written');
  }
}

/** Whether a folder may be written here without asking: there is nothing, or an empty folder. */
export function isFree(path: string): boolean {
  return !fs.existsSync(path) || (isFolder(path) && fs.readdirSync(path).length === 0);
}

function isFolder(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Moves a finished file to its name; removes it when that fails (a folder has the name, say). */
function rename(temporary: string, path: string): void {
  try {
    fs.renameSync(temporary, path);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/** Writes a new file down to the disk; removes it when that fails. */
function writeFlushed(path: string, bytes: Uint8Array): void {
  const file = fs.openSync(path, 'wx');
  try {
    writeAll(file, bytes);
    fs.fsyncSync(file);
  } catch (error) {
    fs.rmSync(path, { force: true });
    throw error;
  } finally {
    fs.closeSync(file);
  }
}

/** What to do when the folder to be written is already there. */
export interface FolderOptions {
  /** Replace it (default: refuse). The old folder stays in place until the new one is complete. */
  readonly replace?: boolean;
}

/**
 * Builds a folder beside its target and renames it into place when `write` has finished; on failure nothing is left
 * behind and an existing target is untouched.
 *
 * @param write receives the temporary folder's path, already made and empty
 * @returns what `write` returned
 * @throws FileError when the target exists, is not an empty folder, and `replace` was not asked for
 */
export async function writeFolderAtomically<T>(
  path: string,
  write: (temporary: string) => Promise<T>,
  options: FolderOptions = {},
): Promise<T> {
  const target = resolve(path);
  const refuseExisting = () => {
    if (options.replace !== true && !isFree(target)) {
      throw new FileError(path, '', 'it exists already; choose another name, or replace it with --overwrite');
    }
  };
  refuseExisting();
  const temporary = siblingName(target, 'partial');
  try {
    makeFolder(temporary);
  } catch (error) {
    throw asFileError(error, path, 'written');
  }
  try {
    const result = await write(temporary);
    flushTree(temporary);
    refuseExisting();
    exchange(temporary, target);
    return result;
  } catch (error) {
    fs.rmSync(temporary, { recursive: true, force: true });
    throw asFileError(error, path, 'written');
  }
}

/** Writes every byte, however few each call to the system takes. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    done += fs.writeSync(file, bytes, done, Math.min(bytes.length - done, LARGEST_READ));
  }
}

/** A system error as a sentence about the user's file; every other error passes unchanged. */
export function asFileError(error: unknown, path: string, done: 'read' | 'written'): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: done === 'read' ? 'there is no such file' : 'no folder can be made there',
    EACCES: `it may not be ${done} by this user`,
    EPERM: `it may not be ${done} by this user`,
    EISDIR: 'it is a folder, and a file is needed here',
    ENOTDIR: 'a part of its path is a file, not a folder',
    ENOSPC: 'the disk is full',
    EROFS: 'the disk is read-only',
    EMFILE: 'too many files are open at once',
  };
  const reason = reasons[String(error.code)] ?? `it could not be ${done} (${error.message})`;
  return new FileError(path, '', reason);
}

function siblingName(path: string, purpose: string): string {
  const target = resolve(path);
  return join(dirname(target), `.${basename(target)}.${purpose}-${process.pid}-${randomBytes(4).toString('hex')}`);
}

/** Puts `temporary` where `target` is; the old target is removed only after the new one stands. */
function exchange(temporary: string, target: string): void {
  if (!fs.existsSync(target)) {
    fs.renameSync(temporary, target);
    flushFolder(dirname(target));
    return;
  }
  const old = siblingName(target, 'old');
  fs.renameSync(target, old);
  try {
    fs.renameSync(temporary, target);
  } catch (error) {
    fs.renameSync(old, target);
    throw error;
  }
  flushFolder(dirname(target));
  fs.rmSync(old, { recursive: true, force: true });
}

function flushTree(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) flushTree(path);
    else if (entry.isFile()) flush(path, 'r+');
  }
  flushFolder(folder);
}

/** Makes a rename inside the folder last through a power cut. Windows cannot open folders and has no need to. */
function flushFolder(folder: string): void {
  if (process.platform !== 'win32') flush(folder, 'r');
}

function flush(path: string, mode: 'r' | 'r+'): void {
  const file = fs.openSync(path, mode);
  try {
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}
