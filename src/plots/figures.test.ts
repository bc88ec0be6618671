import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import fc from 'fast-check';
import { DOMParser } from 'linkedom';
import { exampleFigures, exampleLatents, HOSTILE } from '../../tests/fixtures/plots/example.ts';
import { drawFigures, type Figure, type FigureData } from './index.ts';
import { lineLabels } from './line-labels.ts';
import { logTicks, niceTicks, percent, printed, printedAligned } from './numbers.ts';
import { textWidth } from './sheet.ts';
import { classHues, printTheme } from './theme.ts';

/** Draws with every console warning an error: Plot warns of what it cannot draw as meant. */
function drawQuietly(data: FigureData): Figure[] {
  const warn = mock.method(console, 'warn', (...words: unknown[]) => assert.fail(`console.warn: ${words.join(' ')}`));
  try {
    return drawFigures(data);
  } finally {
    warn.mock.restore();
  }
}

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

const example = exampleFigures();
const figures = drawQuietly(example);
const named = (name: string): Figure => {
  const found = figures.find((figure) => figure.name === name);
  assert.ok(found, `there is no figure ${name} among ${figures.map((figure) => figure.name).join(', ')}`);
  return found;
};
const count = (svg: string, pattern: RegExp) => svg.match(pattern)?.length ?? 0;

describe('every figure', () => {
  it('has a name of its own that suits a file', () => {
    assert.deepEqual(
      figures.map(({ name }) => name),
      [
        'error-by-latents',
        'reconstruction-quiescent-high-snr',
        'reconstruction-quiescent-high-snr-2',
        'labels-vae-4',
        'partial-spectra-vae-4',
        'latents-relevance-vae-4',
        'latents-by-label-vae-4',
        'latents-vae-3',
        'latents-pca-1',
        'traversal-vae-2',
        'training-history',
      ],
    );
  });

  it('is well-formed, described, sized and without not-a-numbers', () => {
    for (const { name, svg, caption, width, height } of figures) {
      const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
      assert.equal(root.getAttribute('viewBox'), `0 0 ${width} ${height}`, name);
      assert.equal(root.getAttribute('role'), 'img');
      assert.ok((root.getAttribute('aria-label') ?? '').includes(caption.slice(0, 40)), name);
      assert.doesNotMatch(svg, /NaN|Infinity|undefined|⚠/, name);
      assert.doesNotMatch(svg, /<style/, 'renderers differ in their CSS; figures must not need any');
      assert.ok(caption.length > 80, name);
      const tags = [...svg.matchAll(/<(\/?)([a-zA-Z]+)(?:"[^"]*"|[^">])*?(\/?)>/g)];
      const open: string[] = [];
      for (const [, closing, tag, empty] of tags) {
        if (closing) assert.equal(open.pop(), tag, `${name}: </${tag}> closes nothing`);
        else if (!empty) open.push(tag);
      }
      assert.deepEqual(open, [], name);
    }
  });

  it('comes out the same from the same data, whatever was drawn before', () => {
    assert.deepEqual(drawQuietly(example), figures);
  });

  it('lets no name from a file into the markup', () => {
    const { svg } = named('reconstruction-quiescent-high-snr');
    assert.ok(svg.includes('a&lt;b&gt;&amp;'));
    assert.ok(!svg.includes(HOSTILE) && !svg.includes('\u0007'));
  });

  it('is absent where there are no data for it', () => {
    assert.deepEqual(drawQuietly(NOTHING), []);
  });
});

describe('the reconstruction figure', () => {
  const { svg } = named('reconstruction-quiescent-high-snr');

  it('has a spectrum, a residual strip for each model and a zoom for each window and number of latents', () => {
    assert.equal(count(svg, /<svg /g), 1 + 1 + 2 + 2 * 2);
    for (const words of [
      'PCA residual in σ, 6 latents',
      'VAE residual',
      '2 latents',
      'noise-free truth',
      'not observed',
    ]) {
      assert.ok(svg.includes(words), words);
    }
    assert.ok(svg.includes('z = 0.123') && svg.includes('median S/N 9.9'));
  });

  it('breaks observed lines at gaps, but not the reconstruction', () => {
    const panel = svg.split('<svg ')[2];
    const paths = [...panel.matchAll(/stroke="([^"]+)"[^>]*>?<path d="([^"]+)"/g)];
    const pieces = (colour: string) => paths.filter(([, own]) => own === colour).map(([, , d]) => count(d, /M/g));
    assert.deepEqual(pieces(printTheme.muted), [4]);
    assert.deepEqual(pieces(printTheme.hues.blue), [1]);
  });

  it('leaves out what the data do not have', () => {
    const other = named('reconstruction-quiescent-high-snr-2').svg;
    assert.ok(!other.includes('z = ') && !other.includes('truth'));
  });

  it('draws objects without a single observed pixel', () => {
    const blind = { ...example.reconstructions[0], ivar: new Float32Array(200) };
    drawQuietly({ ...NOTHING, reconstructions: [blind] });
  });
});

