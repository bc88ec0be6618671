import { basename, dirname, extname, join } from 'node:path';
import { writeFileAtomically } from '../io/index.node.ts';
import { type FigureFormat, figureFile } from '../plots/index.node.ts';
import type { Figure } from '../plots/index.ts';

/**
 * Writes the figure that belongs to a table or array file beside it, under the same name with the figure's ending.
 *
 * @param draw draws the figure, given its name
 * @returns the figure's path
 */
export async function writeFigureBeside(
  out: string,
  format: FigureFormat,
  draw: (name: string) => Figure,
): Promise<string> {
  const { name, bytes } = await figureFile(draw(basename(out, extname(out))), format);
  const path = join(dirname(out), name);
  writeFileAtomically(path, bytes);
  return path;
}
