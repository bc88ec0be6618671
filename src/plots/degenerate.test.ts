/** Data at the edge of nothing must still become pictures: resvg aborts the process over some drawings. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as Plot from '@observablehq/plot';
import fc from 'fast-check';
import { figureFile } from './index.node.ts';
import type { FigureData, LabelFigureData, LatentData, ReconstructionData, TraversalData } from './index.ts';
import { drawFigures } from './index.ts';
import { panel, sheet } from './sheet.ts';
import { printTheme } from './theme.ts';

/** Values of every size, the extreme and the equal ones often. */
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1, -1, 1e-30, 1e6, -1e6, 1e30, -1e30) },
  { weight: 2, arbitrary: fc.double({ min: -3, max: 3, noNaN: true }) },
);
const curve = (length: number): fc.Arbitrary<Float32Array> =>
  fc
    .oneof(
      fc.array(value, { minLength: length, maxLength: length }),
      value.map((same) => new Array<number>(length).fill(same)),
    )
    .map((values) => Float32Array.from(values));
const grid = (length: number): Float64Array => Float64Array.from({ length }, (_, pixel) => 4000 + pixel);
const lines = [{ name: 'Hα', wavelength: 4001, weight: 1 }];

const reconstruction: fc.Arbitrary<ReconstructionData> = fc.integer({ min: 2, max: 6 }).chain((length) =>
  fc.record({
    title: fc.constant('one'),
    id: fc.constant('id'),
    redshift: fc.constant(null),
    snr: fc.constantFrom(0, 5),
    wavelength: fc.constant(grid(length)),
    flux: curve(length),
    ivar: fc
      .array(fc.constantFrom(0, 0, 1, 1e-12, 1e12, 1e-37), { minLength: length, maxLength: length })
      .map((values) => Float32Array.from(values)),
    truth: fc.option(curve(length)),
    models: fc.array(
      fc.record({
        model: fc.constantFrom('PCA', 'VAE'),
        latents: fc.constantFrom(2, 6),
        flux: curve(length),
        deviation: curve(length).map((values) => values.map(Math.abs)),
        chi2PerPixel: fc.constantFrom(0, 1, 1e30),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    windows: fc.subarray([
      { name: 'within', low: 4000.5, high: 4001.5 },
      { name: 'between pixels', low: 4001.1, high: 4001.2 },
      { name: 'beyond', low: 4500, high: 4600 },
    ]),
    lines: fc.constantFrom([], lines),
  }),
);

const latents: fc.Arbitrary<LatentData> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }))
  .chain(([rows, columns]) =>
    fc.record({
      model: fc.constant('VAE'),
      latents: fc.constant(columns),
      axes: fc.constant(Array.from({ length: columns }, (_, k) => ({ label: `VAE ${k}`, varianceShare: 0 }))),
      position: curve(rows * columns).map((data) => ({ rows, columns, data })),
      objectClass: fc.array(fc.constantFrom(null, 'a', 'b'), { minLength: rows, maxLength: rows }),
    }),
  );

const traversal: fc.Arbitrary<TraversalData> = fc.integer({ min: 1, max: 4 }).chain((length) =>
  fc.record({
    model: fc.constant('VAE'),
    latents: fc.constant(1),
    wavelength: fc.constant(grid(length)),
    centre: curve(length),
    axes: fc.tuple(
      fc.record({
        label: fc.constant('VAE 1'),
        varianceShare: fc.constantFrom(0, 1),
        spectra: fc.tuple(fc.record({ offset: fc.constant(1), flux: curve(length) })),
      }),
    ),
    lines: fc.constant(lines),
  }),
);

