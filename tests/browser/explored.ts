/** A small survey with its runs, served, and a headless Chromium that looks at it. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import { findChromium } from '../../build/browser.mjs';
import { loadDataset, saveDataset } from '../../src/dataset/index.node.ts';
import { simulateGalaxies, simulateQuasars } from '../../src/simulation/index.ts';
import { logGrid } from '../../src/spectra/index.ts';
import { fit } from '../../src/training/index.node.ts';

export const folder = mkdtempSync(join(tmpdir(), 'lightfold-explored-'));
export const path = (name: string): string => join(folder, name);

/** Screenshots are for people to look at; nothing is compared with them. */
const SCREENSHOTS = join('out', 'screenshots');

/** Reason to skip, or false: for `describe`. */
export const withoutChromium =
  findChromium() === null ? 'no Chromium is installed (LIGHTFOLD_CHROMIUM names one)' : false;

/** `galaxies` with `pca` and `vae`, `quasars` with `gplvm`. */
export async function makeSurveys(): Promise<void> {
  const galaxies = simulateGalaxies({ objects: 300, seed: 3, grid: logGrid(3600, 7000, 150) }).dataset;
  await saveDataset(path('galaxies'), galaxies);
  const quasars = simulateQuasars({ objects: 200, seed: 4, grid: logGrid(1250, 4900, 100) }).dataset;
  await saveDataset(path('quasars'), quasars);
  const fits = [
    ['pca', 'galaxies', 4, {}],
    ['vae', 'galaxies', 4, { maxEpochs: 20 }],
    ['shared-gplvm', 'quasars', 3, { inducing: 16, epochs: 4, batch: 32 }],
  ] as const;
  for (const [model, dataset, latents, settings] of fits) {
    const out = path(model === 'shared-gplvm' ? 'gplvm' : model);
    await fit(model, await loadDataset(path(dataset)), { out, latents, settings, seed: 1, datasetPath: path(dataset) });
  }
}

export interface OpenedPage {
  readonly page: Page;
  /** Errors that the page or its console reported so far. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colourScheme?: 'light' | 'dark';
  /** Run in the page before all else. */
  readonly script?: string;
}

export class Visitor {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async arrive(): Promise<Visitor> {
    const executablePath = findChromium();
    if (executablePath === null) throw new Error('no Chromium is here');
    // WebGL without a graphics card.
    const gl = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
    return new Visitor(await chromium.launch({ executablePath, args: ['--no-sandbox', ...gl] }));
  }

  async open(address: string, options: PageOptions = {}): Promise<OpenedPage> {
    const { width = 1280, height = 800, colourScheme = 'light' } = options;
    const context = await this.#browser.newContext({ viewport: { width, height }, colorScheme: colourScheme });
    const page = await context.newPage();
    if (options.script !== undefined) await page.addInitScript(options.script);
    page.setDefaultTimeout(60_000);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !isAboutTopcat(message.location().url)) errors.push(message.text());
    });
    await page.goto(address);
    await page
      .getByRole('region', { name: /^Map of/ })
      .locator('canvas')
      .first()
      .waitFor();
    return { page, errors, close: () => context.close() };
  }

  async leave(): Promise<void> {
    await this.#browser.close();
  }
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

/** What axe-core finds of at least serious impact, a sentence each. */
export async function seriousBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = axeReport.parse(await page.evaluate("axe.run(document, { resultTypes: ['violations'] })"));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}
