import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { figureFile } from './figure-file.node.ts';
import { printTheme } from './theme.ts';
import { historyFigure } from './training-history.ts';

describe('the training history', () => {
  it('becomes a PNG when only the last epoch has a validation loss, as for PCA', async () => {
    const epochs = [null, null, 9].map((validLoss, i) => ({
      epoch: i + 1,
      trainLoss: 10 - i,
      validLoss,
      learningRate: null,
    }));
    const figure = historyFigure('history', [{ model: 'PCA', latents: 2, bestEpoch: null, epochs }], printTheme);
    const { bytes } = await figureFile(figure, 'png');
    assert.ok(bytes.length > 1000);
  });
});
