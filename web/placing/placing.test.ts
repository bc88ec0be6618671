import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ellipseOf, markOnPlane } from './ellipse.ts';

const length = fc.double({ min: 0.1, max: 5, noNaN: true });
const angle = fc.double({ min: -1.5, max: 1.5, noNaN: true });

function close(found: number, wanted: number): void {
  assert.ok(Math.abs(found - wanted) < 1e-6 * (1 + Math.abs(wanted)), `${found}, not ${wanted}`);
}

describe('the ellipse of a covariance', () => {
  it('is the one that the covariance was made of', () => {
    fc.assert(
      fc.property(length, length, angle, (a, b, turn) => {
        const [major, minor] = [Math.max(a, b) + 0.1, Math.min(a, b)];
        const [c, s] = [Math.cos(turn), Math.sin(turn)];
        const [xx, yy] = [(major * c) ** 2 + (minor * s) ** 2, (major * s) ** 2 + (minor * c) ** 2];
        const found = ellipseOf(xx, (major ** 2 - minor ** 2) * c * s, yy);
        close(found.major, major);
        close(found.minor, minor);
        close(found.angle, turn);
      }),
    );
  });
});

describe('a dropped spectrum on the map', () => {
  const placed = { latentMean: [1, 2, 3], latentCovariance: [4, 0, 0, 0, 9, 0, 0, 0, 1] };
  const axes = { titles: [], varianceShare: [], origin: [1, 0, 0], vectors: [0, 1, 0, 1, 0, 0, 0, 0, 1] };

  it('lies where its latents are, on their own axes and on the turned ones', () => {
    assert.deepEqual(markOnPlane(placed, axes, { kind: 'own', x: 0, y: 2 }), {
      x: 1,
      y: 3,
      major: 2,
      minor: 1,
      angle: 0,
    });
    const turned = markOnPlane(placed, axes, { kind: 'turned', x: 0, y: 1 });
    assert.deepEqual(turned, { x: 2, y: 0, major: 3, minor: 2, angle: 0 });
  });

  it('has no place on a UMAP', () => {
    assert.equal(markOnPlane(placed, axes, { kind: 'umap' }), null);
  });
});
