import type { Page } from 'playwright-core';

/** Brings a spectrum without a redshift, and waits until it is placed at the one that fits. */
export async function placeAtFitted(page: Page, file: string): Promise<void> {
  await page.getByLabel('Spectra to place').first().setInputFiles(file);
  await page.getByText('one spectrum placed on the map.').waitFor();
  await page.getByRole('tabpanel').getByText('(fitted)').waitFor();
}

/** Places what was brought at a redshift of the reader's. */
export async function placeAgain(page: Page, redshift: number): Promise<void> {
  const panel = page.getByRole('tabpanel');
  await panel.getByLabel('z =').fill(String(redshift));
  await panel.getByRole('button', { name: 'place again' }).click();
  await panel.getByText(/\(as asked\)/).waitFor();
}
