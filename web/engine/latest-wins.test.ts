import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { LatestWins } from './latest-wins.ts';

function controlled() {
  const begun: number[] = [];
  const finish: (() => void)[] = [];
  const queue = new LatestWins<number, string>(
    (question) =>
      new Promise((resolve, reject) => {
        begun.push(question);
        finish.push(() => (question < 0 ? reject(new Error(`no ${question}`)) : resolve(`answer ${question}`)));
      }),
  );
  return { queue, begun, finish };
}

describe('questions of which only the latest matters', () => {
  it('answer the one at work and the last that came, and those between with null', async () => {
    const { queue, begun, finish } = controlled();
    const answers = [1, 2, 3, 4].map((question) => queue.ask(question));
    assert.deepEqual(await Promise.all(answers.slice(1, 3)), [null, null]);
    assert.deepEqual(begun, [1]);
    finish[0]();
    assert.equal(await answers[0], 'answer 1');
    await setImmediate();
    assert.deepEqual(begun, [1, 4]);
    finish[1]();
    assert.equal(await answers[3], 'answer 4');
  });

  it('go on after one that failed', async () => {
    const { queue, finish } = controlled();
    const failed = queue.ask(-1);
    finish[0]();
    await assert.rejects(failed, /no -1/);
    await setImmediate();
    const next = queue.ask(5);
    finish[1]();
    assert.equal(await next, 'answer 5');
  });
});
