/** What a reader does with the explorer's page, and what the browser says it took. */
import type { Page } from 'playwright-core';
import { z } from 'zod';
import type { OpenedPage, Visitor } from '../../tests/browser/explored.ts';

const numbers = z.array(z.number());

/** Collects tasks of the main thread beyond 50 ms, and how long events took to their next frame. */
const WATCH = `
  globalThis.longTasks = [];
  globalThis.eventTimes = [];
  const watch = (type, keep, more) => new PerformanceObserver((list) => list.getEntries().forEach(keep)).observe({ type, ...more });
  watch('longtask', (entry) => longTasks.push(entry.duration));
  watch('event', (entry) => eventTimes.push(entry.duration), { durationThreshold: 16 });
`;
/** What is under way when something is asked for has an end by then. */
const SETTLED = 2500;
const HOVERS = 60;
const VIEWS = 24;

export interface MapTimes {
  /** From the navigation, milliseconds. */
  readonly firstContent: number;
  readonly map: number;
  /** Tasks of the main thread beyond 50 ms, longest first. */
  readonly loadingTasks: readonly number[];
  readonly hoverTasks: readonly number[];
  readonly selectionTasks: readonly number[];
  /** Of each frame while the view is moved. */
  readonly redraws: readonly number[];
  /** From the click to the frame that shows the selection in the page, and to the points drawn anew. */
  readonly selection: { readonly page: number; readonly points: number };
}

/** Opens the page on a map, hovers, moves and selects. */
export async function visitMap(visitor: Visitor, address: string): Promise<MapTimes> {
  const opened = await visitor.openAfresh(address, WATCH);
  try {
    const { page } = opened;
    await page.waitForFunction("performance.getEntriesByName('lightfold:points-to-map').length > 0");
    await page.waitForTimeout(SETTLED);
    const [firstContent] = await asNumbers(
      page,
      "performance.getEntriesByName('first-contentful-paint').map((e) => e.startTime)",
    );
    const [map] = await asNumbers(
      page,
      "performance.getEntriesByName('lightfold:points-to-map').map((e) => e.startTime + e.duration)",
    );
    const loadingTasks = await tasks(page);
    await hover(page);
    const hoverTasks = await tasks(page);
    const redraws = await moveView(page);
    await tasks(page);
    const selection = await select(page);
    const selectionTasks = await tasks(page);
    requireNoErrors(opened);
    return { firstContent, map, loadingTasks, hoverTasks, redraws, selection, selectionTasks };
  } finally {
    await opened.close();
  }
}

export interface SliderVisit {
  /** Sliders of labels in place of those of latents. */
  readonly byLabels: boolean;
  readonly moves: number;
}

export interface SliderTimes {
  /** From the panel's opening to its first spectrum, and by labels from the wish for them to theirs; milliseconds. */
  readonly opening: number;
  /** From each move of a slider to the spectrum painted. */
  readonly moves: readonly number[];
}

/** A reader's hand: the moves of a slider that is dragged come some ten a second. */
const BETWEEN_MOVES = 90;

/** Opens the page on its generator and moves the first slider. */
export async function visitSliders(visitor: Visitor, address: string, visit: SliderVisit): Promise<SliderTimes> {
  const opened = await visitor.openAfresh(`${address}&panel=generate`, WATCH);
  try {
    const { page } = opened;
    const panel = page.getByRole('tabpanel');
    const sliders = panel.getByRole('slider');
    let start = performance.now();
    await panel.getByText('Save').waitFor();
    if (visit.byLabels) {
      start = performance.now();
      await panel.getByRole('button', { name: 'by labels' }).click();
      await panel.getByText('The model is still at work').waitFor({ state: 'detached' });
    }
    const opening = performance.now() - start;
    await sliders.first().focus();
    const press = async (count: number) => {
      for (let move = 0; move < count; move++) {
        await page.keyboard.press(move % 20 < 10 ? 'ArrowRight' : 'ArrowLeft');
        await page.waitForTimeout(BETWEEN_MOVES);
      }
      await page.waitForTimeout(SETTLED);
    };
    await press(10);
    await page.evaluate("performance.clearMeasures('lightfold:slider-to-spectrum')");
    await press(visit.moves);
    const moves = await asNumbers(
      page,
      "performance.getEntriesByName('lightfold:slider-to-spectrum').map((e) => e.duration)",
    );
    requireNoErrors(opened);
    return { opening, moves };
  } finally {
    await opened.close();
  }
}

async function tasks(page: Page): Promise<number[]> {
  return (await asNumbers(page, 'longTasks.splice(0)')).sort((a, b) => b - a);
}

async function hover(page: Page): Promise<void> {
  const box = await mapBox(page);
  for (let at = 0; at < HOVERS; at++) {
    // All over the middle of the map, no two alike.
    const [x, y] = [(0.618 * at) % 1, (0.414 * at) % 1];
    await page.mouse.move(box.x + box.width * (0.2 + 0.6 * x), box.y + box.height * (0.2 + 0.6 * y));
  }
  await page.waitForTimeout(500);
}

/** Turns the wheel once a frame; a frame is as long as the redraw takes. */
async function moveView(page: Page): Promise<number[]> {
  const box = await mapBox(page);
  const [clientX, clientY] = [box.x + box.width / 2, box.y + box.height / 2];
  return asNumbers(
    page,
    `(async () => {
      const stage = document.querySelector('section.stage');
      const frame = () => new Promise(requestAnimationFrame);
      const times = [];
      let before = await frame();
      for (let turn = 0; turn < ${VIEWS}; turn++) {
        const deltaY = turn % 2 === 0 ? -40 : 40;
        stage.dispatchEvent(new WheelEvent('wheel', { deltaY, clientX: ${clientX}, clientY: ${clientY}, bubbles: true, cancelable: true }));
        const now = await frame();
        times.push(now - before);
        before = now;
      }
      return times;
    })()`,
  );
}

async function select(page: Page): Promise<MapTimes['selection']> {
  await page.evaluate("eventTimes.length = 0; performance.clearMeasures('lightfold:points-to-map')");
  await page
    .getByRole('button', { name: /^Select / })
    .first()
    .click();
  await page.waitForFunction("performance.getEntriesByName('lightfold:points-to-map').length > 0");
  await page.waitForTimeout(1000);
  const [points] = await asNumbers(
    page,
    "performance.getEntriesByName('lightfold:points-to-map').map((e) => e.duration)",
  );
  return { page: Math.max(0, ...(await asNumbers(page, 'eventTimes'))), points };
}

async function mapBox(page: Page) {
  const box = await page.locator('section.stage').boundingBox();
  if (box === null) throw new Error('the map is not on the page');
  return box;
}

async function asNumbers(page: Page, expression: string): Promise<number[]> {
  return numbers.parse(await page.evaluate(expression));
}

function requireNoErrors({ errors }: OpenedPage): void {
  if (errors.length > 0) throw new Error(`the page says ${errors.join('; ')}`);
}
