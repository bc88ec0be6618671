import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { readCsv } from '../../src/io/index.ts';
import type { ServedExplorer } from '../../src/workflows/explore.node.ts';
import { openExhibits, serveExhibits } from '../../src/workflows/explore.node.ts';
import {
  makeSurveys,
  type PageOptions,
  path,
  photograph,
  seriousBarriers,
  Visitor,
  withoutChromium,
} from './explored.ts';
import { galaxyAsCsv } from './galaxy-file.ts';
import { placeAgain, placeAtFitted } from './placing-steps.ts';
import { saved } from './saved.ts';
import { GALAXIES } from './surveys.ts';

/** Nothing else differs between light and dark. */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block'];

describe('the page of the explorer', { skip: withoutChromium, timeout: 600_000 }, () => {
  let served: ServedExplorer;
  let visitor: Visitor;

  before(async () => {
    await makeSurveys();
    const runs = [path('pca'), path('vae'), path('gplvm')];
    served = await serveExhibits(await openExhibits({ runs }), { port: 0 });
    visitor = await Visitor.arrive();
  });

  after(async () => {
    await visitor?.leave();
    await served?.close();
  });

  type Look = (page: Page) => Promise<void>;
  const open = (hash: string, look: Look, options?: PageOptions) =>
    visitor.open(`${served.url}#${hash}`, look, options);
  const turnTo = (hash: string, look: Look) => visitor.turnTo(`${served.url}#${hash}`, look);

  const galaxies = 'exhibit=galaxies&run=vae';
  const quasars = 'exhibit=quasars&run=gplvm';
  const tab = (page: Page, name: string) => page.getByRole('tab', { name });

  it('draws the map, and shows the spectrum of an object that is clicked there', async () => {
    let place: Awaited<ReturnType<Locator['boundingBox']>> = null;
    await open(`${galaxies}&chosen=5`, async (page) => {
      place = await page.locator('.ring.first').boundingBox();
    });
    await turnTo(galaxies, async (page) => {
      await page.getByRole('region', { name: /^Map of 300 objects/ }).waitFor();
      await page.getByText('Click an object on the map').waitFor();
      assert.ok(place !== null);
      await page.mouse.click(place.x + place.width / 2, place.y + place.height / 2);
      const panel = page.getByRole('tabpanel');
      await panel.getByText('class', { exact: true }).first().waitFor();
      await panel.getByText('VAE', { exact: true }).first().waitFor();
      await page.waitForFunction("location.hash.includes('chosen=5')");
      await photograph(page, 'map-and-spectrum');
    });
  });

  it('opens the view that an address tells, and goes back to the one before', async () => {
    await open(`${galaxies}&panel=tables&filter=z%20%3C%200.1`, async (page) => {
      assert.equal(await tab(page, 'Tables').getAttribute('aria-selected'), 'true');
      const shown = page.getByText(/^\d+ of 300 objects$/);
      await shown.waitFor();
      assert.ok(Number.parseInt((await shown.textContent()) ?? '', 10) < 300);
      await tab(page, 'Spectrum').click();
      await page.waitForFunction("!location.hash.includes('panel=tables')");
      await page.goBack();
      await page.waitForFunction("location.hash.includes('panel=tables')");
      assert.equal(await tab(page, 'Tables').getAttribute('aria-selected'), 'true');
    });
  });

  it('filters by an expression, and says what is wrong with one', async () => {
    await turnTo(galaxies, async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('class = "quiescent" and snr > 5');
      await page.keyboard.press('Enter');
      await page.getByText(/^\d+ of 300 objects$/).waitFor();
      await page.getByRole('searchbox', { name: 'Filter' }).fill('redshft < 1');
      await page
        .getByText(/redshft/)
        .first()
        .waitFor();
      const words = await page.locator('#filter-result').textContent();
      assert.match(words ?? '', /redshft/);
    });
  });

  it('generates from labels with errors, and warns where no object backs the point', async () => {
    await turnTo(`${quasars}&panel=generate&chosen=3`, async (page) => {
      const panel = page.getByRole('tabpanel');
      await panel.getByLabel('Predicted labels').waitFor();
      await panel.getByRole('button', { name: 'by labels' }).click();
      await panel.getByLabel('Hold log_mbh fixed').click();
      const slider = panel.getByRole('slider', { name: /log M_BH/ });
      await slider.focus();
      const others = panel.getByText('±').first();
      const before = await others.textContent();
      for (let press = 0; press < 10; press++) await page.keyboard.press('ArrowRight');
      await changed(others, before);
      await photograph(page, 'label-sliders-with-band');
      await panel.getByRole('button', { name: 'by latents' }).click();
      const number = panel.getByLabel(/, as a number$/).first();
      await number.fill('40');
      await number.press('Enter');
      await panel
        .getByText(/extrapolat/i)
        .first()
        .waitFor();
      await photograph(page, 'unsupported-point');
    });
  });

  it('plays a track', async () => {
    await turnTo(`${galaxies}&panel=tracks`, async (page) => {
      const position = page.getByRole('slider', { name: /^Position along the track/ });
      await page.locator('.panel canvas').first().waitFor();
      const before = await position.inputValue();
      await page.getByRole('button', { name: 'Play', exact: true }).click();
      await changed({ textContent: () => position.inputValue() }, before);
      await page.getByRole('button', { name: 'Pause', exact: true }).click();
      await photograph(page, 'track-player');
    });
  });

  it('lists outliers with their reasons, and exports what is listed', async () => {
    await turnTo(`${galaxies}&panel=tables`, async (page) => {
      await page.getByRole('button', { name: /^Outliers/ }).click();
      await page
        .getByText(/rebuilt with χ²|join near|are missing|equivalent width|neighbours/)
        .first()
        .waitFor();
      await photograph(page, 'outlier-table');
      await page.getByRole('button', { name: /^Objects/ }).click();
      const csv = await saved(page, page.getByRole('button', { name: 'CSV' }));
      assert.equal(readCsv(csv, 'saved.csv').rows, GALAXIES);
    });
  });

  it('places a spectrum that the reader brings, at the redshift that fits or that the reader gives', async () => {
    await open(galaxies, async (page) => {
      await placeAtFitted(page, await galaxyAsCsv(path('galaxies'), path('brought.csv')));
      await photograph(page, 'dropped-spectrum');
      await placeAgain(page, 0.05);
    });
  });

  it('has no serious barrier for anybody, on any panel or dialog, in light and dark', async () => {
    await open(`${galaxies}&chosen=5`, async (page) => {
      const panel = page.getByRole('tabpanel');
      const alike = async (where: string, within: string) => {
        assert.deepEqual(await seriousBarriers(page, { within }), [], `${where}, light`);
        await page.emulateMedia({ colorScheme: 'dark' });
        await page.locator('html[data-theme="dark"]').waitFor();
        assert.deepEqual(await seriousBarriers(page, { within, rules: RULES_OF_COLOUR }), [], `${where}, dark`);
        await page.emulateMedia({ colorScheme: 'light' });
        await page.locator('html[data-theme="light"]').waitFor();
      };
      await placeAtFitted(page, await galaxyAsCsv(path('galaxies'), path('brought.csv')));
      await alike('the page with a spectrum that was brought', 'html');
      await page.getByRole('button', { name: 'Dismiss', exact: true }).click();
      for (const [name, shown] of [
        ['Generate', panel.locator('canvas').first()],
        ['Tracks', panel.locator('canvas').first()],
        ['Tables', panel.getByRole('row').nth(3)],
        ['All pairs', panel.locator('canvas').first()],
      ] as const) {
        await tab(page, name).click();
        await shown.waitFor();
        await alike(name, '.panels');
      }
      await tab(page, 'Tables').click();
      for (const [name, shown] of [
        ['Statistics', panel.getByRole('img', { name: /^Histogram/ })],
        ['Outliers', panel.getByRole('columnheader', { name: 'reason' })],
        ['Clusters', panel.getByText(/^commonest class$|without clusters/)],
      ] as const) {
        await panel.getByRole('button', { name }).click();
        await shown.waitFor();
        await alike(name, '.panel');
      }
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Help' }).waitFor();
      await alike('help', 'dialog');
    });
  });

  it('fits a tablet held upright', async () => {
    await open(
      `${galaxies}&chosen=5`,
      async (page) => {
        const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        assert.ok(wider <= 0, `${wider} px beyond the window`);
        await photograph(page, 'tablet');
      },
      { width: 820 },
    );
  });
});

/** Waits until a text is another one. */
async function changed(of: Pick<Locator, 'textContent'>, before: string | null): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    if ((await of.textContent()) !== before) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`it stays ${before}`);
}
