import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder like the built page, so small that a test knows every byte; beside it a file that nobody may see. */
export function pretendPage(): string {
  const outside = mkdtempSync(join(tmpdir(), 'lightfold-page-'));
  const folder = join(outside, 'web');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(outside, 'secret.txt'), SECRET);
  writeFileSync(join(folder, '.hidden.js'), SECRET);
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Lightfold</title>');
  writeFileSync(join(folder, 'assets', 'index-DUeBF1Dz.js'), SCRIPT);
  writeFileSync(join(folder, 'assets', 'decoder-BcD3fGh1.wasm'), new Uint8Array(4000));
  return folder;
}

export const SECRET = 'not for anybody';
export const SCRIPT = `console.log('the page');\n`.repeat(200);
