import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleFigures, exampleLabels } from '../../tests/fixtures/plots/example.ts';
import { figureFile } from './index.node.ts';
import { drawFigures, type Figure, type FigureData, type LabelFigureData } from './index.ts';
import { printedAlike } from './numbers.ts';
import { printTheme } from './theme.ts';

const example = exampleFigures();
const NOTHING: FigureData = {
  fluxLabel: 'flux',
  classes: [],
  reconstructions: [],
  errors: [],
  latents: [],
  traversals: [],
  histories: [],
  labels: [],
};
const draw = (labels: LabelFigureData): Figure[] => drawFigures({ ...NOTHING, labels: [labels] });
const count = (svg: string, pattern: RegExp) => svg.match(pattern)?.length ?? 0;
const named = (figures: readonly Figure[], name: string): Figure => {
  const found = figures.find((figure) => figure.name === name);
  assert.ok(found, `no ${name} among ${figures.map((figure) => figure.name).join(', ')}`);
  return found;
};

describe('the figure of predicted against measured labels', () => {
  it('has a panel for each label with both errors of up to sixty objects and the scores in the corner', () => {
    const { svg } = named(draw(exampleLabels(100)), 'labels-vae-4');
    assert.equal(count(svg, /<svg /g), 1 + 2);
    assert.equal(count(svg, /<circle [^>]*r="2.2"/g), 2 * 60);
    for (const words of ['RMSE 0.123', 'robust scatter 0.1', '68% interval: 68.1%', '95% interval: 94.9%', '100 obj']) {
      assert.ok(svg.includes(words), words);
    }
  });

  it('paints thousands of objects as a density', () => {
    const { svg } = named(draw(exampleLabels(8000)), 'labels-vae-4');
    assert.equal(count(svg, /<image /g), 2);
    assert.ok(svg.length < 600_000, `${svg.length} characters`);
  });

  it('goes on to further sheets with more than twelve labels', () => {
    const names = Array.from({ length: 13 }, (_, k) => `label${k + 1}`);
    const figures = draw(exampleLabels(20, 4, names));
    assert.match(named(figures, 'labels-vae-4').title, /labels 1–12 of 13/);
    const last = named(figures, 'labels-vae-4-2');
    assert.match(last.title, /label 13 of 13/);
    assert.ok(last.svg.includes('>label13<') && !last.svg.includes('>label12<'));
    assert.equal(named(figures, 'latents-by-label-vae-4-2').height, last.height);
  });
});

describe('the figure of relevance', () => {
  it('has bars for each decoder and a cell with its number for each label and latent', () => {
    const { svg } = named(draw(exampleLabels(20)), 'latents-relevance-vae-4');
    assert.equal(count(svg, /<svg /g), 1 + 2 + 1);
    assert.equal(count(svg, />90</g), 3);
    assert.equal(count(svg, />3</g), 3 * 3);
    for (const latent of ['z1', 'z4']) assert.ok(svg.includes(`>${latent}<`), latent);
  });

  it('needs no lengthscales', () => {
    const labels = exampleLabels(20);
    const [bare] = draw({ ...labels, comparisons: [], partial: [], relevance: { ...labels.relevance, decoders: [] } });
    assert.equal(count(bare.svg, /<svg /g), 1 + 1);
    assert.doesNotMatch(bare.caption, /lengthscale/);
  });

  it('leaves out the latents that count least where there are too many', () => {
    const figure = named(draw(exampleLabels(20, 40)), 'latents-relevance-vae-40');
    assert.match(figure.caption, /The 32 latents that count most of 40/);
    assert.equal(count(figure.svg, />z\d+</g), 32);
    assert.ok(figure.width <= 960);
  });
});

describe('the figure of latents by label', () => {
  it('names the two latents of each label and has a colour bar with ticks', () => {
    const { svg } = named(draw(exampleLabels(200)), 'latents-by-label-vae-4');
    assert.equal(count(svg, />z1 \(90%\)</g), 2);
    assert.equal(count(svg, />z2 \(3.0%\)</g), 2);
    assert.equal(count(svg, /fill="#[0-9a-f]{6}"/g) > 2 * 64, true);
    assert.equal(count(svg, /<image /g), 0);
  });

  it('paints thousands of objects', () => {
    const { svg } = named(draw(exampleLabels(8000)), 'latents-by-label-vae-4');
    assert.equal(count(svg, /<image /g), 2);
  });
});

describe('the figure of partial spectra', () => {
  it('has the spectrum and its difference from the prediction, with windows and band in both', async () => {
    const figure = named(draw(exampleLabels(20)), 'partial-spectra-vae-4');
    assert.equal(count(figure.svg, /<svg /g), 1 + 2);
    const { orange, blue } = printTheme.hues;
    assert.equal(count(figure.svg, new RegExp(`fill-opacity="0.16" fill="${orange}"`, 'g')), 2);
    assert.equal(
      count(figure.svg, new RegExp(`fill="${blue}" fill-opacity="0.24"|fill-opacity="0.24" fill="${blue}"`, 'g')),
      2 + 1,
    );
    assert.ok(figure.svg.includes('of 60 pixels not shown, 70% in the 68% interval, 95% in the 95%'));
    assert.ok((await figureFile(figure, 'pdf')).bytes.length > 5000);
  });
});

describe('the reconstruction of a single model', () => {
  const [object] = example.reconstructions;
  const reconstruction = (changes: Partial<typeof object>): Figure =>
    drawFigures({ ...NOTHING, reconstructions: [{ ...object, ...changes }] })[0];
  const alone = object.models.slice(3);

  it('has its band, and the widest stretch without data enlarged', () => {
    const ivar = object.ivar.map((value, pixel) => (pixel < 60 ? 0 : value));
    const { svg, caption } = reconstruction({ models: alone, ivar });
    assert.ok(svg.includes('its ±2σ') && svg.includes('>not observed</text>'));
    assert.equal(count(svg, /<svg /g), 1 + 1 + 1 + 1 + 2);
    assert.match(caption, /widest stretch without data; Hβ/);
    assert.equal(count(reconstruction({ models: alone }).svg, /<svg /g), 1 + 1 + 1 + 2, 'short gaps are not enlarged');
  });

  it('has none beside another model, or where the model states none', () => {
    assert.ok(!reconstruction({}).svg.includes('±2σ'));
    const { deviation: _, ...silent } = alone[0];
    assert.ok(!reconstruction({ models: [silent] }).svg.includes('±2σ'));
  });
});

describe('ticks of one scale', () => {
  it('have equally many decimals', () => {
    assert.deepEqual(printedAlike([8.5, 9, 9.5]), ['8.5', '9.0', '9.5']);
    assert.deepEqual(printedAlike([-1, 0]), ['−1', '0']);
    assert.deepEqual(printedAlike([0, 1e-5]), ['0', '10⁻⁵']);
  });
});
