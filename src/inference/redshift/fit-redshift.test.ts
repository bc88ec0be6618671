import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LATENTS, observedSpectrum, pretendLinesRun } from '../../../tests/fixtures/inference/pretend-lines.ts';
import { Random, UserError } from '../../base/index.ts';
import type { Spectrum } from '../../spectra/index.ts';
import { OpenRun } from '../open-run.ts';
import { fitRedshift, type RedshiftFit, type RedshiftOptions } from './fit-redshift.ts';

const run = pretendLinesRun();

async function fitted(spectrum: Spectrum, options: RedshiftOptions = {}): Promise<RedshiftFit> {
  const outcome = await fitRedshift(run, spectrum, options);
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.reason);
  return outcome.fit;
}

async function refusal(spectrum: Spectrum, options: RedshiftOptions = {}): Promise<string> {
  const outcome = await fitRedshift(run, spectrum, options);
  assert.ok(!outcome.ok);
  return outcome.reason;
}

function latentOf(random: Random): Float64Array {
  const latent = new Float64Array(LATENTS);
  random.fillNormal(latent);
  return latent;
}

describe('the redshift of a spectrum', () => {
  it('is found wherever it lies, with no warning', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.005, max: 0.45, noNaN: true }), fc.integer(), async (z, seed) => {
        const random = new Random(seed);
        const fit = await fitted(observedSpectrum({ z, latent: latentOf(random), snr: 8 }, random));
        assert.ok(Math.abs(fit.z - z) < 0.001 * (1 + z), `${fit.z} for ${z}`);
        assert.equal(fit.warning, 0, fit.warnings.join());
        // Below 1, because the noise allows for models that are not perfect, as this one is.
        const reduced = fit.chi2 / fit.degreesOfFreedom;
        assert.ok(reduced > 0.4 && reduced < 1.2, `χ²/dof ${reduced}`);
      }),
      { numRuns: 8 },
    );
  });

  it('has an error that covers the truth as it should', async () => {
    const random = new Random(5);
    const pulls: number[] = [];
    for (let n = 0; n < 30; n++) {
      const z = random.uniform(0.02, 0.3);
      const fit = await fitted(observedSpectrum({ z, latent: latentOf(random), snr: 3 }, random), { zmax: 0.5 });
      assert.ok(fit.zError !== null);
      pulls.push((fit.z - z) / fit.zError);
    }
    const rms = Math.sqrt(pulls.reduce((sum, pull) => sum + pull * pull, 0) / pulls.length);
    assert.ok(rms > 0.7 && rms < 1.4, `pulls of ${rms}`);
  });

  it('is found without the chunk that held its strongest lines, and whatever stands in unobserved pixels', async () => {
    const random = new Random(7);
    const whole = observedSpectrum({ z: 0.1, latent: [0, 0.5, 0], snr: 8 }, random);
    const hidden = (w: number) => w > 6900 && w < 7700;
    const ivar = whole.ivar.map((value, i) => (hidden(whole.wavelength[i]) ? 0 : value));
    const zeroed = whole.flux.map((value, i) => (hidden(whole.wavelength[i]) ? 0 : value));
    const garbled = whole.flux.map((value, i) => (hidden(whole.wavelength[i]) ? 1e6 : value));
    const fit = await fitted({ ...whole, ivar, flux: zeroed });
    assert.ok(Math.abs(fit.z - 0.1) < 0.001);
    assert.equal((await fitted({ ...whole, ivar, flux: garbled })).z, fit.z);
  });

  it('does not depend on the unit of the flux, nor on what the file says the redshift is', async () => {
    const spectrum = observedSpectrum({ z: 0.2, latent: [1, 0, 0], snr: 6 }, new Random(8));
    const fit = await fitted(spectrum);
    const flux = spectrum.flux.map((value) => value * 1e17);
    const ivar = spectrum.ivar.map((value) => value / 1e34);
    const other = await fitted({ ...spectrum, flux, ivar, redshift: 3 });
    assert.ok(Math.abs(other.z - fit.z) < 1e-8);
    assert.equal(other.warning, fit.warning);
  });

  it('comes with the class of its like, runners-up in order and, when asked for, what a figure shows', async () => {
    const random = new Random(9);
    for (const [strength, name] of [
      [1.5, 'strong'],
      [-1.5, 'weak'],
    ] as const) {
      const spectrum = observedSpectrum({ z: 0.15, latent: [0, strength, 0], snr: 15 }, random);
      const fit = await fitted(spectrum, { detail: true });
      assert.equal(fit.objectClass, name);
      const gaps = fit.runnersUp.map(({ deltaChi2 }) => deltaChi2);
      assert.ok(gaps.length > 0 && gaps.every((gap, k) => gap >= (gaps[k - 1] ?? 0)));
      assert.equal(gaps[0], fit.deltaChi2);
      const { detail } = fit;
      assert.ok(detail !== undefined);
      const close = detail.model.filter((value, i) => Math.abs(value - detail.flux[i]) * Math.sqrt(detail.ivar[i]) < 4);
      assert.ok(close.length > 0.95 * fit.pixels);
    }
  });
});

