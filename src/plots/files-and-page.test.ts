import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inflateSync } from 'node:zlib';
import { parseHTML } from 'linkedom';
import { exampleFigures, exampleReport } from '../../tests/fixtures/plots/example.ts';
import { UserError } from '../base/index.ts';
import { figureFile, figureFormat } from './index.node.ts';
import { drawFigures, reportPage } from './index.ts';
import { blank, channels, paintDot, pngDataUri } from './raster.ts';

const [figure] = drawFigures(exampleFigures());

describe('figure files', () => {
  it('are PNG at two pixels to a unit, with their text drawn even where no font is installed', async () => {
    const { name, bytes } = await figureFile(figure, 'png');
    assert.equal(name, 'error-by-latents.png');
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    assert.deepEqual([view.getUint32(16), view.getUint32(20)], [2 * figure.width, 2 * figure.height]);
    const onlyWords = { ...figure, svg: figure.svg.replace(/<(path|line|circle|rect)[^>]*\/>/g, '') };
    const wordless = { ...figure, svg: onlyWords.svg.replace(/<text.*?<\/text>/gs, '') };
    const size = async (drawn: typeof figure) => (await figureFile(drawn, 'png')).bytes.length;
    assert.ok((await size(onlyWords)) > 3 * (await size(wordless)), 'the words left no mark');
  });

  it('are PDF with the font embedded', async () => {
    const { bytes } = await figureFile(figure, 'pdf');
    const text = Buffer.from(bytes).toString('latin1');
    assert.ok(text.startsWith('%PDF-'));
    assert.match(text, /\/FontFile2/);
    assert.match(text, /DejaVuSansCondensed/);
  });

  it('are SVG that stands alone', async () => {
    const { bytes } = await figureFile(figure, 'svg');
    assert.match(new TextDecoder().decode(bytes), /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="960"/);
  });

  it('are refused in formats that there are not', () => {
    assert.equal(figureFormat('pdf'), 'pdf');
    assert.throws(
      () => figureFormat('gif'),
      (error) => error instanceof UserError && /svg, png, pdf/.test(error.message),
    );
  });
});

describe('painted points', () => {
  it('survive as PNG pixels, alpha and all', () => {
    const picture = blank(9, 7);
    paintDot(picture, 4.5, 3.5, 2, channels('#0072b2'), 1);
    const png = Buffer.from(pngDataUri(picture).split(',')[1], 'base64');
    const length = png.readUInt32BE(33);
    const scanlines = inflateSync(png.subarray(41, 41 + length));
    const pixel = (x: number, y: number) => [...scanlines.subarray(y * 37 + 1 + 4 * x, y * 37 + 5 + 4 * x)];
    assert.deepEqual(pixel(4, 3), [0, 119, 170, 255]);
    assert.equal(pixel(0, 0)[3], 0);
    assert.equal(png.subarray(-8, -4).toString(), 'IEND');
  });

  it('add up where they overlap', () => {
    const picture = blank(3, 3);
    for (let i = 0; i < 3; i++) paintDot(picture, 1.5, 1.5, 1, [1, 0, 0], 0.5);
    assert.ok(Math.abs(picture.data[4 * 4 + 3] - 0.875) < 1e-6);
  });
});

describe('the report page', () => {
  const html = reportPage(exampleReport());
  const { document } = parseHTML(html);

  it('needs no network and no script, and is small enough to mail', () => {
    assert.doesNotMatch(
      html.replaceAll('http://www.w3.org/2000/svg', ''),
      /https?:|<script|<link|@import|src="(?!data:)/,
    );
    assert.ok(html.length < 5_000_000);
  });

  it('describes every figure and heads every column', () => {
    const drawn = [...document.querySelectorAll('figure > .scroll > svg')];
    assert.equal(drawn.length, 11);
    for (const svg of drawn) assert.ok((svg.getAttribute('aria-label') ?? '').length > 80);
    for (const caption of document.querySelectorAll('figcaption')) assert.ok((caption.textContent ?? '').length > 80);
    for (const table of document.querySelectorAll('table')) {
      assert.ok(table.getAttribute('aria-label'));
      const columns = table.querySelectorAll('thead tr:last-child th[scope="col"]').length;
      for (const line of table.querySelectorAll('tbody tr')) assert.equal(line.children.length, columns);
      assert.equal(table.querySelectorAll('tbody th[scope="row"]').length, 2);
    }
    assert.equal(document.querySelectorAll('table').length, 2);
    assert.equal(document.documentElement.getAttribute('lang'), 'en');
  });

  it('links its contents and uses every id once', () => {
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    assert.equal(new Set(ids).size, ids.length);
    for (const link of document.querySelectorAll('nav a')) {
      assert.ok(ids.includes((link.getAttribute('href') ?? '').slice(1)));
    }
  });

  it('takes its colours from the reader’s scheme', () => {
    assert.match(html, /prefers-color-scheme: dark/);
    assert.match(html, /stroke="var\(--blue\)"/);
    for (const [, name] of html.matchAll(/var\(--([a-z]+)\)/g)) assert.ok(html.includes(`--${name}: `), name);
  });

  it('marks the best score of each column, and escapes names', () => {
    assert.equal(document.querySelectorAll('tbody .best').length, 2 + 2);
    assert.ok(html.includes('Trial of a&lt;b&gt;'));
  });

  it('names the figures it leaves out to stay small', () => {
    const report = exampleReport();
    const many = Array.from({ length: 60 }, () => exampleFigures(600).reconstructions[0]);
    const page = reportPage({ ...report, figures: { ...report.figures, reconstructions: many } });
    assert.ok(page.length < 5_000_000);
    assert.match(page, /Left out to keep this page small/);
  });
});
