import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CURVED, curvedSurvey } from '../../../tests/fixtures/models/curved-survey.ts';
import { encodedLabels, fitDirectly, jointlyEncoded } from '../../../tests/references/fitted-model.ts';
import { zeros } from '../../base/index.ts';

const { pixels: P, latents: Q, labels: K } = CURVED;
const light = { inducing: 16, epochs: 4, batch: 64 };
const surveys = {
  train: curvedSurvey({ objects: 300, seed: 1, gain: 0.03 }),
  valid: curvedSurvey({ objects: 100, seed: 2, gain: 0.03 }),
};

/** Both labels, one of them or none, known well or hardly. */
const IVARS = [1e4, 0, 3, 1e4, 0];

/** Every way in which decoders are shared, and what adds coordinates or another start to the fit of latents. */
const models = [
  ['shared-gplvm', {}],
  ['shared-gplvm', { gain: false }],
  ['shared-gplvm', { latentKind: 'amortised' }],
  ['gplvm', {}],
  ['disentangled-gplvm', {}],
] as const;

describe('the label encoder of a GPLVM', () => {
  for (const [name, settings] of models) {
    it(`is the joint encoder where no pixel was observed: ${[name, JSON.stringify(settings)].join(' ')}`, async () => {
      const fitted = await fitDirectly(name, CURVED, { ...light, ...settings }, surveys);
      const others = curvedSurvey({ objects: 60, seed: 3 });
      const labels = { value: others.trueLabels, ivar: zeros(others.flux.rows, K) };
      for (let at = 0; at < labels.ivar.data.length; at++) labels.ivar.data[at] = IVARS[at % IVARS.length];
      const joint = await jointlyEncoded(fitted, { ...others, ivar: zeros(others.flux.rows, P) }, labels);
      const alone = await encodedLabels(fitted, labels);
      assert.deepEqual(Object.keys(alone).sort(), Object.keys(joint).sort());
      for (const [output, { data, columns }] of Object.entries(joint)) {
        for (const [at, value] of data.entries()) {
          const [n, q] = [Math.floor(at / columns), at % columns];
          const variance = joint.latentCovariance.data[n * Q * Q + q * (Q + 1)];
          // Fits stop short of the last bit: means by their own uncertainty, all else relatively.
          const allowed = output === 'latentMean' ? 0.01 * Math.sqrt(variance) : 5e-3 * Math.abs(value) + 1e-4;
          const found = alone[output].data[at];
          assert.ok(Math.abs(found - value) <= allowed, `${output} ${at}: ${found} for ${value}`);
        }
      }
    });
  }
});
