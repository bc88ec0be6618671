import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { childProgram } from '../../tests/fixtures/child-program.ts';
import { toySurvey } from '../../tests/fixtures/training/toy-survey.ts';
import { InterruptedError, Random } from '../base/index.ts';
import { createNodeRuntime } from '../graph/index.node.ts';
import type { Runtime } from '../graph/index.ts';
import { findModel, type GradientFitting, type Parameters } from '../models/index.ts';
import { advanceFit, fit } from './fit.node.ts';
import { fitByGradient, type GradientFitTask } from './gradient-fit.node.ts';
import { SharedWork } from './shared-work.node.ts';
import { splitsForFit } from './splits.ts';
import type { DescentState } from './state.ts';

const folder = mkdtempSync(join(tmpdir(), 'lightfold-resume-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const survey = toySurvey(200, 24);
const settings = { hidden: '20,8', batch: 16, maxEpochs: 12 };

describe('a fit that is interrupted and resumed', () => {
  it('ends in the same weights whichever step it was stopped at', async () => {
    const whole = await descendInPieces([]);
    for (const stops of [[1], [5], [8, 9], [17, 30, 40], [52]]) {
      const pieces = await descendInPieces(stops);
      assert.deepEqual(pieces.parameters, whole.parameters, `stopped at runs ${stops}`);
      assert.deepEqual(pieces.history, whole.history);
    }
  });

  it('ends in the same files when stopped by a signal again and again', async () => {
    const whole = await fit('vae', survey, { out: join(folder, 'whole'), latents: 2, settings, threads: 1 });
    const out = join(folder, 'pieces');
    let interruptions = 0;
    for (let finished = false; !finished; ) {
      const controller = new AbortController();
      const options = { out, latents: 2, settings, threads: 1, resume: true, signal: controller.signal };
      const onProgress = () => {
        if (interruptions < 4) controller.abort();
      };
      try {
        await fit('vae', survey, { ...options, onProgress });
        finished = true;
      } catch (error) {
        assert.ok(error instanceof InterruptedError);
        assert.match(error.message, /--resume/);
        interruptions++;
      }
    }
    assert.equal(interruptions, 4);
    assertSameRun(out, whole.path);
  });

  it('ends in the same files when paused after epochs, also before a plateau ends it', async () => {
    const plans = [
      { name: 'long', settings, pauses: [1, 3, 3, 9, 27] },
      { name: 'stopping', settings: { ...settings, maxEpochs: 60, learningRate: 0.05, stopAfter: 3 }, pauses: [2, 50] },
    ];
    for (const { name, settings, pauses } of plans) {
      const options = { latents: 2, settings, threads: 1 };
      const whole = await fit('vae', survey, { ...options, out: join(folder, `unpaused-${name}`) });
      const shared = new SharedWork(survey);
      const out = join(folder, `paused-${name}`);
      for (const pauseAfter of pauses) {
        const advanced = await advanceFit('vae', shared, { ...options, out, pauseAfter, resume: true });
        if (advanced.kind === 'finished') assert.ok(whole.description.training.epochs <= pauseAfter);
        else {
          assert.equal(advanced.history.length, pauseAfter);
          assert.ok(advanced.bestEpoch <= pauseAfter && advanced.latentsInUse.posteriorShare.length === 2);
        }
      }
      await advanceFit('vae', shared, { ...options, out, resume: true });
      assertSameRun(out, whole.path);
    }
  });

  for (const latentKind of ['gaussian', 'amortised']) {
    it(`of a GPLVM with ${latentKind} latents ends in the same files when interrupted and resumed`, async () => {
      const plan = { latents: 2, settings: { inducing: 12, epochs: 6, batch: 32, latentKind }, threads: 1 };
      const whole = await fit('shared-gplvm', survey, { ...plan, out: join(folder, `gplvm-${latentKind}`) });
      const out = join(folder, `gplvm-${latentKind}-interrupted`);
      const controller = new AbortController();
      const stopped = fit('shared-gplvm', survey, {
        ...plan,
        out,
        signal: controller.signal,
        onProgress: ({ stage, done }) => {
          if (stage === 'training' && done === 3) controller.abort();
        },
      });
      await assert.rejects(stopped, InterruptedError);
      assert.ok(!existsSync(join(out, 'run.json')), 'it was interrupted while training');
      await fit('shared-gplvm', survey, { ...plan, out, resume: true });
      assertSameRun(out, whole.path);
    });
  }

  it('ends in the same files after kill -9', async () => {
    const long = { ...settings, maxEpochs: 400, stopAfter: 400 };
    const whole = await fit('vae', survey, { out: join(folder, 'unkilled'), latents: 2, settings: long, threads: 1 });
    const out = join(folder, 'killed');
    const script = `
      import { fit } from '@/src/training/index.node.js';
      import { toySurvey } from '@/tests/fixtures/training/toy-survey.js';
      const options = { out: ${JSON.stringify(out)}, latents: 2, settings: ${JSON.stringify(long)}, threads: 1 };
      await fit('vae', toySurvey(200, 24), options);`;
    const child = childProgram(script, { stdio: ['ignore', 'ignore', 'inherit'] });
    const closed = once(child, 'close');
    while (!existsSync(join(out, 'checkpoint', 'state.json')) && child.exitCode === null) await sleep(2);
    child.kill('SIGKILL');
    await closed;
    assert.equal(child.signalCode, 'SIGKILL');
    assert.ok(!existsSync(join(out, 'run.json')), 'it was killed while training');
    await fit('vae', survey, { out, latents: 2, settings: long, threads: 1, resume: true });
    assertSameRun(out, whole.path);
  });
});

function assertSameRun(path: string, other: string): void {
  for (const name of ['parameters.npz', 'encoder.onnx', 'decoder.onnx', 'history.csv']) {
    assert.ok(readFileSync(join(path, name)).equals(readFileSync(join(other, name))), `${name} differs`);
  }
  assert.ok(!existsSync(join(path, 'checkpoint')), 'a finished run keeps no checkpoint');
}

/** Fits in memory, stopped after each of the given numbers of graph runs, counted anew after each stop. */
async function descendInPieces(stops: readonly number[]) {
  const fitting = gradientFitting({ ...settings, warmUp: 3 });
  const splits = splitsForFit(survey, 2);
  let saved: GradientFitTask['resumeFrom'];
  const onCheckpoint = (state: DescentState, arrays: Parameters) => {
    saved = { state: structuredClone(state), arrays: structuredClone(arrays) };
  };
  for (const stop of [...stops, Number.POSITIVE_INFINITY]) {
    const controller = new AbortController();
    const task: GradientFitTask = {
      stage: 'training',
      runtime: stoppingRuntime(stop, controller),
      random: new Random(1),
      signal: controller.signal,
      onCheckpoint,
      ...(saved === undefined ? {} : { resumeFrom: saved }),
    };
    try {
      return await fitByGradient(fitting, splits, task);
    } catch (error) {
      assert.ok(error instanceof InterruptedError);
    }
  }
  throw new Error('the last piece was not to be stopped');
}

function gradientFitting(given: Readonly<Record<string, unknown>>): GradientFitting {
  const { fitting } = findModel('vae').configure({ pixels: 24, latents: 2 }, given);
  if (fitting.kind !== 'gradient') throw new Error('the InfoVAE descends');
  return fitting;
}

/** Aborts during the given run of a loss, training or validation. */
function stoppingRuntime(stop: number, controller: AbortController): Runtime {
  const runtime = createNodeRuntime({ threads: 1 });
  let runs = 0;
  return {
    ...runtime,
    async createSession(onnx) {
      const session = await runtime.createSession(onnx);
      return {
        inputs: session.inputs,
        outputs: session.outputs,
        run: (feeds, fetches) => session.run(feeds, fetches),
        bind(feeds, fetches) {
          const bound = session.bind(feeds, fetches);
          return {
            async run() {
              if (++runs === stop) controller.abort();
              await bound.run();
            },
          };
        },
        release: () => session.release(),
      };
    },
  };
}
