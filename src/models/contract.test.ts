import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { lowRankSpectra } from '../../tests/fixtures/models/low-rank-spectra.ts';
import { kernelLoading } from '../../tests/references/kernel-loading.ts';
import { Random } from '../base/index.ts';
import { evaluate, type Runtime, type Tensor } from '../graph/index.ts';
import { createNodeRuntime } from '../graph/runtime.node.ts';
import { findModel, MODELS, type Model, type Parameters, type Settings } from './index.ts';

const shape = { pixels: 24, latents: 2 };
const survey = { objects: 60, pixels: 24, components: 2, seed: 1, gaps: 0.4 };
const train = lowRankSpectra(survey);
const valid = lowRankSpectra({ ...survey, objects: 30, drawing: 'valid' });

let runtime: Runtime;
before(() => {
  runtime = createNodeRuntime({ threads: 1 });
});

/** Parameters of a model as fitting starts or ends: enough to run its encoder and decoder. */
async function someParameters(model: Model): Promise<Parameters> {
  const context = { runtime, random: new Random(1), ...kernelLoading };
  if (model.fitting.kind === 'direct') return (await model.fitting.fit(train, valid, context)).parameters;
  const { fixed } = await model.fitting.prepare(train, valid, context);
  const begun = { ...fixed, ...model.fitting.initialParameters(new Random(2)) };
  const finished = { ...begun, ...(await model.fitting.finish(begun, valid, context)) };
  return { ...finished, ...(await model.fitting.calibrate(finished, valid, context)) };
}

function run(outputs: Readonly<Record<string, Tensor>>, parameters: Parameters, inputs: Record<string, Float32Array>) {
  const values = Object.entries(parameters).map(([name, { data }]) => [name, data] as const);
  return evaluate({ outputs, feeds: { ...Object.fromEntries(values), ...inputs } });
}

/** As many inducing points and passes as sixty objects need: a promise of all models shows on small ones too. */
const small = { inducing: 10, epochs: 3 };

/** Every model as it is unless told otherwise, and where settings change its graphs, otherwise. */
const cases: readonly { readonly name: string; readonly settings: Settings }[] = [
  ...Object.keys(MODELS).map((name) => ({ name, settings: name.endsWith('gplvm') ? small : {} })),
  { name: 'shared-gplvm', settings: { ...small, latentKind: 'amortised' } },
];

for (const { name, settings: given } of cases) {
  describe(['the model', name, ...Object.values(given).filter((value) => typeof value === 'string')].join(' '), () => {
    const definition = findModel(name);
    const model = definition.configure(shape, given);
    let parameters: Parameters;
    before(async () => {
      parameters = await someParameters(model);
    });

    it('goes by the name it is listed under, and says what it is', () => {
      assert.equal(definition.name, name);
      assert.equal(model.name, name);
      assert.ok(definition.title.length > 0 && definition.summary.length > 0);
    });

    it('describes every setting, and configures to the same model from its own record', () => {
      const described = definition.describeSettings(shape);
      assert.deepEqual(described.map(({ key }) => key).sort(), Object.keys(model.settings).sort());
      for (const { key, description, default: value } of described) {
        assert.ok(description.length > 0, `${key} has no description`);
        assert.deepEqual(model.settings[key], given[key] ?? value);
      }
      const recorded: unknown = JSON.parse(JSON.stringify(model.settings));
      assert.ok(typeof recorded === 'object' && recorded !== null);
      assert.deepEqual(definition.configure(shape, { ...recorded }).settings, model.settings);
    });

    it('refuses a setting that it does not have, and names those it has', () => {
      assert.throws(() => definition.configure(shape, { colour: 'red' }), { name: 'UserError', message: /"colour"/ });
    });

    it('encodes to a mean and a covariance that is symmetric and not negative, whatever stands in the gaps', () => {
      const { outputs } = model.encoder();
      const feeds = { flux: valid.flux.data, ivar: valid.ivar.data };
      const found = run({ ...outputs }, parameters, feeds);
      assert.deepEqual(found.latentMean.shape, [30, 2]);
      assert.deepEqual(found.latentCovariance.shape, [30, 2, 2]);
      for (let n = 0; n < 30; n++) {
        const [a, b, c, d] = found.latentCovariance.data.subarray(4 * n, 4 * n + 4);
        assert.ok(Math.abs(b - c) <= 1e-9 * Math.sqrt(a * d) && a >= 0 && d >= 0 && a * d >= b * c);
      }
      const otherwise = feeds.flux.map((x, i) => (feeds.ivar[i] > 0 ? x : 5 - x));
      const again = run({ ...outputs }, parameters, { ...feeds, flux: otherwise });
      assert.deepEqual(again.latentMean.data, found.latentMean.data);
    });

    it('stays finite when nothing was observed', () => {
      const feeds = { flux: new Float32Array(24), ivar: new Float32Array(24) };
      const found = run({ ...model.encoder().outputs }, parameters, feeds);
      assert.ok([...found.latentMean.data, ...found.latentCovariance.data].every(Number.isFinite));
    });

    const spaceOf = definition.searchSpace;
    if (spaceOf !== undefined) {
      it('draws only settings of its own from its search space, within its bounds, sharing the preparation', async () => {
        const space = spaceOf(shape);
        const prepare = async (settings: Settings) => {
          const { fitting } = definition.configure(shape, settings);
          assert.ok(fitting.kind === 'gradient' && space.rankBy in fitting.lossGraph(4).terms);
          return fitting.prepare(train, valid, { runtime, random: new Random(1) });
        };
        const random = new Random(3);
        const drawn = Array.from({ length: 100 }, () => space.draw(random));
        for (const { of, low, high } of space.dimensions) {
          assert.ok(drawn.every((settings) => of(settings) >= low && of(settings) <= high));
        }
        assert.deepEqual(await prepare(drawn[0]), await prepare(drawn[1]));
      });
    }

    it('decodes to flux and a variance that is not negative', () => {
      const latent = Float32Array.of(0, 0, 1, -1, 0.5, 2);
      const found = run({ ...model.decoder().outputs }, parameters, { latent });
      assert.deepEqual(found.flux.shape, [3, 24]);
      assert.deepEqual(found.fluxVariance.shape, [3, 24]);
      assert.ok(found.flux.data.every(Number.isFinite) && found.fluxVariance.data.every((value) => value >= 0));
    });
  });
}

describe('findModel', () => {
  it('names the models there are when asked for another', () => {
    assert.throws(() => findModel('umap'), { name: 'UserError', message: /no model "umap"; the models are pca, / });
    assert.throws(() => findModel('toString'), { name: 'UserError' });
  });
});
