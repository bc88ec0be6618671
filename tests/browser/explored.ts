/** The small survey with its runs, and a headless Chromium that looks at it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { z } from 'zod';
import { findChromium } from '../../build/browser.mjs';
import { copySurveys } from './surveys.ts';

export const folder = mkdtempSync(join(tmpdir(), 'lightfold-explored-'));
export const path = (name: string): string => join(folder, name);

/** Screenshots are for people to look at; nothing is compared with them. */
const SCREENSHOTS = join('out', 'screenshots');

/** Reason to skip, or false: for `describe`. */
export const withoutChromium =
  findChromium() === null ? 'no Chromium is installed (LIGHTFOLD_CHROMIUM names one)' : false;

/** `galaxies` with the runs `pca` and `vae`, `quasars` with `gplvm`. */
export async function makeSurveys(): Promise<void> {
  await copySurveys(folder);
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colourScheme?: 'light' | 'dark';
}

const WIDTH = 1280;

/** A page of its own, which whoever opened it closes. */
export interface OpenedPage {
  readonly page: Page;
  /** What it complained of, up to now. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** What a visitor does on the page. */
type Look = (page: Page) => Promise<void>;

/** A browser with one tab, in which the page must leave no error behind. */
export class Visitor {
  readonly #browser: Browser;
  readonly #page: Page;
  #errors: string[] = [];
  /** The page that the last visit left in good order, to be gone on with. */
  #left: string | null = null;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
    page.setDefaultTimeout(60_000);
    listen(page, (error) => this.#errors.push(error));
  }

  static async arrive(): Promise<Visitor> {
    const executablePath = findChromium();
    if (executablePath === null) throw new Error('no Chromium is here');
    // WebGL without a graphics card.
    const gl = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', ...gl] });
    return new Visitor(browser, await browser.newPage());
  }

  /** The page as a first visit finds it. @param script run in it before all else */
  async openAfresh(address: string, script: string): Promise<OpenedPage> {
    const context = await this.#browser.newContext({ viewport: { width: WIDTH, height: 800 } });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const errors: string[] = [];
    listen(page, (error) => errors.push(error));
    await page.addInitScript(script);
    await page.goto(address);
    await mapOf(page).waitFor();
    return { page, errors, close: () => context.close() };
  }

  /** Loads the page: of the one before, nothing is left but the history. */
  async open(address: string, look: Look, options: PageOptions = {}): Promise<void> {
    const { width = WIDTH, height = 800, colourScheme = 'light' } = options;
    this.#left = null;
    // An address that differs in what follows the # alone would not be loaded again.
    await this.#page.goto('about:blank');
    this.#errors = [];
    await this.#page.setViewportSize({ width, height });
    await this.#page.emulateMedia({ colorScheme: colourScheme });
    await this.#page.goto(address);
    await this.#lookAt(look);
    if (width === WIDTH) this.#left = new URL(address).origin;
  }

  /** Goes where a link in the page itself would lead, which loads nothing; opens the page where that cannot be. */
  async turnTo(address: string, look: Look): Promise<void> {
    const { origin, hash } = new URL(address);
    if (this.#left !== origin || hash === new URL(this.#page.url()).hash) return this.open(address, look);
    this.#left = null;
    await this.#page.evaluate(`new Promise((turned) => {
      addEventListener('popstate', () => requestAnimationFrame(() => requestAnimationFrame(turned)), { once: true });
      location.hash = ${JSON.stringify(hash)};
    })`);
    await this.#lookAt(look);
    this.#left = origin;
  }

  async #lookAt(look: Look): Promise<void> {
    await mapOf(this.#page).waitFor();
    await look(this.#page);
    assert.deepEqual(this.#errors, []);
  }

  async leave(): Promise<void> {
    await this.#browser.close();
  }
}

function listen(page: Page, onError: (error: string) => void): void {
  page.on('pageerror', (error) => onError(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isAboutTopcat(message.location().url)) onError(message.text());
  });
}

/** Where the objects are drawn; clicked and dragged on. */
export function mapOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Map: arrow keys walk from object to object' });
}

/** The page asks whether TOPCAT listens; a browser tells its console that nothing does. */
function isAboutTopcat(url: string): boolean {
  return url.includes(':21012');
}

/** Keeps a picture of the page as output of the tests. */
export async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

const axeReport = z.object({
  violations: z.array(
    z.object({ id: z.string(), impact: z.string().nullish(), nodes: z.array(z.object({ html: z.string() })) }),
  ),
});

export interface ScanOptions {
  /** A selector: the part that is looked at, in place of the whole page. */
  readonly within?: string;
  /** Names of rules, in place of all that WCAG 2.1 asks for on its levels A and AA. */
  readonly rules?: readonly string[];
}

const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
/** Rows of a table are alike. */
const ALIKE = '.rows tbody tr:nth-child(n + 6)';

/** What axe-core finds of at least serious impact, a sentence each. */
export async function seriousBarriers(page: Page, { within = 'html', rules }: ScanOptions = {}): Promise<string[]> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe.source);
  const runOnly = rules === undefined ? { type: 'tag', values: LEVELS } : { type: 'rule', values: rules };
  const told = [
    { include: [within], exclude: [ALIKE] },
    { resultTypes: ['violations'], runOnly },
  ];
  const { violations } = axeReport.parse(await page.evaluate(`axe.run(...${JSON.stringify(told)})`));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}
