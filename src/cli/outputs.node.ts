import { z } from 'zod';
import { UserError } from '../base/index.ts';
import { requireWritable } from '../io/index.node.ts';

/** An option that names a file to write; refused before the work begins when it cannot be written. */
export function outputFile(flag: string): z.ZodType<string> {
  return output(flag, 'file');
}

/** An option that names a folder to write, or to write into; refused before the work begins when it cannot be. */
export function outputFolder(flag: string): z.ZodType<string> {
  return output(flag, 'folder');
}

function output(flag: string, kind: 'file' | 'folder'): z.ZodType<string> {
  return z.string().transform((path) => {
    if (path.trim() === '') throw new UserError(`${flag} takes the name of a ${kind} to write, and none was given`);
    requireWritable(path, kind);
    return path;
  });
}
