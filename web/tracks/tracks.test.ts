import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inflateSync } from 'node:zlib';
import { writeApng } from './apng.ts';
import { framesOf, mixed, sharesOf } from './path.ts';

const bent = [
  [0, 0],
  [3, 4],
  [3, 9],
];

describe('a path', () => {
  it('has frames through all its points, between which spectra are mixed', () => {
    const frames = framesOf(bent);
    for (const [at, share] of sharesOf(bent).entries()) {
      assert.deepEqual(frames[share * (frames.length - 1)], bent[at]);
    }
    const spectra = [0, 1, 4].map((value) => Float32Array.of(value, -value));
    assert.deepEqual(mixed(spectra, 0.75), Float32Array.of(2.5, -2.5));
    assert.deepEqual(mixed(spectra, 1), Float32Array.of(4, -4));
    assert.deepEqual(mixed(spectra.slice(0, 1), 0.4), Float32Array.of(0, -0));
  });
});

/** Reads the chunks of a PNG, with Node's own idea of nothing but zlib. */
function chunksOf(bytes: Uint8Array): { type: string; data: Uint8Array }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = [];
  for (let at = 8; at < bytes.length; ) {
    const length = view.getUint32(at);
    chunks.push({
      type: new TextDecoder('latin1').decode(bytes.subarray(at + 4, at + 8)),
      data: bytes.subarray(at + 8, at + 8 + length),
    });
    at += length + 12;
  }
  return chunks;
}

function pixelsOf(data: Uint8Array, width: number, height: number): number[][] {
  const rows = inflateSync(data);
  const pixels: number[][] = [];
  for (let y = 0; y < height; y++) {
    assert.equal(rows[y * (3 * width + 1)], 2);
    const row = [...rows.subarray(y * (3 * width + 1) + 1, (y + 1) * (3 * width + 1))];
    pixels.push(row.map((value, at) => (value + (pixels[y - 1]?.[at] ?? 0)) % 256));
  }
  return pixels;
}

describe('an animated PNG', () => {
  const [width, height] = [3, 2];
  const frames = [0, 1, 2].map((seed) => ({
    pixels: Uint8ClampedArray.from({ length: 4 * width * height }, (_, at) =>
      at % 4 === 3 ? 255 : (at * 37 + seed * 91) % 256,
    ),
  }));
  const bytes = writeApng({ width, height, delay: 50, frames });
  const chunks = chunksOf(bytes);

  it('has its chunks in the order that the standard wants, numbered through', () => {
    assert.deepEqual(
      chunks.map(({ type }) => type),
      ['IHDR', 'acTL', 'fcTL', 'IDAT', 'fcTL', 'fdAT', 'fcTL', 'fdAT', 'IEND'],
    );
    const numbered = chunks.filter(({ type }) => type === 'fcTL' || type === 'fdAT');
    assert.deepEqual(
      numbered.map(({ data }) => data[3]),
      [0, 1, 2, 3, 4],
    );
  });

  it('holds every frame as it was', () => {
    const data = chunks.filter(({ type }) => type === 'IDAT' || type === 'fdAT');
    for (const [at, { type, data: bytesOfFrame }] of data.entries()) {
      const rows = pixelsOf(type === 'IDAT' ? bytesOfFrame : bytesOfFrame.subarray(4), width, height);
      const opaque = [...frames[at].pixels].filter((_, index) => index % 4 !== 3);
      assert.deepEqual(rows.flat(), opaque);
    }
  });

  it('has the checksum of the standard: that of IEND is known', () => {
    assert.deepEqual([...bytes.subarray(-4)], [0xae, 0x42, 0x60, 0x82]);
  });
});
