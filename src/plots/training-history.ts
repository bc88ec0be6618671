import * as Plot from '@observablehq/plot';
import type { Figure, HistoryData, HistoryEpoch } from './figure-data.ts';
import { printed } from './numbers.ts';
import { legend, panel, sheet, words } from './sheet.ts';
import type { Theme } from './theme.ts';

/* Loss against epoch for each model, with the drops of the learning rate and the epoch whose parameters were kept. */

const WIDTH = 960;
const TITLE = 'Training history';
const HEIGHT = 252;
const TOP = 72;

/** @param histories at least one, each of at least one epoch */
export function historyFigure(name: string, histories: readonly HistoryData[], theme: Theme): Figure {
  const columns = histories.length === 1 ? 1 : 2;
  const width = WIDTH / columns;
  const rows = Math.ceil(histories.length / columns);
  const entries = [
    { label: 'training', colour: theme.hues.blue, shape: 'line' as const },
    ...(histories.some(({ epochs }) => epochs.some(({ validLoss }) => validLoss !== null))
      ? [{ label: 'validation', colour: theme.hues.vermillion, shape: 'line' as const }]
      : []),
  ];
  const panels = histories.map((history, index) =>
    lossPanel((index % columns) * width, TOP + Math.floor(index / columns) * HEIGHT, width, history, theme),
  );
  const caption =
    'Loss per spectrum after each epoch or iteration, for training and held-out spectra. Dotted lines mark drops of the learning ' +
    'rate, the ring the epoch whose parameters were kept. A validation curve that turns up while training goes down ' +
    'would mean overfitting.';
  const heading = words(20, 26, TITLE, { size: 16, weight: 'bold', fill: theme.ink });
  const parts = [heading, legend(20, 50, WIDTH - 20, entries, theme).markup, ...panels];
  const height = TOP + rows * HEIGHT;
  const svg = sheet(name, WIDTH, height, `${TITLE}. ${caption}`, parts, theme);
  return { name, title: TITLE, caption, width: WIDTH, height, svg };
}

function lossPanel(x: number, y: number, width: number, history: HistoryData, theme: Theme): string {
  const left = 72;
  const { epochs } = history;
  const [low, high] = lossRange(epochs);
  // Only a model that descends has a learning rate, counts in epochs and may keep an earlier one.
  const descended = epochs.some(({ learningRate }) => learningRate !== null);
  const valid = epochs.filter(({ validLoss }) => validLoss !== null);
  const [first, last] = [epochs[0].epoch, epochs[epochs.length - 1].epoch];
  const drawn = panel(x, y, theme, {
    width,
    height: HEIGHT,
    marginLeft: left,
    marginRight: 20,
    marginTop: 40,
    marginBottom: 40,
    x: {
      // Room at the right for a ring or a name at the last epoch.
      domain: [first, last + 0.03 * (last - first)],
      label: descended ? 'Epoch' : 'Iteration',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: 'd',
      ticks: Math.min(8, epochs.length),
    },
    y: { domain: [low, high], label: null, ticks: 5, grid: true, tickFormat: (value: number) => printed(value, 4) },
    marks: [
      Plot.frame({ stroke: theme.faint }),
      ...rateMarks(epochs, theme),
      curve(epochs, (epoch) => epoch.trainLoss, theme.hues.blue),
      curve(epochs, (epoch) => epoch.validLoss ?? Number.NaN, theme.hues.vermillion),
      // A lone value makes no line.
      Plot.dot(valid.length === 1 ? valid : [], { x: 'epoch', y: 'validLoss', r: 3.5, fill: theme.hues.vermillion }),
      Plot.dot(
        epochs.filter(({ epoch }) => descended && epoch === history.bestEpoch),
        {
          x: 'epoch',
          y: (epoch: HistoryEpoch) => epoch.validLoss ?? epoch.trainLoss,
          r: 5,
          stroke: theme.ink,
          strokeWidth: 1.5,
        },
      ),
    ],
  });
  const title = `${history.model}, ${history.latents} latent${history.latents === 1 ? '' : 's'}`;
  const axisTitle = words(x + 14, y + 40 + (HEIGHT - 80) / 2, 'Loss per spectrum', {
    anchor: 'middle',
    rotate: -90,
    fill: theme.ink,
  });
  return drawn + words(x + left, y + 20, title, { weight: 'bold', size: 12, fill: theme.ink }) + axisTitle;
}

function curve(epochs: readonly HistoryEpoch[], loss: (epoch: HistoryEpoch) => number, stroke: string): Plot.Markish {
  return Plot.lineY(epochs, { x: 'epoch', y: loss, stroke, strokeWidth: 1.8, clip: true });
}

/** A line and the new rate, in a row above the frame, wherever the learning rate fell. */
function rateMarks(epochs: readonly HistoryEpoch[], theme: Theme): Plot.Markish[] {
  const drops = epochs.filter(({ learningRate }, index) => {
    const before = epochs[index - 1]?.learningRate ?? null;
    return learningRate !== null && before !== null && learningRate < before * 0.999;
  });
  // Rates written closer together than a fourteenth of the width would touch: the later ones go unwritten.
  const room = (epochs[epochs.length - 1].epoch - epochs[0].epoch) / 7;
  let lastNamed = Number.NEGATIVE_INFINITY;
  const named = drops.filter(({ epoch }) => {
    if (epoch - lastNamed < room) return false;
    lastNamed = epoch;
    return true;
  });
  const nearEnd = (epoch: HistoryEpoch) => epochs[epochs.length - 1].epoch - epoch.epoch < room / 2;
  const name = (those: readonly HistoryEpoch[], textAnchor: 'middle' | 'end') =>
    Plot.text(those, {
      x: 'epoch',
      text: (epoch: HistoryEpoch) => `rate ${printed(epoch.learningRate ?? 0, 1)}`,
      frameAnchor: 'top',
      textAnchor,
      dy: -11,
      fill: theme.muted,
      fontSize: 10,
    });
  return [
    Plot.ruleX(drops, { x: 'epoch', stroke: theme.muted, strokeDasharray: '1.5 3' }),
    name(
      named.filter((epoch) => !nearEnd(epoch)),
      'middle',
    ),
    name(named.filter(nearEnd), 'end'),
  ];
}

/** All losses but the first epochs' fall, which would squeeze the rest: at most four times the later spread. */
function lossRange(epochs: readonly HistoryEpoch[]): [number, number] {
  const losses = epochs.map(({ trainLoss, validLoss }) => [trainLoss, ...(validLoss === null ? [] : [validLoss])]);
  const later = losses.slice(Math.min(Math.floor(losses.length / 4), losses.length - 1)).flat();
  const low = Math.min(...losses.flat());
  const spread = Math.max(...later) - low;
  const high = Math.min(Math.max(...losses.flat()), low + 4 * spread);
  return high > low ? [low - 0.04 * (high - low), high + 0.04 * (high - low)] : [low - 1, low + 1];
}
