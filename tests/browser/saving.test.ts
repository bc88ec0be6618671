import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { loadDataset } from '../../src/dataset/index.node.ts';
import type { Dataset } from '../../src/dataset/index.ts';
import { numberColumn, readCsv, readParquet, type Table, textColumn } from '../../src/io/index.ts';
import { openExhibits, type ServedExplorer, serveExhibits } from '../../src/workflows/explore.node.ts';
import { rowsAsText } from '../../web/state/row-text.ts';
import { makeSurveys, path, Visitor, withoutChromium } from './explored.ts';
import { saved } from './saved.ts';

const SELECTED = Uint32Array.of(3, 7, 8, 9, 120, 299);
/** Of the object that is shown. */
const ROW = 5;

describe('what the page of the explorer saves', { skip: withoutChromium, timeout: 400_000 }, () => {
  let served: ServedExplorer;
  let visitor: Visitor;
  let dataset: Dataset;

  before(async () => {
    await makeSurveys();
    dataset = await loadDataset(path('galaxies'));
    served = await serveExhibits(await openExhibits({ runs: [path('pca')] }), { port: 0 });
    visitor = await Visitor.arrive();
  });

  after(async () => {
    await visitor?.leave();
    await served?.close();
  });

  async function visit(hash: string, look: (page: Page) => Promise<void>): Promise<void> {
    await visitor.turnTo(`${served.url}#exhibit=galaxies&run=pca&${hash}`, look);
  }

  const button = (page: Page, name: string) => page.getByRole('tabpanel').getByRole('button', { name, exact: true });

  it('is the selection alone, as CSV, VOTable and Parquet', async () => {
    await visit(`panel=tables&selection=${rowsAsText(SELECTED)}`, async (page) => {
      await button(page, 'Selection 6').waitFor();
      const tables = [
        readCsv(await saved(page, button(page, 'CSV')), 'saved.csv'),
        await readParquet(await saved(page, button(page, 'Parquet')), 'saved.parquet'),
        readVotable((await saved(page, button(page, 'VOTable'))).toString('utf8')),
      ];
      const { id, redshift, snr } = dataset.catalogue;
      for (const table of tables) {
        assert.deepEqual(table.names, tables[0].names);
        assert.deepEqual(
          textColumn(table, 'id', 'saved'),
          Array.from(SELECTED, (row) => id[row]),
        );
        assertClose(numberColumn(table, 'z', 'saved'), (at) => redshift[SELECTED[at]]);
        assertClose(numberColumn(table, 'snr', 'saved'), (at) => snr[SELECTED[at]]);
        assertClose(numberColumn(table, 't1', 'saved'), (at) => numberColumn(tables[0], 't1', 'saved')[at]);
      }
    });
  });

  it('is the spectrum of the object that is shown, as figure and as numbers', async () => {
    await visit(`chosen=${ROW}`, async (page) => {
      const name = dataset.catalogue.id[ROW];
      await page.getByRole('tabpanel').getByText('PCA', { exact: true }).first().waitFor();
      const svg = (await saved(page, button(page, 'SVG'))).toString('utf8');
      for (const part of ['<svg ', `>${name}</text>`, 'residual / σ', '</svg>']) assert.ok(svg.includes(part), part);
      assert.ok((svg.match(/<path/g) ?? []).length > 20);
      const { width, height } = pngSize(await saved(page, button(page, 'PNG')));
      const [, wide, high] = svg.match(/^<svg [^>]*width="(\d+)" height="(\d+)"/) ?? [];
      assert.deepEqual([width, height], [2 * Number(wide), 2 * Number(high)]);
      const table = readCsv(await saved(page, button(page, 'CSV')), 'saved.csv');
      const { wavelength, flux, ivar } = dataset;
      const at = (p: number) => ROW * wavelength.length + p;
      const isObserved = (p: number) => ivar.data[at(p)] > 0;
      assertClose(numberColumn(table, 'wavelength_rest', 'saved'), (p) => wavelength[p]);
      assertClose(numberColumn(table, `${name} flux`, 'saved'), (p) => (isObserved(p) ? flux.data[at(p)] : null));
      assertClose(numberColumn(table, `${name} error`, 'saved'), (p) =>
        isObserved(p) ? ivar.data[at(p)] ** -0.5 : null,
      );
      assert.ok(numberColumn(table, `${name} PCA`, 'saved').every((value) => value !== null));
    });
  });

  it('is a generated spectrum, as figure and as numbers', async () => {
    await visit(`chosen=${ROW}&panel=generate`, async (page) => {
      await page.getByRole('tabpanel').locator('canvas').first().waitFor();
      assert.match(
        (await saved(page, button(page, 'SVG'))).toString('utf8'),
        /^<svg [\s\S]*PCA, generated[\s\S]*<\/svg>$/,
      );
      assert.ok(pngSize(await saved(page, button(page, 'PNG'))).width > 1000);
      const table = readCsv(await saved(page, button(page, 'CSV')), 'saved.csv');
      assertClose(numberColumn(table, 'wavelength_rest', 'saved'), (p) => dataset.wavelength[p]);
      assert.ok(numberColumn(table, 'flux', 'saved').every((value) => value !== null));
    });
  });

  it('is a track, as figure, as numbers and as an animation', async () => {
    await visit('panel=tracks', async (page) => {
      await page.getByRole('tabpanel').locator('canvas').first().waitFor();
      const points = await page.getByText(/^\d+ points$/).textContent();
      const count = Number.parseInt(points ?? '', 10);
      const svg = (await saved(page, button(page, 'SVG'))).toString('utf8');
      assert.equal((svg.match(/<clipPath /g) ?? []).length, count, 'a part of the figure for each point');
      const table = readCsv(await saved(page, button(page, 'CSV')), 'saved.csv');
      assertClose(numberColumn(table, 'wavelength_rest', 'saved'), (p) => dataset.wavelength[p]);
      assert.equal(table.names.length, 1 + 2 * count);
      const [first, last] = [table.names[1], table.names[table.names.length - 2]];
      assert.notDeepEqual(numberColumn(table, first, 'saved'), numberColumn(table, last, 'saved'));
      const animation = await decodeAnimation(page, await saved(page, button(page, 'animated PNG')));
      assert.deepEqual({ ...animation, sums: [] }, { frames: 48, width: 760, height: 376, sums: [] });
      assert.ok(new Set(animation.sums).size > 2, 'its frames differ');
    });
  });
});

