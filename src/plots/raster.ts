import { zlibSync } from 'fflate';

/*
 * A picture of many points. Tens of thousands of circles would make an SVG of many megabytes that no viewer
 * scrolls; as pixels they cost a few kilobytes, and overlapping points add up to a density.
 */

export interface Rgba {
  readonly width: number;
  readonly height: number;
  /** Straight (not premultiplied) red, green, blue, alpha, 0–1; width × height × 4. */
  readonly data: Float32Array;
}

export function blank(width: number, height: number): Rgba {
  return { width, height, data: new Float32Array(width * height * 4) };
}

/** Paints a round dot over what is there (Porter & Duff's "over"), its rim smoothed; x and y in pixels. */
export function paintDot(
  picture: Rgba,
  x: number,
  y: number,
  radius: number,
  colour: readonly number[],
  alpha: number,
) {
  const top = Math.max(0, Math.floor(y - radius));
  const bottom = Math.min(picture.height - 1, Math.ceil(y + radius));
  const left = Math.max(0, Math.floor(x - radius));
  const right = Math.min(picture.width - 1, Math.ceil(x + radius));
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
      const cover = alpha * Math.min(1, Math.max(0, radius + 0.5 - distance));
      if (cover > 0) paintPixel(picture.data, 4 * (row * picture.width + column), colour, cover);
    }
  }
}

function paintPixel(data: Float32Array, at: number, colour: readonly number[], alpha: number): void {
  const under = data[at + 3] * (1 - alpha);
  const total = alpha + under;
  for (let channel = 0; channel < 3; channel++) {
    data[at + channel] = (colour[channel] * alpha + data[at + channel] * under) / total;
  }
  data[at + 3] = total;
}

/** Red, green and blue, 0–1, of a colour written `#rrggbb`. */
export function channels(hex: string): [number, number, number] {
  const code = Number.parseInt(hex.slice(1), 16);
  return [(code >> 16) / 255, ((code >> 8) & 255) / 255, (code & 255) / 255];
}

/**
 * The picture as a PNG (8-bit RGBA) data URI. Channels are rounded to sixteen levels: the eye does not miss the
 * others among points, and the file shrinks to a third.
 */
export function pngDataUri(picture: Rgba): string {
  const { width, height, data } = picture;
  const scanlines = new Uint8Array(height * (1 + 4 * width));
  for (let row = 0; row < height; row++) {
    const start = row * (1 + 4 * width) + 1;
    for (let i = 0; i < 4 * width; i++) scanlines[start + i] = 17 * Math.round(15 * data[4 * width * row + i]);
  }
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8);
  header.setUint8(9, 6);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const chunks = [
    chunk('IHDR', new Uint8Array(header.buffer)),
    chunk('IDAT', zlibSync(scanlines, { level: 9 })),
    chunk('IEND', new Uint8Array(0)),
  ];
  return `data:image/png;base64,${base64([signature, ...chunks])}`;
}

function chunk(kind: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = kind.charCodeAt(i);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)));
  return bytes;
}

/** Cyclic redundancy check of PNG (ISO 3309). */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ -1) >>> 0;
}

function base64(parts: readonly Uint8Array[]): string {
  let binary = '';
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 8192) binary += String.fromCharCode(...part.subarray(i, i + 8192));
  }
  return btoa(binary);
}
