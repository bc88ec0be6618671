import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from '../../base/index.ts';
import { pixelEdges, presetGrid } from '../../spectra/index.ts';
import { drawQuasar } from './draw-quasar.ts';
import type { QuasarHidden } from './hidden.ts';
import { createLogDerivatives, SHAPING } from './log-derivatives.ts';
import { quasarTemplate } from './quasar-template.ts';

/** Places in a pixel at which the template is averaged: enough for narrow lines, a third of a pixel wide. */
const PLACES = 16;

function meanOverPixels(hidden: QuasarHidden, edges: Float64Array): Float64Array {
  const pixels = edges.length - 1;
  const places = Float64Array.from({ length: pixels * PLACES }, (_, i) => {
    const p = Math.floor(i / PLACES);
    return edges[p] + ((edges[p + 1] - edges[p]) * ((i % PLACES) + 0.5)) / PLACES;
  });
  const flux = quasarTemplate(hidden, places);
  return Float64Array.from({ length: pixels }, (_, p) => {
    const inside = flux.subarray(p * PLACES, (p + 1) * PLACES);
    return inside.reduce((sum, value) => sum + value, 0) / PLACES;
  });
}

describe('derivatives of a quasar’s spectrum', () => {
  const random = new Random(4);
  const wide = Float64Array.from({ length: 850 }, (_, i) => 1100 * (8000 / 1100) ** (i / 849));
  for (const [name, grid] of [
    ['the preset grid', presetGrid('quasars')],
    ['a wide one', wide],
  ] as const) {
    it(`are central differences of the whole template, on ${name}`, () => {
      const edges = pixelEdges(grid);
      const derivativesOf = createLogDerivatives(grid);
      for (let object = 0; object < 3; object++) {
        const hidden = drawQuasar(random);
        const derivatives = derivativesOf(hidden);
        SHAPING.forEach((quantity, k) => {
          const step = quantity === 'blueshift' ? 1 : 1e-3;
          const above = meanOverPixels({ ...hidden, [quantity]: hidden[quantity] + step }, edges);
          const below = meanOverPixels({ ...hidden, [quantity]: hidden[quantity] - step }, edges);
          const expected = above.map((flux, p) => Math.log(flux / below[p]) / (2 * step));
          const largest = Math.max(...expected.map(Math.abs));
          const worst = Math.max(...expected.map((value, p) => Math.abs(value - derivatives[k][p])));
          assert.ok(worst < 1e-3 * largest, `${quantity}: off by ${worst / largest} of the largest`);
        });
      }
    });
  }
});
