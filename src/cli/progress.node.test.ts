import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it, mock } from 'node:test';
import { drawProgress, duration } from './progress.node.ts';

describe('progress where there is no terminal', () => {
  it('prints plain lines now and then, with the time left', () => {
    mock.timers.enable({ apis: ['Date'], now: 0 });
    const stream = new PassThrough();
    const { onProgress } = drawProgress(stream);
    onProgress({ stage: 'training vae', done: 0, total: 10, atMost: true });
    mock.timers.tick(5_000);
    onProgress({ stage: 'training vae', done: 1.25, total: 10, atMost: true });
    mock.timers.tick(5_000);
    onProgress({ stage: 'training vae', done: 2.5, total: 10, atMost: true, note: 'valid loss 41' });
    mock.timers.reset();
    assert.equal(String(stream.read()), 'training vae: 2.5/10, at most 30 s left  valid loss 41\n');
  });

  it('says nothing of what is over at once', () => {
    const stream = new PassThrough();
    const { onProgress } = drawProgress(stream);
    for (let done = 0; done <= 3; done++) onProgress({ stage: 'reading files', done, total: 3 });
    assert.equal(stream.read(), null);
  });
});

describe('a duration', () => {
  it('is said in the two units that matter', () => {
    assert.deepEqual([42.4, 200, 3900].map(duration), ['42 s', '3 min 20 s', '1 h 5 min']);
  });
});
