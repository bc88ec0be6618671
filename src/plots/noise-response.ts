import * as Plot from '@observablehq/plot';
import type { Figure, NoiseResponseData, ResponseCurve, ResponseRange } from './figure-data.ts';
import { logTicks, printed } from './numbers.ts';
import { legend, panel, sheet, words } from './sheet.ts';
import { type Hue, printTheme, type Theme } from './theme.ts';

/*
 * Variance and bias of the latent means under added noise, a line for each latent (VAE paper, Fig. 17). Latents that
 * carry nothing are drawn thin and grey.
 */

const WIDTH = 960;
const HEIGHT = 330;
const HUES: readonly Hue[] = ['blue', 'vermillion', 'green', 'purple', 'orange', 'sky'];
/** Within these a reported variance counts as right. */
const GOOD_RATIO = [0.7, 1.4];
/** The bars at one signal-to-noise ratio are spread over this factor. */
const BARS_SPAN = 1.16;
/** A bias below this many reported standard deviations drowns in them. */
const GOOD_BIAS = 0.5;

/** @param data at least two signal-to-noise ratios */
export function noiseFigure(name: string, data: NoiseResponseData, theme: Theme = printTheme): Figure {
  const { model, curves, objects, realisations } = data;
  const title = `Latents of ${model} under noise, ${curves.length} latent${curves.length === 1 ? '' : 's'}`;
  const used = curves.filter(({ inUse }) => inUse);
  const colours = new Map(used.map(({ latent }, at) => [latent, theme.hues[HUES[at % HUES.length]]]));
  const entries = [
    ...used.map(({ latent }) => ({
      label: `${model} ${latent}`,
      colour: colours.get(latent) ?? theme.muted,
      shape: 'line' as const,
    })),
    ...(used.length < curves.length ? [{ label: 'not in use', colour: theme.hues.grey, shape: 'line' as const }] : []),
    ...(used.some(hasExpected)
      ? [{ label: 'what a posterior must show', colour: theme.muted, shape: 'dashed' as const }]
      : []),
    { label: 'goal', colour: theme.band, shape: 'band' as const },
  ];
  const key = legend(20, 50, WIDTH - 20, entries, theme);
  const top = 44 + key.height;
  const style = { data, colours, theme };
  const parts = [
    words(20, 26, title, { size: 16, weight: 'bold', fill: theme.ink }),
    key.markup,
    responsePanel(0, top, 'Variance of latent means / variance reported', ratioAxis(curves), style),
    responsePanel(WIDTH / 2, top, 'Bias / standard deviation reported', biasAxis(curves), style),
  ];
  const caption =
    `White noise was added ${realisations} times at each signal-to-noise ratio to ` +
    `${objects === 1 ? 'a noise-free spectrum' : `${objects} noise-free spectra`}. Left: how much the latent means then ` +
    'scatter against what the encoder reports; more than 1 is overconfident. ' +
    (used.some(hasExpected)
      ? 'Thin dashed lines show what is right for a posterior, whose prior draws means in: less than 1 where the prior tells much of a latent. '
      : '1 is right. ') +
    'Right: how far their average lies from ' +
    `the encoding of the noise-free spectrum.${objects > 1 ? ' Lines are medians over the spectra, bars hold 68% of them.' : ''}`;
  const height = top + HEIGHT;
  return {
    name,
    title,
    caption,
    width: WIDTH,
    height,
    svg: sheet(name, WIDTH, height, `${title}. ${caption}`, parts, theme),
  };
}

interface ResponseStyle {
  readonly data: NoiseResponseData;
  readonly colours: ReadonlyMap<number, string>;
  readonly theme: Theme;
}

interface ResponseAxis {
  readonly of: (curve: ResponseCurve) => readonly ResponseRange[];
  readonly type: 'log' | 'linear';
  readonly domain: readonly [number, number];
  readonly good: readonly [number, number];
  readonly line: number | null;
  /** What a calibrated posterior shows, drawn as a thin line of the same colour. */
  readonly expected?: (curve: ResponseCurve) => readonly ResponseRange[];
}

function ratioAxis(curves: readonly ResponseCurve[]): ResponseAxis {
  const of = ({ varianceRatio }: ResponseCurve) => varianceRatio;
  const values = shown(curves).flatMap((curve) => of(curve).flatMap(({ low, high }) => [low, high]));
  const low = Math.min(0.4, ...values.filter((value) => value > 0));
  const high = Math.max(2.5, ...values);
  const expected = ({ expectedRatio }: ResponseCurve) => expectedRatio;
  return { of, type: 'log', domain: [low / 1.1, high * 1.1], good: [GOOD_RATIO[0], GOOD_RATIO[1]], line: 1, expected };
}

