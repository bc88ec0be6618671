import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { FileError, InterruptedError, type LongWorkOptions } from '../base/index.ts';
import type { ExhibitSource } from '../explorer/index.ts';
import { isFree, writeFolderAtomically } from '../io/index.node.ts';

export interface ExportSiteOptions extends LongWorkOptions {
  /** Folder of the built page. */
  readonly page: string;
  /** Replace a site that is already there. */
  readonly overwrite?: boolean;
}

export interface WrittenSite {
  /** Within the folder, with `/` between names; in order. */
  readonly files: readonly string[];
  readonly bytes: number;
}

/** Where a page looks for what it shows. */
const DATA = 'data';
const FIRST_FILE = 'index.html';

/**
 * The explorer as a static site: the built page, and beside it every resource of the exhibits as a file, for any file
 * server and to be published with a paper.
 *
 * @param source prepared for a site: compressed, and placing in the browser
 * @throws FileError when the page has not been built, the folder exists and `overwrite` was not asked for, or it holds
 *   something else than a site
 * @throws InterruptedError when `options.signal` fires
 */
export async function exportSite(
  source: ExhibitSource,
  folder: string,
  options: ExportSiteOptions,
): Promise<WrittenSite> {
  requireSiteTarget(folder, options);
  const write = async (temporary: string): Promise<WrittenSite> => {
    cpSync(options.page, temporary, { recursive: true });
    await writeResources(source, join(temporary, DATA), options);
    return writtenIn(temporary);
  };
  return writeFolderAtomically(folder, write, { replace: options.overwrite ?? false });
}

/**
 * For callers to ask before long work. Overwriting is for sites: a mistyped name must not remove something else.
 *
 * @throws FileError as `exportSite`
 */
export function requireSiteTarget(folder: string, { page, overwrite = false }: ExportSiteOptions): void {
  if (!existsSync(join(page, FIRST_FILE))) {
    throw new FileError(page, '', "the explorer's page has not been built; run npm run build");
  }
  if (isFree(folder)) return;
  if (!overwrite) {
    throw new FileError(folder, '', 'it exists already; choose another name, or replace it with --overwrite');
  }
  if (existsSync(join(folder, FIRST_FILE)) && existsSync(join(folder, DATA, 'exhibits.json'))) return;
  throw new FileError(folder, '', 'it holds something that is not an exported site; choose another name');
}

async function writeResources(
  source: ExhibitSource,
  folder: string,
  { onProgress, signal }: LongWorkOptions,
): Promise<void> {
  const addresses = source.addresses();
  for (const [done, address] of addresses.entries()) {
    if (signal?.aborted) throw new InterruptedError('writing the site was interrupted; nothing was written');
    onProgress?.({ stage: 'writing the site', done, total: addresses.length });
    const bytes = await source.resource(address);
    if (bytes === null) throw new RangeError(`${address} is listed and not there`);
    const file = join(folder, address);
    mkdirSync(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  onProgress?.({ stage: 'writing the site', done: addresses.length, total: addresses.length });
}

function writtenIn(folder: string): WrittenSite {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return {
    files: paths.map((path) => relative(folder, path).split(sep).join('/')).sort(),
    bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0),
  };
}
