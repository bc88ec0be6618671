import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { openExhibits, type ServedExplorer, serveExhibits } from '../../src/workflows/explore.node.ts';
import { makeSurveys, path, Visitor, withoutChromium } from './explored.ts';

describe('gestures on the page of the explorer', { skip: withoutChromium, timeout: 400_000 }, () => {
  let served: ServedExplorer;
  let visitor: Visitor;

  before(async () => {
    await makeSurveys();
    served = await serveExhibits(await openExhibits({ runs: [path('pca')] }), { port: 0 });
    visitor = await Visitor.arrive();
  });

  after(async () => {
    await visitor?.leave();
    await served?.close();
  });

  async function visit(hash: string, look: (page: Page) => Promise<void>): Promise<void> {
    const { page, errors, close } = await visitor.open(`${served.url}#exhibit=galaxies&run=pca&${hash}`);
    try {
      await look(page);
      assert.deepEqual(errors, []);
    } finally {
      await close();
    }
  }

  it('select by a lasso, and zoom by the wheel', async () => {
    await visit('', async (page) => {
      const map = page
        .getByRole('region', { name: /^Map of/ })
        .locator('canvas')
        .first();
      await page.getByRole('button', { name: 'Lasso' }).click();
      await drag(page, map, [
        [0.02, 0.02],
        [0.98, 0.02],
        [0.98, 0.98],
        [0.02, 0.98],
      ]);
      assert.ok((await selected(page)) > 100);
      await page.getByRole('button', { name: 'Lasso' }).click();
      const ticks = page.locator('.axis-x').first();
      const whole = await ticks.textContent();
      await map.hover();
      await page.mouse.wheel(0, -600);
      await page.waitForFunction(`document.querySelector('.axis-x')?.textContent !== ${JSON.stringify(whole)}`);
    });
  });

  it('sort a table by a click on a head, the other way by a second', async () => {
    await visit('panel=tables', async (page) => {
      const head = page.getByRole('columnheader', { name: /^redshift/ }).first();
      await head.getByRole('button').click();
      assert.equal(await head.getAttribute('aria-sort'), 'ascending');
      await head.getByRole('button').click();
      assert.equal(await head.getAttribute('aria-sort'), 'descending');
    });
  });

  for (const [panel, kinds] of [
    ['spectrum', ['SVG', 'PNG', 'CSV']],
    ['generate', ['SVG', 'PNG', 'CSV']],
    ['tracks', ['SVG', 'PNG', 'CSV', 'animated PNG']],
  ] as const) {
    it(`save ${panel} as ${kinds.join(', ')}`, async () => {
      await visit(`chosen=5&panel=${panel}`, async (page) => {
        for (const kind of kinds) {
          const download = page.waitForEvent('download');
          await page.getByRole('tabpanel').getByRole('button', { name: kind, exact: true }).click();
          assert.match(readFileSync(await (await download).path(), 'latin1'), BEGINNINGS[kind]);
        }
      });
    });
  }
});

const BEGINNINGS = {
  SVG: /^<svg /,
  PNG: /^\x89PNG/,
  CSV: /^(#|wavelength)/,
  'animated PNG': /^\x89PNG[\s\S]{20,60}acTL/,
};

async function drag(page: Page, over: Locator, corners: readonly (readonly [number, number])[]): Promise<void> {
  const box = await over.boundingBox();
  assert.ok(box !== null);
  for (const [at, [x, y]] of corners.entries()) {
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 4 });
    if (at === 0) await page.mouse.down();
  }
  await page.mouse.up();
}

async function selected(page: Page): Promise<number> {
  const words = page.getByText(/^\d+ selected$/);
  await words.waitFor();
  return Number.parseInt((await words.textContent()) ?? '', 10);
}
