import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';

/** The bytes of the file that a press of a button saves. */
export async function saved(page: Page, button: Locator): Promise<Buffer> {
  const download = page.waitForEvent('download');
  await button.click();
  return readFileSync(await (await download).path());
}
