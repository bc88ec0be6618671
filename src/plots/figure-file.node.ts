import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import PdfDocument from 'pdfkit';
import svgToPdf from 'svg-to-pdfkit';
import { SOFTWARE_VERSION, UserError } from '../base/index.ts';
import type { Figure } from './figure-data.ts';

const FIGURE_FORMATS = ['svg', 'png', 'pdf'] as const;
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

/** @throws UserError naming the formats there are */
export function figureFormat(name: string): FigureFormat {
  const found = FIGURE_FORMATS.find((format) => format === name);
  if (found === undefined) {
    throw new UserError(`there is no figure format "${name}"; the formats are ${FIGURE_FORMATS.join(', ')}.`);
  }
  return found;
}

export interface FigureFile {
  /** With its extension: `latents-vae-6.png`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A figure as the bytes of a file. PNG has two pixels to a unit; PDF keeps text as text, its font embedded. */
export async function figureFile(figure: Figure, format: FigureFormat): Promise<FigureFile> {
  return { name: `${figure.name}.${format}`, bytes: await encoders[format](figure) };
}

const encoders: Readonly<Record<FigureFormat, (figure: Figure) => Uint8Array | Promise<Uint8Array>>> = {
  svg: ({ svg }) => new TextEncoder().encode(svg),
  png: pngBytes,
  pdf: pdfBytes,
};

// The figures bring their own font: a server or container often has none, and text would vanish without a word.
const FONT_FAMILY = 'DejaVu Sans Condensed';
const require = createRequire(import.meta.url);
const FONTS = join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf');
const REGULAR = join(FONTS, 'DejaVuSansCondensed.ttf');
const BOLD = join(FONTS, 'DejaVuSansCondensed-Bold.ttf');

function pngBytes({ svg }: Figure): Uint8Array {
  const font = { loadSystemFonts: false, fontFiles: [REGULAR, BOLD], defaultFontFamily: FONT_FAMILY };
  return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: 2 } }).render().asPng();
}

/** CSS pixels (96 to the inch) to PDF points (72 to the inch). */
const POINTS_PER_PIXEL = 0.75;

function pdfBytes(figure: Figure): Promise<Uint8Array> {
  const size: [number, number] = [figure.width * POINTS_PER_PIXEL, figure.height * POINTS_PER_PIXEL];
  const document = new PdfDocument({
    size,
    margin: 0,
    font: REGULAR,
    info: { Title: figure.title, Subject: figure.caption, Creator: `Lightfold ${SOFTWARE_VERSION}` },
  });
  const bytes = collected(document);
  svgToPdf(document, figure.svg, 0, 0, { fontCallback: (_family, bold) => (bold ? BOLD : REGULAR) });
  document.end();
  return bytes;
}

function collected(document: PDFKit.PDFDocument): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
}