function biasAxis(curves: readonly ResponseCurve[]): ResponseAxis {
  const of = ({ bias }: ResponseCurve) => bias;
  const high = Math.max(1, ...shown(curves).flatMap((curve) => of(curve).map((range) => range.high)));
  return { of, type: 'linear', domain: [0, high * 1.05], good: [0, GOOD_BIAS], line: null };
}

function hasExpected({ expectedRatio }: ResponseCurve): boolean {
  return expectedRatio.some(({ median }) => Number.isFinite(median));
}

/** Latents not in use may go where they like; they do not stretch the axes unless there is nothing else. */
function shown(curves: readonly ResponseCurve[]): readonly ResponseCurve[] {
  const used = curves.filter(({ inUse }) => inUse);
  return used.length > 0 ? used : curves;
}

function responsePanel(x: number, y: number, label: string, axis: ResponseAxis, style: ResponseStyle): string {
  const { data, theme } = style;
  const { snr, curves } = data;
  const [low, high] = [snr[0], snr[snr.length - 1]];
  const left = 64;
  const drawn = panel(x, y, theme, {
    width: WIDTH / 2,
    height: HEIGHT,
    marginLeft: left,
    marginRight: 20,
    marginTop: 10,
    marginBottom: 44,
    x: {
      type: 'log',
      domain: [low / 1.06, high * 1.06],
      ticks: logTicks(low, high),
      tickFormat: (value: number) => printed(value, 2),
      label: 'Median signal-to-noise ratio per pixel',
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: {
      type: axis.type,
      domain: [...axis.domain],
      ticks: axis.type === 'log' ? logTicks(...axis.domain) : 6,
      tickFormat: (value: number) => printed(value, 2),
      label: null,
      grid: true,
    },
    marks: [
      Plot.rect([axis.good], {
        x1: low / 1.06,
        x2: high * 1.06,
        y1: ([bottom]: readonly number[]) => bottom,
        y2: ([, upper]: readonly number[]) => upper,
        fill: theme.band,
        fillOpacity: 0.55,
      }),
      ...(axis.line === null ? [] : [Plot.ruleY([axis.line], { stroke: theme.muted, strokeDasharray: '4 3' })]),
      ...curves.flatMap((curve) => [...expectedMarks(curve, axis, style), ...curveMarks(curve, axis, style)]),
      Plot.frame({ stroke: theme.faint }),
    ],
  });
  const middle = y + 10 + (HEIGHT - 54) / 2;
  return drawn + words(x + 14, middle, label, { anchor: 'middle', rotate: -90, fill: theme.ink });
}

function expectedMarks(curve: ResponseCurve, axis: ResponseAxis, style: ResponseStyle): Plot.Markish[] {
  if (axis.expected === undefined || !curve.inUse) return [];
  const points = axis.expected(curve).map(({ median }, at) => ({ median, snr: style.data.snr[at] }));
  const drawn = points.filter(({ median }) => median > 0);
  if (drawn.length === 0) return [];
  const stroke = style.colours.get(curve.latent) ?? style.theme.muted;
  return [Plot.line(drawn, { x: 'snr', y: 'median', stroke, strokeWidth: 1, strokeDasharray: '2 3', clip: true })];
}

function curveMarks(curve: ResponseCurve, axis: ResponseAxis, { data, colours, theme }: ResponseStyle): Plot.Markish[] {
  const stroke = colours.get(curve.latent) ?? theme.hues.grey;
  // Neighbouring latents' bars stand side by side.
  const shift = BARS_SPAN ** (curve.latent / (data.curves.length + 1) - 0.5);
  const points = axis.of(curve).map((range, at) => ({ ...range, snr: data.snr[at] * shift }));
  const inReach = points.filter(({ median }) => axis.type === 'linear' || median > 0);
  const line = Plot.line(inReach, {
    x: 'snr',
    y: 'median',
    stroke,
    strokeWidth: curve.inUse ? 2 : 1,
    strokeOpacity: curve.inUse ? 1 : 0.7,
    clip: true,
  });
  if (!curve.inUse || data.objects === 1) return [line];
  return [Plot.link(inReach, { x: 'snr', y1: 'low', y2: 'high', stroke, strokeOpacity: 0.4, clip: true }), line];
}
