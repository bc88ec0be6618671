import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { tameClipped } from './clipped.ts';
import type { Theme } from './theme.ts';

/**
 * A figure is a sheet of panels: each panel is one Observable Plot drawing placed at (x, y), and words stand
 * between them. Everything is text: Plot draws into a linkedom document, which needs no browser.
 *
 * DejaVu Sans Condensed is what PNG and PDF embed; the fallbacks have nearly its widths, so labels fit wherever
 * an SVG is opened.
 */
export const FONT = "'DejaVu Sans Condensed', 'DejaVu Sans', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";

export type PanelOptions = Omit<Plot.PlotOptions, 'document' | 'style' | 'title' | 'subtitle' | 'caption' | 'figure'>;

/**
 * One Plot drawing as a nested SVG at (x, y). Its overflow is visible because a cut would be a layer of its own to resvg,
 * which aborts over clipped marks within such layers; the marks clip themselves.
 */
export function panel(x: number, y: number, theme: Theme, options: PanelOptions): string {
  const { document } = parseHTML('<html><body></body></html>');
  const drawing = Plot.plot({ ...options, document, style: { color: theme.ink } });
  const width = options.width ?? 640;
  const height = options.height ?? 400;
  tameClipped(drawing, width, height);
  const markup: string = drawing.outerHTML;
  return markup
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(
      /^<svg[^>]*>/,
      `<svg x="${x}" y="${y}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
        `overflow="visible" text-anchor="middle" font-size="11" fill="${theme.ink}" color="${theme.ink}">`,
    )
    .replace(/ aria-(label|hidden|description)="[^"]*"/g, '')
    .replace(/="[^"]*\d\.\d{2,}[^"]*"/g, roundCoordinates);
}

/** Tenths of a pixel are plenty (a sixth of that on paper); Plot writes fifteen digits. Opacities are left alone. */
function roundCoordinates(attribute: string): string {
  if (attribute.startsWith('="0.')) return attribute;
  return attribute.replace(/-?\d+\.\d{2,}(e-?\d+)?/g, (number) => String(Math.round(Number(number) * 10) / 10));
}

export interface WordOptions {
  readonly size?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: 'normal' | 'bold';
  readonly fill: string;
  /** Degrees, clockwise. */
  readonly rotate?: number;
}

/** A line of text with its baseline at (x, y). */
export function words(x: number, y: number, text: string, options: WordOptions): string {
  const turn = options.rotate === undefined ? '' : ` transform="rotate(${options.rotate} ${x} ${y})"`;
  return (
    `<text x="${x}" y="${y}" font-size="${options.size ?? 11}" text-anchor="${options.anchor ?? 'start'}" ` +
    `font-weight="${options.weight ?? 'normal'}" fill="${options.fill}"${turn}>${escapeMarkup(text)}</text>`
  );
}

export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  readonly shape: 'line' | 'dot' | 'band' | 'dashed';
  /** Of a band, 0–1; 1 unless told. */
  readonly opacity?: number;
}

/** Legend entries side by side from x on, baseline at y, wrapped at `right`; returns the markup and its height. */
export function legend(
  x: number,
  y: number,
  right: number,
  entries: readonly LegendEntry[],
  theme: Theme,
): { readonly markup: string; readonly height: number } {
  const parts: string[] = [];
  const lineHeight = 17;
  let left = x;
  let baseline = y;
  for (const entry of entries) {
    const width = 24 + textWidth(entry.label, 11) + 16;
    if (left > x && left + width - 16 > right) {
      left = x;
      baseline += lineHeight;
    }
    parts.push(swatch(left, baseline - 4, entry), words(left + 24, baseline, entry.label, { fill: theme.ink }));
    left += width;
  }
  return { markup: parts.join(''), height: baseline - y + lineHeight };
}

function swatch(x: number, middle: number, entry: LegendEntry): string {
  switch (entry.shape) {
    case 'dot':
      return `<circle cx="${x + 10}" cy="${middle}" r="4" fill="${entry.colour}"/>`;
    case 'band':
      return `<rect x="${x}" y="${middle - 5}" width="19" height="10" fill="${entry.colour}" fill-opacity="${entry.opacity ?? 1}"/>`;
    default: {
      const dash = entry.shape === 'dashed' ? ' stroke-dasharray="4 3"' : '';
      return `<path d="M${x} ${middle}h19" stroke="${entry.colour}" stroke-width="2.2" fill="none"${dash}/>`;
    }
  }
}

/** The whole figure as a file: `parts` on paper, described for those who cannot see it. */
export function sheet(
  name: string,
  width: number,
  height: number,
  description: string,
  parts: readonly string[],
  theme: Theme,
): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const described = escapeMarkup(description);
  return uniqueClips(
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${described}" ` +
      `font-family="${FONT}" fill="${theme.ink}" color="${theme.ink}"><desc>${described}</desc>` +
      `<rect width="${width}" height="${height}" fill="${theme.paper}"/>${parts.join('')}</svg>`,
    name,
  );
}

/** Plot numbers clip paths per process; a figure numbers its own, so that the same data give the same bytes. */
function uniqueClips(svg: string, name: string): string {
  const numbers = new Map<string, string>();
  return svg.replace(/plot-clip-\d+/g, (id) => {
    const own = numbers.get(id) ?? `${name}-clip-${numbers.size + 1}`;
    numbers.set(id, own);
    return own;
  });
}

/** Width of a text in pixels, to a few per cent, for DejaVu Sans Condensed and its fallbacks. */
export function textWidth(text: string, size: number): number {
  let em = 0;
  for (const letter of text) {
    if (/[ijl.,:;'|!()[\] ft]/.test(letter)) em += 0.33;
    else if (/[mwMW@%]/.test(letter)) em += 0.87;
    else if (/[A-ZΑ-Ω]/.test(letter)) em += 0.63;
    else em += 0.56;
  }
  return em * size;
}

export function escapeMarkup(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[\p{Cc}\p{Cs}]/gu, ' ');
}
