/** Animated PNG (PNG third edition, sections 11.3.5 and 4.9): frames of one size, each kept whole. */
import { zlibSync } from 'fflate';

export interface Frame {
  /** RGBA, width × height × 4. */
  readonly pixels: Uint8ClampedArray;
}

export interface Animation {
  readonly width: number;
  readonly height: number;
  /** Milliseconds that each frame stands. */
  readonly delay: number;
  readonly frames: readonly Frame[];
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const TRUE_COLOUR = 2;
const UP = 2;

export function writeApng({ width, height, delay, frames }: Animation): Uint8Array<ArrayBuffer> {
  const parts = [
    SIGNATURE,
    chunk('IHDR', Uint8Array.of(...big32(width), ...big32(height), 8, TRUE_COLOUR, 0, 0, 0)),
    // Played again and again.
    chunk('acTL', Uint8Array.of(...big32(frames.length), ...big32(0))),
  ];
  let sequence = 0;
  for (const [at, { pixels }] of frames.entries()) {
    const whole = [...big32(width), ...big32(height), ...big32(0), ...big32(0)];
    parts.push(chunk('fcTL', Uint8Array.of(...big32(sequence++), ...whole, ...big16(delay), ...big16(1000), 0, 0)));
    const data = zlibSync(filtered(pixels, width, height), { level: 6 });
    // The first frame is the picture that readers without animation show.
    if (at === 0) parts.push(chunk('IDAT', data));
    else parts.push(chunk('fdAT', joined([Uint8Array.of(...big32(sequence++)), data])));
  }
  parts.push(chunk('IEND', new Uint8Array(0)));
  return joined(parts);
}

/** Each row as its difference from the one above, without alpha: figures are opaque, and mostly alike from row to row. */
function filtered(pixels: Uint8ClampedArray, width: number, height: number): Uint8Array {
  const stride = 3 * width;
  const rows = new Uint8Array(height * (stride + 1));
  for (let y = 0, out = 0; y < height; y++) {
    rows[out++] = UP;
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      for (let channel = 0; channel < 3; channel++) {
        const above = y === 0 ? 0 : pixels[at + channel - 4 * width];
        rows[out++] = pixels[at + channel] - above;
      }
    }
  }
  return rows;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined([Uint8Array.from(type, (letter) => letter.charCodeAt(0)), data]);
  return joined([Uint8Array.of(...big32(data.length)), body, Uint8Array.of(...big32(crc32(body)))]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function big32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function big16(value: number): number[] {
  return [(value >>> 8) & 255, value & 255];
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
