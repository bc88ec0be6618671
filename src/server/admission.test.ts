import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Admission } from './admission.ts';

describe('admission to costly work', () => {
  it('lets so many work at once, the others in the order they came, and turns the rest away', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 12 }),
        fc.nat(30),
        async (atWork, waiting, askers) => {
          const admission = new Admission(atWork, atWork + waiting);
          const begun: number[] = [];
          let [working, most, refused] = [0, 0, 0];
          const works = Array.from({ length: askers }, (_, asker) => {
            const ticket = admission.enter();
            if (ticket === null) {
              refused++;
              return Promise.resolve(null);
            }
            const work = ticket.work(async () => {
              begun.push(asker);
              most = Math.max(most, ++working);
              await new Promise((resolve) => setImmediate(resolve));
              working--;
              return asker;
            });
            return work.finally(ticket.leave);
          });
          const answers = await Promise.all(works);
          const admitted = Math.min(askers, atWork + waiting);
          assert.equal(refused, askers - admitted);
          assert.equal(most, Math.min(atWork, admitted));
          assert.deepEqual(
            begun,
            Array.from({ length: admitted }, (_, asker) => asker),
          );
          assert.deepEqual(
            answers.filter((answer) => answer !== null),
            begun,
          );
        },
      ),
    );
  });

  it('gives every place back, whether the work ended, failed, was never begun or was not waited for', async () => {
    const admission = new Admission(1, 3);
    for (let round = 0; round < 5; round++) {
      const [failing, leaving, silent] = [admission.enter(), admission.enter(), admission.enter()];
      assert.ok(failing !== null && leaving !== null && silent !== null, `round ${round}`);
      assert.equal(admission.enter(), null);
      const failed = failing.work(() => Promise.reject(new Error('unreadable')));
      let worked = false;
      const left = leaving.work(async () => {
        worked = true;
      });
      leaving.leave();
      silent.leave();
      await assert.rejects(failed, /unreadable/);
      failing.leave();
      failing.leave();
      assert.equal(await left, null);
      assert.ok(!worked, 'nobody works for whoever has gone');
    }
  });

  it('counts whoever has gone as inside while their work goes on', async () => {
    const admission = new Admission(1, 1);
    const ticket = admission.enter();
    let end = (): void => undefined;
    const work = ticket?.work(() => new Promise<void>((resolve) => (end = resolve)));
    await new Promise((resolve) => setImmediate(resolve));
    ticket?.leave();
    assert.equal(admission.enter(), null);
    end();
    await work;
    assert.notEqual(admission.enter(), null);
  });
});
