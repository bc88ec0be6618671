import { UserError } from '../../src/base/index.ts';

/** Hands a file to the reader's browser. */
export function saveFile(name: string, content: BlobPart, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Some browsers begin to read only after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function saveSvg(name: string, svg: string): void {
  saveFile(`${name}.svg`, svg, 'image/svg+xml');
}

const PIXELS_EACH = 2;

export async function savePng(name: string, svg: string): Promise<void> {
  const canvas = await rasterised(svg, PIXELS_EACH);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new UserError('This browser cannot make a PNG of the figure; save it as SVG.');
  saveFile(`${name}.png`, blob, 'image/png');
}

/** The picture of an SVG. @param scale pixels per unit of the SVG */
export async function rasterised(svg: string, scale: number): Promise<HTMLCanvasElement> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new UserError('This browser gives no canvas to draw on; save the figure as SVG.');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}