const labels: fc.Arbitrary<LabelFigureData> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 3 }), fc.integer({ min: 2, max: 6 }))
  .chain(([objects, latents, length]) =>
    fc.record({
      model: fc.constant('VAE'),
      latents: fc.constant(latents),
      comparedOn: fc.constant('all objects'),
      comparisons: fc.tuple(
        fc.record({
          name: fc.constant('label'),
          measured: curve(objects),
          measuredDeviation: curve(objects),
          predicted: curve(objects),
          predictedDeviation: curve(objects),
          scores: fc.constant({ n: objects, rmse: 0, robust: 0, coverage68: 1, coverage95: 1 }),
        }),
      ),
      relevance: fc.record({
        decoders: fc.constantFrom([], [{ name: 'spectra', inverseLengthscale: new Float64Array(latents) }]),
        shares: fc.constantFrom([{ name: 'label', share: new Float64Array(latents) }]),
      }),
      spaces: fc.tuple(
        fc.record({
          name: fc.constant('label'),
          axes: fc.constant([
            { latent: 1, share: 0 },
            { latent: 2, share: 0 },
          ] as const),
          position: curve(2 * objects).map((data) => ({ rows: objects, columns: 2, data })),
          value: curve(objects),
        }),
      ),
      partial: fc.tuple(
        fc.record({
          ...{ title: fc.constant('one'), id: fc.constant('id'), redshift: fc.constant(null), snr: fc.constant(1) },
          wavelength: fc.constant(grid(length)),
          flux: curve(length),
          ivar: curve(length).map((values) => values.map(Math.abs)),
          truth: fc.option(curve(length)),
          windows: fc.constant([{ low: 4000, high: 4001 }]),
          predicted: curve(length),
          deviation: curve(length).map((values) => values.map(Math.abs)),
          hidden: fc.constant({ pixels: 0, coverage68: 0, coverage95: 0 }),
          lines: fc.constant(lines),
        }),
      ),
    }),
  );

const figureData: fc.Arbitrary<FigureData> = fc.record({
  fluxLabel: fc.constant('flux'),
  classes: fc.constant(['a', 'b']),
  reconstructions: fc.tuple(reconstruction),
  errors: fc.array(
    fc.record({
      model: fc.constantFrom('PCA', 'VAE'),
      latents: fc.constantFrom(1, 2),
      objectClass: fc.constantFrom(null, 'a'),
      objects: fc.constantFrom(1, 2),
      mse: fc.constantFrom(0, 1, 1e-30, 1e30),
    }),
    { maxLength: 4 },
  ),
  latents: fc.tuple(latents),
  traversals: fc.tuple(traversal),
  labels: fc.tuple(labels),
  histories: fc.tuple(
    fc.record({
      model: fc.constant('VAE'),
      latents: fc.constant(2),
      bestEpoch: fc.constantFrom(null, 1),
      epochs: fc
        .array(
          fc.record({ trainLoss: value, validLoss: fc.option(value), learningRate: fc.constantFrom(null, 1, 0.1) }),
          { minLength: 1, maxLength: 5 },
        )
        .map((epochs) => epochs.map((epoch, i) => ({ ...epoch, epoch: i + 1 }))),
    }),
  ),
});

describe('clipped marks that resvg aborts the process over', () => {
  const drawn = async (...marks: Plot.Markish[]): Promise<string> => {
    const scales = { x: { domain: [0, 1] }, y: { domain: [0, 1] } };
    const svg = sheet(
      'x',
      300,
      200,
      '',
      [panel(50, 20, printTheme, { width: 240, height: 160, ...scales, marks })],
      printTheme,
    );
    const { bytes } = await figureFile({ name: 'x', title: '', caption: '', width: 300, height: 200, svg }, 'png');
    assert.ok(bytes.length > 500);
    return svg;
  };
  const line = (points: readonly (readonly [number, number])[]) => Plot.line(points, { clip: true, stroke: 'red' });

  it('are left out when they lie outside the drawing', async () => {
    const svg = await drawn(
      line([
        [0, 20],
        [1, 30],
      ]),
      line([[-50, 0]]),
      line([]),
      line([
        [0, 0.2],
        [1, 0.4],
      ]),
    );
    assert.equal(svg.match(/<g clip-path/g)?.length, 1);
  });

  it('are cut far outside the drawing', async () => {
    const band = Plot.areaY([0, 1], {
      x: (x: number) => x,
      y1: (x: number) => -1e9 * x,
      y2: (x: number) => 1e9 * x,
      clip: true,
    });
    const svg = await drawn(
      band,
      line([
        [0, 0.2],
        [1, 0.4],
      ]),
    );
    assert.doesNotMatch(svg, /\d{7}/);
  });
});

describe('figures of degenerate data', () => {
  it('become PNG without not-a-numbers', async () => {
    await fc.assert(
      fc.asyncProperty(figureData, async (data) => {
        for (const figure of drawFigures(data)) {
          assert.doesNotMatch(figure.svg, /NaN|Infinity|undefined/, figure.name);
          const { bytes } = await figureFile(figure, 'png');
          assert.ok(bytes.length > 1000, figure.name);
        }
      }),
      { numRuns: 8 },
    );
  });
});
