import * as Plot from '@observablehq/plot';
import { row } from '../base/index.ts';
import { paintedShade, shade } from './colour-ramp.ts';
import type { Figure } from './figure-data.ts';
import type { LabelFigureData, LabelledSpace, LatentShare } from './label-data.ts';
import { labelGrid, panelTitles, sheetTitle } from './label-grid.ts';
import { niceTicks, percent, printedAlike } from './numbers.ts';
import { sheet, words } from './sheet.ts';
import { framed, MAXIMUM_CIRCLES, type Place, paintedDots, type Range } from './square-panel.ts';
import type { Theme } from './theme.ts';

/* Latent space coloured by labels (Lalchand & Eilers 2025): for each label the two latents that carry most of it. */

const BAR = { gap: 10, width: 11, labels: 46 };

/**
 * @param spaces those of one sheet, at least one
 * @param index of the sheet
 */
export function labelledSpaceFigure(
  name: string,
  data: LabelFigureData,
  spaces: readonly LabelledSpace[],
  index: number,
  theme: Theme,
): Figure {
  const grid = labelGrid(spaces.length, BAR.gap + BAR.width + BAR.labels);
  const title = sheetTitle(`Latent space of ${data.model} coloured by labels`, index, data.spaces.length);
  const circles = spaces.reduce((total, { value }) => total + value.length, 0);
  const parts = [
    words(20, 26, title, { size: 16, weight: 'bold', fill: theme.ink }),
    words(20, 44, `${data.latents} latents`, { size: 12, fill: theme.muted }),
    ...grid.places().map((place, label) => spacePanel(place, spaces[label], circles > MAXIMUM_CIRCLES, theme)),
  ];
  const caption =
    'Latent means of the objects whose label was measured, in the two latents that carry most of it (the share of ' +
    'the predicted label that hangs on each in brackets), coloured by the measured label. A label that changes smoothly ' +
    'across the panel can be read off the spectrum; one that does not hangs on other latents, or on none. Colours ' +
    'and ranges leave out the outermost per cent.';
  const svg = sheet(name, grid.width, grid.height, `${title}. ${caption}`, parts, theme);
  return { name, title, caption, width: grid.width, height: grid.height, svg };
}

function spacePanel(place: Place, space: LabelledSpace, crowded: boolean, theme: Theme): string {
  const { position, value, axes, name } = space;
  const column = (k: number) => Float32Array.from(value, (_, object) => row(position, object)[k]);
  const [across, down] = [column(0), column(1)];
  const ranges = [widened(inner(across)), widened(inner(down))] as const;
  const [low, high] = inner(value);
  const radius = value.length > 3000 ? 1.1 : 1.7;
  const objects = Array.from(value.keys());
  const marks = [
    Plot.frame({ stroke: theme.faint }),
    ...(crowded
      ? []
      : [
          Plot.dot(objects, {
            x: (object: number) => across[object],
            y: (object: number) => down[object],
            r: radius,
            fill: (object: number) => shade(value[object], low, high),
            fillOpacity: 0.85,
            clip: true,
          }),
        ]),
  ];
  const painted = crowded
    ? paintedDots(
        place,
        ranges,
        objects.map((object) => ({
          x: across[object],
          y: down[object],
          radius,
          colour: paintedShade(value[object], low, high),
          alpha: 0.85,
        })),
      )
    : '';
  const titles = { panel: name, below: axisTitle(axes[0]), left: axisTitle(axes[1]) };
  return (
    painted +
    framed(place, ranges[0], ranges[1], marks, theme) +
    panelTitles(place, titles, value.length, theme) +
    colourBar(place, [low, high], theme)
  );
}

function axisTitle({ latent, share }: LatentShare): string {
  return `z${latent} (${percent(share)})`;
}

/** Without the outermost half per cent at either end. */
function inner(values: Float32Array): Range {
  const sorted = Float32Array.from(values).sort();
  const cut = Math.floor(0.005 * sorted.length);
  return [sorted[cut], sorted[sorted.length - 1 - cut]];
}

function widened([low, high]: Range): Range {
  const margin = high > low ? 0.06 * (high - low) : 1;
  return [low - margin, high + margin];
}

const STEPS = 64;

function colourBar({ x, y, side }: Place, [low, high]: Range, theme: Theme): string {
  const left = x + side + BAR.gap;
  const height = side / STEPS;
  const steps = Array.from({ length: STEPS }, (_, k) => {
    const top = y + side - (k + 1) * height;
    // A little taller than the step, lest renderers leave hairs between them.
    return `<rect x="${left}" y="${top.toFixed(1)}" width="${BAR.width}" height="${(height + (k > 0 ? 0.6 : 0)).toFixed(1)}" fill="${shade((k + 0.5) / STEPS, 0, 1)}"/>`;
  });
  const ticks = high > low ? niceTicks(low, high, 4) : [low];
  const texts = printedAlike(ticks);
  const names = ticks.map((tick, index) => {
    const at = Math.round(y + side - (high > low ? (tick - low) / (high - low) : 0.5) * side);
    return (
      `<path d="M${left + BAR.width} ${at}h4" stroke="${theme.ink}" fill="none"/>` +
      words(left + BAR.width + 7, at + 4, texts[index], { fill: theme.ink })
    );
  });
  return steps.join('') + names.join('');
}
