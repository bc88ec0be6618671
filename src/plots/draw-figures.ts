import { errorFigure } from './error-by-latents.ts';
import type { Figure, FigureData } from './figure-data.ts';
import { comparisonFigure } from './label-comparison.ts';
import type { LabelFigureData } from './label-data.ts';
import { onSheets } from './label-grid.ts';
import { labelledSpaceFigure } from './labelled-space.ts';
import { cornerFigure } from './latent-corner.ts';
import { partialFigure } from './partial-spectrum.ts';
import { reconstructionFigure } from './reconstruction.ts';
import { relevanceFigure } from './relevance.ts';
import type { SpectrumStyle } from './spectrum-panel.ts';
import { classHues, modelHues, printTheme, type Theme } from './theme.ts';
import { historyFigure } from './training-history.ts';
import { traversalFigure } from './traversal.ts';

/**
 * Every figure that the data allow, in reading order: the error by class, reconstructions of single objects, the labels
 * of runs that predict some, the latent space of each run and what its axes do, and how training went. Names are unique and fit for files.
 */
export function drawFigures(data: FigureData, theme: Theme = printTheme): Figure[] {
  const hues = modelHues([...new Set(data.errors.map(({ model }) => model)), ...modelNames(data)]);
  const classes = classHues(data.classes);
  const name = uniqueNames();
  const { fluxLabel } = data;
  const histories = data.histories.filter(({ epochs }) => epochs.length > 1);
  return [
    // One error alone is a number, not a figure.
    ...(data.errors.filter(({ mse }) => mse > 0).length > 1
      ? [errorFigure(name('error-by-latents'), data.errors, { theme, hues, classes: data.classes })]
      : []),
    ...data.reconstructions.map((object) =>
      reconstructionFigure(name(`reconstruction ${object.title}`), object, { theme, hues, fluxLabel }),
    ),
    ...data.labels.flatMap((labels) => labelFigures(name, labels, { theme, hues, fluxLabel })),
    ...data.latents.map((latents) =>
      cornerFigure(name(`latents ${latents.model} ${latents.latents}`), latents, { theme, hues: classes }),
    ),
    ...data.traversals.map((traversal) =>
      traversalFigure(name(`traversal ${traversal.model} ${traversal.latents}`), traversal, fluxLabel, theme),
    ),
    ...(histories.length > 0 ? [historyFigure(name('training-history'), histories, theme)] : []),
  ];
}

/** Of a run that predicts labels: how well, from how little, and which latents carry them. */
function labelFigures(name: (words: string) => string, data: LabelFigureData, style: SpectrumStyle): Figure[] {
  const { theme } = style;
  const hue = style.hues.get(data.model) ?? 'blue';
  const run = `${data.model} ${data.latents}`;
  return [
    ...onSheets(data.comparisons).map((comparisons, index) =>
      comparisonFigure(name(`labels ${run}`), data, comparisons, index, { theme, hue }),
    ),
    ...(data.partial.length > 0 ? [partialFigure(name(`partial spectra ${run}`), data, style)] : []),
    relevanceFigure(name(`latents relevance ${run}`), data, theme),
    ...onSheets(data.spaces).map((spaces, index) =>
      labelledSpaceFigure(name(`latents by label ${run}`), data, spaces, index, theme),
    ),
  ];
}

function modelNames(data: FigureData): string[] {
  return [...data.reconstructions.flatMap(({ models }) => models), ...data.labels].map(({ model }) => model);
}

/** Words to a file name, counted on when it is taken: `reconstruction-broad-line-agn-2`. */
function uniqueNames(): (words: string) => string {
  const taken = new Map<string, number>();
  return (words) => {
    const slug =
      words
        .replace('S/N', 'snr')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '') || 'figure';
    const count = (taken.get(slug) ?? 0) + 1;
    taken.set(slug, count);
    return count === 1 ? slug : `${slug}-${count}`;
  };
}
