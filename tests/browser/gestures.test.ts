import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { numberColumn, readCsv } from '../../src/io/index.ts';
import { openExhibits, type ServedExplorer, serveExhibits } from '../../src/workflows/explore.node.ts';
import { readAddress } from '../../web/state/address.ts';
import { makeSurveys, mapOf, path, photograph, Visitor, withoutChromium } from './explored.ts';
import { saved } from './saved.ts';
import { GALAXIES } from './surveys.ts';

type Place = readonly [across: number, down: number];

/** A little inside of the edges, where no object is. */
const [EDGE, OTHER_EDGE] = [0.004, 0.996];

/** Pixels. */
const FRAME = 4;

describe('gestures on the page of the explorer', { skip: withoutChromium, timeout: 400_000 }, () => {
  let served: ServedExplorer;
  let visitor: Visitor;
  /** Places of the objects on the axes of falling variance, by axis and row. */
  let axes: readonly Float64Array[];

  before(async () => {
    await makeSurveys();
    served = await serveExhibits(await openExhibits({ runs: [path('pca')] }), { port: 0 });
    visitor = await Visitor.arrive();
    await visit('panel=tables', async (page) => {
      const table = readCsv(await saved(page, page.getByRole('button', { name: 'CSV' })), 'all objects');
      axes = ['t1', 't2', 't3'].map((name) =>
        Float64Array.from(numberColumn(table, name, 'all objects'), (value) => value ?? Number.NaN),
      );
    });
  });

  after(async () => {
    await visitor?.leave();
    await served?.close();
  });

  async function visit(hash: string, look: (page: Page) => Promise<void>): Promise<void> {
    await visitor.turnTo(`${served.url}#exhibit=galaxies&run=pca&${hash}`, look);
  }

  /** That of all objects, `rows` are those of the smallest values, some but not all. */
  function assertLowest(rows: Uint32Array, values: Float64Array): void {
    assert.ok(rows.length > GALAXIES / 20 && rows.length < GALAXIES, `${rows.length} objects`);
    const isIn = new Set(rows);
    const highest = Math.max(...values.filter((_, row) => isIn.has(row)));
    const lowest = Math.min(...values.filter((_, row) => !isIn.has(row)));
    assert.ok(highest < lowest, `${highest} is selected, ${lowest} is not`);
  }

  it('select by a lasso, add and take away by boxes, and all of it is undone and done again by keys', async () => {
    await visit('', async (page) => {
      const map = mapOf(page);
      await page.getByRole('button', { name: 'Lasso' }).click();
      const lasso = await selection(page, () =>
        drag(page, map, [
          [EDGE, EDGE],
          [0.5, EDGE],
          [0.5, OTHER_EDGE],
          [EDGE, OTHER_EDGE],
        ]),
      );
      assertLowest(lasso, axes[0]);
      await page.keyboard.press('b');
      const all = await selection(page, () => dragWith(page, 'Shift', map, [0.49, EDGE], [OTHER_EDGE, OTHER_EDGE]));
      assert.equal(all.length, GALAXIES);
      const rest = await selection(page, () => dragWith(page, 'Alt', map, [EDGE, EDGE], [OTHER_EDGE, 0.5]));
      assertLowest(rest, axes[1]);
      await photograph(page, 'selection-by-box');
      assert.deepEqual(await selection(page, () => page.keyboard.press('u')), all);
      assert.deepEqual(await selection(page, () => page.keyboard.press('Control+z')), lasso);
      assert.deepEqual(await selection(page, () => page.keyboard.press('Shift+U')), all);
      // Out of the box, then out of the selection.
      await page.keyboard.press('Escape');
      assert.equal((await selection(page, () => page.keyboard.press('Escape'))).length, 0);
    });
  });

  it('zoom by the wheel into the place of the pointer, and show the whole map again by a key', async () => {
    await visit('', async (page) => {
      const whole = await ticks(page);
      const { x, y, width, height } = await boxOf(mapOf(page));
      await page.mouse.move(x + 0.75 * width, y + 0.25 * height);
      await page.mouse.wheel(0, -900);
      const zoomed = await ticksOtherThan(page, whole);
      assert.ok(reach(zoomed) < 0.6 * reach(whole), `${whole} become ${zoomed}`);
      const middle = Math.min(...whole) + 0.5 * reach(whole);
      assert.ok(
        Math.max(...zoomed) < Math.max(...whole) && Math.min(...zoomed) > middle - 0.1 * reach(whole),
        `${zoomed}`,
      );
      await page.keyboard.press('4');
      await page.waitForFunction("location.hash.includes('panel=tables')");
      await page.goBack();
      await page.waitForFunction("!location.hash.includes('panel=tables')");
      await page.getByText('Click an object on the map').waitFor();
      assert.deepEqual(await ticks(page), zoomed, 'going back leaves the view of the map');
      await page.keyboard.press('0');
      assert.deepEqual(await ticksOtherThan(page, zoomed), whole);
    });
  });

  it('walk to neighbours by the arrow keys', async () => {
    await visit('chosen=5', async (page) => {
      await mapOf(page).focus();
      let at = 5;
      for (const [key, axis, sign] of [
        ['ArrowRight', 0, 1],
        ['ArrowUp', 1, 1],
        ['ArrowLeft', 0, -1],
        ['ArrowDown', 1, -1],
      ] as const) {
        await page.keyboard.press(key);
        await page.waitForFunction(`!/chosen=${at}(&|$)/.test(location.hash)`);
        const [next] = readAddress(await hashOf(page)).state.chosen;
        assert.ok(sign * (axes[axis][next] - axes[axis][at]) > 0, `${key} led from ${at} to ${next}`);
        at = next;
      }
    });
  });

  it('select in a plot of the overview for all plots and the map, which stays on its axes until a plot is clicked', async () => {
    await visit('panel=corner', async (page) => {
      const map = mapOf(page);
      const plot = (x: number, y: number) => page.getByRole('button', { name: `PCA ${x} and PCA ${y} on the map` });
      await plot(1, 3).locator('canvas').waitFor();
      let [left, right] = await inkOf(map);
      while (right === 0) [left, right] = await inkOf(map);
      const rows = await selection(page, () =>
        drag(page, plot(1, 3), [
          [0.01, 0.01],
          [0.5, 0.99],
        ]),
      );
      assertLowest(rows, axes[0]);
      assert.equal(await plot(1, 2).getAttribute('aria-pressed'), 'true', 'a drag is no click');
      // What is not selected fades on the map, which is drawn again at its own time.
      let [leftAfter, rightAfter] = await inkOf(map);
      for (let look = 0; look < 50 && rightAfter > 0.5 * right; look++) [leftAfter, rightAfter] = await inkOf(map);
      assert.ok(rightAfter <= 0.5 * right, `right: ${right} became ${rightAfter}`);
      assert.ok(leftAfter > 0.9 * left, `left: ${left} became ${leftAfter}`);
      await photograph(page, 'all-pairs-brushed');
      await plot(1, 3).click();
      await page.waitForFunction('/plane=/.test(location.hash)');
      assert.deepEqual(readAddress(await hashOf(page)).state.plane, { kind: 'turned', x: 0, y: 2 });
      assert.equal(await plot(1, 3).getAttribute('aria-pressed'), 'true');
    });
  });

  it('sort a table by a click on a head, the other way by a second, as the dataset is by a third', async () => {
    await visit('panel=tables', async (page) => {
      const head = page.getByRole('columnheader', { name: /^redshift/ });
      const titles = await page.locator('.rows thead th').allTextContents();
      const column = titles.findIndex((title) => title.startsWith('redshift'));
      const redshifts = async () => {
        const cells = await page.locator(`.rows tbody td:nth-child(${column + 1})`).allTextContents();
        return cells.map(Number);
      };
      const unsorted = await redshifts();
      assert.ok(unsorted.length > 10 && unsorted.every((z) => z > 0));
      for (const [order, sorted] of [
        ['ascending', (values: number[]) => values.sort((a, b) => a - b)],
        ['descending', (values: number[]) => values.sort((a, b) => b - a)],
        ['none', () => unsorted],
      ] as const) {
        await head.getByRole('button').click();
        assert.equal(await head.getAttribute('aria-sort'), order);
        const shown = await redshifts();
        assert.deepEqual(shown, sorted([...shown]), order);
        if (order !== 'none') assert.notDeepEqual(shown, unsorted);
      }
    });
  });

  it('draw a path on the map point by point, and walk it', async () => {
    await visit('panel=tracks', async (page) => {
      await page.getByRole('button', { name: 'Draw a path' }).click();
      const { x, y, width, height } = await boxOf(mapOf(page));
      for (const [across, down] of [
        [0.3, 0.5],
        [0.5, 0.4],
        [0.7, 0.6],
      ]) {
        await page.mouse.click(x + across * width, y + down * height);
      }
      await page.getByText('3 points', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Done drawing' }).click();
      const position = page.getByRole('slider', { name: /^Position along the track/ });
      await position.focus();
      await page.keyboard.press('PageDown');
      const passed = Number(await position.inputValue());
      assert.ok(passed > 0.2 && passed < 0.8, `the second point is at ${passed}`);
      await photograph(page, 'drawn-path');
    });
  });
});

/** What the address says is selected after something was done that changes it; none when nothing is. */
async function selection(page: Page, act: () => Promise<void>): Promise<Uint32Array> {
  const selected = "(/[#&]selection=([^&]*)/.exec(location.hash)?.[1] ?? '')";
  const before = await page.evaluate<string>(selected);
  await act();
  await page.waitForFunction(`${selected} !== ${JSON.stringify(before)}`);
  return readAddress(await hashOf(page)).state.selection ?? new Uint32Array();
}

async function hashOf(page: Page): Promise<string> {
  return page.evaluate<string>('location.hash');
}

async function boxOf(element: Locator) {
  const box = await element.boundingBox();
  assert.ok(box !== null);
  return box;
}

/** @param corners as shares of the element's width and height */
async function drag(page: Page, over: Locator, corners: readonly Place[]): Promise<void> {
  const { x, y, width, height } = await boxOf(over);
  for (const [at, [across, down]] of corners.entries()) {
    await page.mouse.move(x + across * width, y + down * height, { steps: at === 0 ? 1 : 3 });
    if (at === 0) await page.mouse.down();
  }
  await page.mouse.up();
}

async function dragWith(page: Page, key: string, over: Locator, from: Place, to: Place): Promise<void> {
  await page.keyboard.down(key);
  await drag(page, over, [from, to]);
  await page.keyboard.up(key);
}

/** The numbers at the map's lower axis. */
async function ticks(page: Page): Promise<number[]> {
  const words = await page.locator('.axis-x text:not(.axis-title)').allTextContents();
  return words.map((word) => Number(word.replace('−', '-')));
}

async function ticksOtherThan(page: Page, before: readonly number[]): Promise<number[]> {
  for (let look = 0; look < 600; look++) {
    const now = await ticks(page);
    if (now.join() !== before.join()) return now;
    await page.waitForTimeout(50);
  }
  return assert.fail(`the axis stays at ${before}`);
}

function reach(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** How far from white the left and the right half within an element are, summed over its pixels. */
async function inkOf(element: Locator): Promise<[left: number, right: number]> {
  const { x, y, width, height } = await boxOf(element);
  const clip = { x: x + FRAME, y: y + FRAME, width: width - 2 * FRAME, height: height - 2 * FRAME };
  const png = (await element.page().screenshot({ clip })).toString('base64');
  return element.page().evaluate<[number, number]>(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png}';
    await image.decode();
    const { width, height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const ink = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      ink[(at / 4) % width < width / 2 ? 0 : 1] += 255 - Math.min(data[at], data[at + 1], data[at + 2]);
    }
    return ink;
  })()`);
}