describe('a warning', () => {
  it('is raised where nothing tells the redshift', async () => {
    const random = new Random(3);
    const noise = observedSpectrum({ z: 0.1, latent: [0, -8, 0], snr: 0.2 }, random);
    const { warnings } = await fitted(noise);
    assert.ok(warnings.includes('SMALL_DELTA_CHI2') || warnings.includes('NO_FEATURES'));
    assert.ok(warnings.includes('POORDATA'));
  });

  it('is raised at the edge of the range', async () => {
    const spectrum = observedSpectrum({ z: 0.2, latent: [0, 0, 0], snr: 10 }, new Random(4));
    const { warnings } = await fitted(spectrum, { zmin: 0.2, zmax: 0.4 });
    assert.ok(warnings.includes('Z_FITLIMIT'));
  });

  it('is raised for what the run has never seen', async () => {
    const spectrum = observedSpectrum({ z: 0.1, latent: [0, 0, 0], snr: 40 }, new Random(4));
    const flux = spectrum.flux.map((value, i) => value * (1 + 0.5 * Math.sin(i / 25)));
    const { warnings } = await fitted({ ...spectrum, flux });
    assert.ok(warnings.includes('MANY_OUTLIERS'), warnings.join());
  });
});

describe('what has no redshift to find is refused in one sentence', () => {
  const spectrum = observedSpectrum({ z: 0.1, latent: [0, 0, 0], snr: 10 }, new Random(6));

  it('a spectrum beyond the reach of the model', async () => {
    const infrared = observedSpectrum({ z: 0.1, latent: [0, 0, 0], snr: 10, low: 15000, high: 20000 }, new Random(6));
    assert.match(await refusal(infrared, { zmax: 0.5 }), /covers 1\d{4} to \d+ Å and the model 3400 to 8300 Å/);
  });

  it('a spectrum at rest, and one without a pixel', async () => {
    assert.match(await refusal({ ...spectrum, frame: 'rest' }), /rest frame already/);
    assert.match(await refusal({ ...spectrum, ivar: spectrum.ivar.map(() => 0) }), /not one of its pixels/);
  });

  it('any spectrum, by a run that keeps no latents or has another grid', async () => {
    const { latentSample: _gone, ...old } = run.run;
    const sessions = pretendLinesRun();
    const none = Object.assign(Object.create(OpenRun.prototype), sessions, { run: old });
    await assert.rejects(
      fitRedshift(none, spectrum),
      (error) => error instanceof UserError && /train it again/.test(error.message),
    );
    const linear = Float64Array.from(run.run.wavelength, (_, p) => 3400 + 8 * p);
    const other = Object.assign(Object.create(OpenRun.prototype), sessions, {
      run: { ...run.run, wavelength: linear },
    });
    await assert.rejects(
      fitRedshift(other, spectrum),
      (error) => error instanceof UserError && /--grid/.test(error.message),
    );
  });
});
