import type { Figure, ReconstructionData } from './figure-data.ts';
import { legend, panel, sheet, textWidth, words } from './sheet.ts';
import {
  colourOf,
  fluxDomain,
  pixelsBetween,
  residualMarks,
  type SpectrumStyle,
  spectrumMarks,
} from './spectrum-panel.ts';
import { modelHues, printTheme, type Theme } from './theme.ts';

/*
 * The oddest objects one below the other (VAE paper, Fig. 15 and Table 2): spectrum, reconstruction, residuals and, in
 * words, what is odd.
 */

export interface OutliersData {
  readonly model: string;
  readonly latents: number;
  /** How many objects were searched. */
  readonly objects: number;
  readonly fluxLabel: string;
  /** By rank. */
  readonly outliers: readonly OutlierPanel[];
}

export interface OutlierPanel {
  /** Class, redshift, scores, a few words each. */
  readonly facts: readonly string[];
  readonly reasons: readonly { readonly kind: string; readonly sentence: string }[];
  readonly spectrum: ReconstructionData;
}

const WIDTH = 960;
const LEFT = 58;
const RIGHT = 20;
const SPECTRUM_HEIGHT = 132;
const RESIDUAL_HEIGHT = 62;
const AXIS_HEIGHT = 36;
const LINE_HEIGHT = 15;
/** More reasons than this would only repeat what the first say. */
const REASONS_SHOWN = 3;

export function outliersFigure(name: string, data: OutliersData, theme: Theme = printTheme): Figure {
  const style: SpectrumStyle = { theme, hues: modelHues([data.model]), fluxLabel: data.fluxLabel };
  const title = `The ${data.outliers.length} oddest of ${data.objects.toLocaleString('en')} objects`;
  const entries = [
    { label: 'observed', colour: theme.muted, shape: 'line' },
    { label: '±1σ noise', colour: theme.band, shape: 'band' },
    { label: 'not observed', colour: theme.gap, shape: 'band' },
    { label: `${data.model}, ${data.latents} latents`, colour: colourOf(data.model, style), shape: 'line' },
  ] as const;
  const parts = [
    words(LEFT, 28, title, { size: 16, weight: 'bold', fill: theme.ink }),
    legend(LEFT, 50, WIDTH - RIGHT, entries, theme).markup,
  ];
  let y = 66;
  data.outliers.forEach((outlier, index) => {
    const block = outlierBlock(y, index + 1, outlier, index === data.outliers.length - 1, style);
    parts.push(block.markup);
    y += block.height;
  });
  const caption =
    `Found by ${data.model} with ${data.latents} latents, by rank. Below each spectrum, flux minus reconstruction in units of ` +
    'the noise. The words are from spectrum and model alone; causes stand before what they lead to.';
  return {
    name,
    title,
    caption,
    width: WIDTH,
    height: y,
    svg: sheet(name, WIDTH, y, `${title}. ${caption}`, parts, theme),
  };
}

function outlierBlock(y: number, rank: number, outlier: OutlierPanel, last: boolean, style: SpectrumStyle) {
  const { theme } = style;
  const { spectrum } = outlier;
  const heading = `${rank}  ${spectrum.id}`;
  const parts = [
    words(LEFT, y + 22, heading, { size: 13, weight: 'bold', fill: theme.ink }),
    words(LEFT + textWidth(heading, 13) * 1.08 + 16, y + 22, outlier.facts.join('  ·  '), { fill: theme.muted }),
  ];
  let bottom = y + 26;
  outlier.reasons.slice(0, REASONS_SHOWN).forEach(({ sentence }, index) => {
    for (const line of wrapped(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`, 11, WIDTH - LEFT - RIGHT)) {
      bottom += LINE_HEIGHT;
      parts.push(words(LEFT, bottom, line, { fill: index === 0 ? theme.ink : theme.muted }));
    }
  });
  bottom += 6;
  parts.push(spectrumPanel(bottom, spectrum, style));
  bottom += SPECTRUM_HEIGHT;
  parts.push(residualPanel(bottom, spectrum, last, style));
  bottom += RESIDUAL_HEIGHT + (last ? AXIS_HEIGHT : 12);
  return { markup: parts.join(''), height: bottom - y };
}

function spectrumPanel(y: number, data: ReconstructionData, style: SpectrumStyle): string {
  const [low, high] = [data.wavelength[0], data.wavelength[data.wavelength.length - 1]];
  const pixels = pixelsBetween(data.wavelength, low, high);
  const drawn = panel(0, y, style.theme, {
    width: WIDTH,
    height: SPECTRUM_HEIGHT,
    marginTop: 4,
    marginBottom: 3,
    marginLeft: LEFT,
    marginRight: RIGHT,
    x: { domain: [low, high], axis: null },
    y: { domain: fluxDomain(data, data.models, pixels), label: null, ticks: 4 },
    marks: spectrumMarks(data, data.models, pixels, style, 'whole'),
  });
  const middle = y + SPECTRUM_HEIGHT / 2;
  return drawn + words(14, middle, style.fluxLabel, { anchor: 'middle', rotate: -90, fill: style.theme.ink });
}

function residualPanel(y: number, data: ReconstructionData, last: boolean, style: SpectrumStyle): string {
  const [low, high] = [data.wavelength[0], data.wavelength[data.wavelength.length - 1]];
  const axis = {
    label: 'Rest-frame wavelength (Å)',
    labelAnchor: 'center',
    labelArrow: 'none',
    tickFormat: 'd',
  } as const;
  const drawn = panel(0, y, style.theme, {
    width: WIDTH,
    height: RESIDUAL_HEIGHT + (last ? AXIS_HEIGHT : 0),
    marginTop: 2,
    marginBottom: last ? AXIS_HEIGHT : 1,
    marginLeft: LEFT,
    marginRight: RIGHT,
    x: { domain: [low, high], ...(last ? axis : { axis: null }) },
    y: { domain: [-5, 5], label: null, ticks: [-4, 0, 4] },
    marks: residualMarks(data, data.models[0], pixelsBetween(data.wavelength, low, high), style),
  });
  const middle = y + RESIDUAL_HEIGHT / 2;
  return (
    drawn + words(14, middle, 'residual / σ', { anchor: 'middle', rotate: -90, size: 10, fill: style.theme.muted })
  );
}

function wrapped(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length === 0 || textWidth(longer, size) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
