import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { logGrid, pixelEdges } from '../../spectra/index.ts';
import { addLine, SPEED_OF_LIGHT } from './profile.ts';

const edges = pixelEdges(logGrid(6300, 6900, 100));
const pixels = edges.length - 1;
const line = fc.record({
  wavelength: fc.double({ min: 6500, max: 6700, noNaN: true }),
  velocity: fc.double({ min: -500, max: 500, noNaN: true }),
  sigma: fc.double({ min: 50, max: 900, noNaN: true }),
});

function drawn(of: { wavelength: number; velocity: number; sigma: number }): Float64Array {
  const into = new Float64Array(pixels);
  addLine(edges, of, 3, into);
  return into;
}

describe('a line on pixels', () => {
  it('keeps its flux, however narrow it is', () => {
    fc.assert(
      fc.property(line, (of) => {
        const total = drawn(of).reduce((sum, density, j) => sum + density * (edges[j + 1] - edges[j]), 0);
        assert.ok(Math.abs(total - 3) < 1e-5, `${total}`);
      }),
    );
  });

  it('is the Gaussian at its centre where pixels are fine', () => {
    const fine = pixelEdges(logGrid(6500, 6600, 4000));
    const into = new Float64Array(fine.length - 1);
    addLine(fine, { wavelength: 6550, velocity: 100, sigma: 150 }, 1, into);
    const [centre, sigma] = [6550 * (1 + 100 / SPEED_OF_LIGHT), (6550 * 150) / SPEED_OF_LIGHT];
    for (const [j, density] of into.entries()) {
      const u = (0.5 * (fine[j] + fine[j + 1]) - centre) / sigma;
      assert.ok(Math.abs(density - Math.exp(-0.5 * u * u) / (Math.sqrt(2 * Math.PI) * sigma)) < 1e-4);
    }
  });

  it('has the derivatives that differences have', () => {
    fc.assert(
      fc.property(line, (of) => {
        const [byVelocity, byLogSigma] = [new Float64Array(pixels), new Float64Array(pixels)];
        addLine(edges, of, 3, new Float64Array(pixels), byVelocity, byLogSigma);
        const differences = [
          [byVelocity, { ...of, velocity: of.velocity + 1 }, { ...of, velocity: of.velocity - 1 }, 2],
          [byLogSigma, { ...of, sigma: of.sigma * Math.exp(0.01) }, { ...of, sigma: of.sigma * Math.exp(-0.01) }, 0.02],
        ] as const;
        for (const [exact, above, below, step] of differences) {
          const [a, b] = [drawn(above), drawn(below)];
          const largest = Math.max(...exact.map(Math.abs));
          for (let j = 0; j < pixels; j++) {
            assert.ok(Math.abs((a[j] - b[j]) / step - exact[j]) < 2e-3 * largest + 2e-6, `pixel ${j}`);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