describe('the error figure', () => {
  it('draws a curve for each model in a panel for each class', () => {
    const { svg } = named('error-by-latents');
    assert.equal(count(svg, /<svg /g), 1 + 4);
    assert.equal(count(svg, /<circle [^>]*r="4"/g), 2 + 4 * 4);
    assert.ok(svg.includes('Number of latents'));
  });

  it('puts models side by side where only one number of latents was tried', () => {
    const [figure] = drawQuietly({
      ...NOTHING,
      classes: example.classes,
      errors: example.errors.filter(({ latents }) => latents === 6),
    });
    assert.equal(count(figure.svg, /<svg /g), 2);
    assert.ok(figure.svg.includes('quiescent (100)'));
  });
});

describe('the latent figure', () => {
  it('shows every pair of axes and each axis alone, up to six', () => {
    assert.equal(count(named('latents-vae-3').svg, /<svg /g), 1 + 6);
    assert.equal(count(named('latents-pca-1').svg, /<svg /g), 1 + 1);
    const [eight] = drawQuietly({ ...NOTHING, latents: [exampleLatents(40, 8)] });
    assert.equal(count(eight.svg, /<svg /g), 1 + 21);
    assert.ok(eight.caption.includes('the first 6 of 8'));
  });

  it('stays under two megabytes with twenty thousand objects, and names every class', () => {
    const [figure] = drawQuietly({ ...NOTHING, classes: example.classes, latents: [exampleLatents(20_000, 6)] });
    assert.ok(figure.svg.length < 2_000_000, `${figure.svg.length} characters`);
    assert.equal(count(figure.svg, /<image /g), 15);
    for (const name of [...example.classes, 'unclassified']) assert.ok(figure.svg.includes(`${name} (`), name);
  });

  it('draws objects that all stand on one spot', () => {
    const latents = exampleLatents(5, 2);
    latents.position.data.fill(0);
    drawQuietly({ ...NOTHING, latents: [latents] });
  });
});

describe('the history figure', () => {
  it('writes new learning rates and marks the kept epoch', () => {
    const { svg } = named('training-history');
    assert.ok(svg.includes('rate 10⁻⁴'));
    assert.ok(!svg.includes('rate 10⁻⁵'), 'two epochs later there is no room for a second name');
    assert.equal(count(svg, /<circle [^>]*r="5"/g), 1, 'only a model that descends may keep an earlier epoch');
    assert.ok(svg.includes('Epoch') && svg.includes('Iteration'));
  });
});

describe('names of spectral lines', () => {
  it('never overlap', () => {
    const lines = fc.array(
      fc.record({
        name: fc.constantFrom('Hα', '[N II]', '[O III]', 'Si IV', 'G band'),
        wavelength: fc.double({ min: 4000, max: 7000, noNaN: true }),
        weight: fc.integer({ min: 1, max: 10 }),
      }),
      { maxLength: 40 },
    );
    const axis = { low: 4000, high: 7000, left: 50, right: 450, top: 40, bottom: 200 };
    fc.assert(
      fc.property(lines, (marks) => {
        const markup = lineLabels(axis, marks, { tiers: 2, unnamed: 'ticked', theme: printTheme });
        const placed = [...markup.matchAll(/<text x="([\d.]+)" y="([\d.]+)" font-size="(\d+)"[^>]*>([^<]*)</g)].map(
          ([, x, y, size, name]) => ({ x: Number(x), y: Number(y), half: textWidth(name, Number(size)) / 2 }),
        );
        placed.forEach((a, i) => {
          assert.ok(a.x - a.half > axis.left - 1 && a.x + a.half < axis.right + 1);
          for (const b of placed.slice(0, i)) assert.ok(a.y !== b.y || Math.abs(a.x - b.x) > a.half + b.half);
        });
      }),
    );
  });
});

describe('colours and numbers', () => {
  it('are the same for a class in every figure, and differ between classes', () => {
    const all = classHues(['quiescent', 'emission-line', 'narrow-line AGN', 'broad-line AGN']);
    assert.equal(new Set(all.values()).size, 4);
    assert.equal(classHues(['broad-line AGN', 'quiescent']).get('quiescent'), all.get('quiescent'));
    const strange = classHues(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'QSO']);
    assert.equal(strange.get('QSO'), 'purple');
    assert.equal(new Set(['A', 'B', 'C', 'D', 'E', 'QSO'].map((name) => strange.get(name))).size, 6);
  });

  it('print as astronomers write them', () => {
    assert.deepEqual(
      [0, 0.0012, 2.5e-4, 1e-5, -3, 123456, Number.NaN].map((value) => printed(value)),
      ['0', '0.0012', '2.5×10⁻⁴', '10⁻⁵', '−3', '1.23×10⁵', '–'],
    );
    assert.equal(printedAligned(2.1e-4), '2.10×10⁻⁴');
    assert.deepEqual(logTicks(1.5e-4, 1.2e-3), [2e-4, 5e-4, 1e-3]);
    assert.deepEqual(logTicks(0.004, 0.0082), [0.005, 0.006, 0.007, 0.008]);
    assert.deepEqual(niceTicks(-0.31, 0.29, 3), [-0.2, 0, 0.2]);
    assert.deepEqual([0.5, 0.0999, 0.042, 0.0001, 0].map(percent), ['50%', '10%', '4.2%', '<0.1%', '0.0%']);
  });
});
