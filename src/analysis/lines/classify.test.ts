import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classifyByLines, kauffmann2003, kewley2001 } from './classify.ts';
import { LINE_QUANTITIES, type LineColumns, type LineMeasurements } from './measure-lines.ts';
import type { LineName } from './measured-line.ts';

type Given = Partial<Record<LineName, { flux: number; fluxError?: number; width?: number; sigma?: number }>>;

function classOf(given: Given): string | null {
  const lines = new Map(
    Object.entries(given).map(([name, line]) => {
      const values: Record<string, number> = { fluxError: 1, width: 20, sigma: 150, flags: 0, ...line };
      const columns = LINE_QUANTITIES.map((quantity) => [quantity, Float64Array.of(values[quantity] ?? 0)]);
      return [name as LineName, Object.fromEntries(columns) as LineColumns];
    }),
  );
  const measured: LineMeasurements = { id: ['one'], rows: Uint32Array.of(0), lines };
  return classifyByLines(measured)[0];
}

/** Fluxes for log [N II]/Hα and log [O III]/Hβ, well measured. */
function gas(n2: number, o3: number): Given {
  const [hAlpha, hBeta] = [390, 100];
  return {
    HALPHA: { flux: hAlpha },
    HBETA: { flux: hBeta },
    NII_6584: { flux: hAlpha * 10 ** n2 },
    OIII_5007: { flux: hBeta * 10 ** o3 },
  };
}

describe('classes by lines', () => {
  it('are split by the curve of Kewley et al. (2001)', () => {
    // On the axes of their figure: a starburst, a Seyfert, a LINER, and both sides of the curve at −0.3.
    assert.equal(classOf(gas(-0.5, -0.3)), 'emission-line');
    assert.equal(classOf(gas(0.1, 0.9)), 'narrow-line AGN');
    assert.equal(classOf(gas(0.2, 0.2)), 'narrow-line AGN');
    assert.equal(classOf(gas(-0.3, kewley2001(-0.3) - 0.05)), 'emission-line');
    assert.equal(classOf(gas(-0.3, kewley2001(-0.3) + 0.05)), 'narrow-line AGN');
    assert.equal(classOf(gas(0.6, -1)), 'narrow-line AGN');
  });

  it('need Hα at 3σ for anything but quiescence', () => {
    assert.equal(classOf({ ...gas(0, 0.9), HALPHA: { flux: 390, fluxError: 131 } }), 'quiescent');
    assert.equal(classOf({ ...gas(0, 0.9), HALPHA: { flux: 390, fluxError: 129 } }), 'narrow-line AGN');
    assert.equal(classOf({ HALPHA: { flux: -3 } }), 'quiescent');
  });

  it('are unknown where the lines that decide were not observed', () => {
    assert.equal(classOf({ HBETA: { flux: 50 }, OIII_5007: { flux: 50 } }), null);
    assert.equal(classOf({ HALPHA: { flux: 50 }, NII_6584: { flux: 20 } }), null);
  });

  it('lean on Hα where Hβ is lost in noise', () => {
    // Hβ near zero by chance would put this star-forming galaxy high above the curve.
    assert.equal(classOf({ ...gas(-0.5, -0.1), HBETA: { flux: 2, fluxError: 40 } }), 'emission-line');
  });

  it('know broad lines from the wings of narrow ones', () => {
    const broad = { flux: 900, sigma: 1500, width: 60 };
    assert.equal(classOf({ ...gas(-0.5, -0.3), HALPHA_BROAD: broad }), 'broad-line AGN');
    assert.equal(classOf({ ...gas(-0.5, -0.3), HALPHA_BROAD: { ...broad, flux: 100 } }), 'emission-line');
    assert.equal(classOf({ ...gas(-0.5, -0.3), HALPHA_BROAD: { ...broad, sigma: 400 } }), 'emission-line');
    assert.equal(classOf({ HBETA_BROAD: broad }), 'broad-line AGN');
  });

  it('stand below Kauffmann et al. (2003) before they reach Kewley et al. (2001)', () => {
    for (let n2 = -1.2; n2 < 0.04; n2 += 0.1) assert.ok(kauffmann2003(n2) < kewley2001(n2));
    // Where the curves cross log [N II]/Hα = −0.5 in the papers' figures.
    assert.ok(Math.abs(kewley2001(-0.5) - 0.561) < 0.001 && Math.abs(kauffmann2003(-0.5) - 0.191) < 0.001);
  });
});