/** Seven digits, which is what float32 holds; null = no value. */
function assertClose(
  values: readonly (number | null)[],
  expected: (at: number) => number | null | undefined,
): asserts values {
  assert.ok(values.length > 0);
  for (const [at, value] of values.entries()) {
    const other = expected(at) ?? null;
    const isAlike =
      value === null || other === null ? value === other : Math.abs(value - other) <= 2e-7 * Math.abs(other);
    assert.ok(isAlike, `${value} at ${at}, not ${other}`);
  }
}

function pngSize(png: Buffer): { readonly width: number; readonly height: number } {
  assert.equal(png.toString('latin1', 1, 4), 'PNG');
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

/** A VOTable's cells as a reader of XML sees them; what is not a number is text. */
function readVotable(xml: string): Table {
  const names = [...xml.matchAll(/<FIELD name="([^"]*)"/g)].map(([, name]) => name);
  const isText = [...xml.matchAll(/<FIELD name="[^"]*" datatype="(\w+)"/g)].map(([, type]) => type === 'unicodeChar');
  const rows = [...xml.matchAll(/<TR>(.*?)<\/TR>/g)].map(([, row]) =>
    [...row.matchAll(/<TD>(.*?)<\/TD>|<TD\/>/g)].map(([, cell]) => cell ?? ''),
  );
  assert.match(xml, new RegExp(`<TABLE [^>]*nrows="${rows.length}"`));
  const cellOf = (text: string, column: number) => (text === '' ? null : isText[column] ? text : Number(text));
  const columns = names.map((name, column) => [name, rows.map((row) => cellOf(row[column], column))] as const);
  return { rows: rows.length, names, columns: Object.fromEntries(columns) as Table['columns'], omitted: [] };
}

const animationSchema = z.object({
  frames: z.number(),
  width: z.number(),
  height: z.number(),
  /** Of the pixels of the first, the middle and the last frame. */
  sums: z.array(z.number()),
});

/** What the browser's own decoder makes of an animated PNG. */
async function decodeAnimation(page: Page, png: Buffer): Promise<z.infer<typeof animationSchema>> {
  const decoded = await page.evaluate(`(async () => {
    const data = Uint8Array.from(atob('${png.toString('base64')}'), (letter) => letter.charCodeAt(0));
    const decoder = new ImageDecoder({ data, type: 'image/png' });
    await decoder.tracks.ready;
    await decoder.completed;
    const frames = decoder.tracks.selectedTrack.frameCount;
    let size = {};
    const sums = [];
    for (const frameIndex of [0, frames >> 1, frames - 1]) {
      const { image } = await decoder.decode({ frameIndex });
      const { displayWidth: width, displayHeight: height } = image;
      const context = new OffscreenCanvas(width, height).getContext('2d');
      context.drawImage(image, 0, 0);
      sums.push(context.getImageData(0, 0, width, height).data.reduce((sum, value, at) => sum + value * (at % 997), 0));
      size = { width, height };
    }
    return { frames, ...size, sums };
  })()`);
  return animationSchema.parse(decoded);
}
