import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { constant, exp, expand, input, linear, multiply, parameter, slice, writeOnnx } from '../../src/graph/index.ts';
import { createWebRuntime } from '../../src/graph/index.web.ts';
import { linearRun } from '../../tests/fixtures/inference/linear-run.ts';
import { PageRun } from './page-run.ts';

const { description, wavelength } = linearRun().run;
const [P, Q, K] = [wavelength.length, description.latents, description.labels.length];

/** Flux and labels that are the first latent plus the place of the output, with a variance of 4 each. */
function decoder(): Uint8Array {
  const latent = input('latent', ['N', Q]);
  const outputs = (name: string, count: number) =>
    linear(latent, parameter(`${name}W`, [Q, count]), parameter(`${name}b`, [count]));
  const variance = (name: string, count: number) => exp(outputs(name, count));
  const slopes = (count: number) => Float32Array.from({ length: Q * count }, (_, at) => Number(at < count));
  const places = (count: number) => Float32Array.from({ length: count }, (_, at) => at);
  const fours = (count: number) => new Float32Array(count).fill(Math.log(4));
  return writeOnnx({
    name: 'decoder',
    outputs: {
      flux: outputs('f', P),
      fluxVariance: variance('v', P),
      labelMean: outputs('l', K),
      labelVariance: variance('w', K),
    },
    parameterValues: {
      ...{ fW: slopes(P), fb: places(P), vW: new Float32Array(Q * P), vb: fours(P) },
      ...{ lW: slopes(K), lb: places(K), wW: new Float32Array(Q * K), wb: fours(K) },
    },
  });
}

/** The first two labels as latents, known exactly. */
function labelEncoder(): Uint8Array {
  const [label, labelIvar] = [input('label', ['N', K]), input('labelIvar', ['N', K])];
  const latentMean = multiply(slice(label, 1, 0, Q), slice(labelIvar, 1, 0, Q));
  const latentCovariance = expand(constant(0), ['N', Q, Q]);
  return writeOnnx({ name: 'labels', inputs: [label, labelIvar], outputs: { latentMean, latentCovariance } });
}

function opened(graphs = { jointEncoder: false, labelEncoder: false }): PageRun {
  const ask = { key: 'exhibit/run', description, wavelength, ...graphs, backing: null, latentSample: null };
  return new PageRun(ask, createWebRuntime({ threads: 1 }));
}

describe('a run in the page', () => {
  it('decodes points one after the other, with bands and labels, and keeps what it gave', async () => {
    const run = opened();
    run.addGraph('decoder', decoder());
    const one = await run.decode([5, 0]);
    const other = await run.decode([-1, 9]);
    assert.deepEqual([...one.spectrum.flux], [5, 6, 7, 8, 9, 10]);
    assert.deepEqual([...other.spectrum.flux], [-1, 0, 1, 2, 3, 4]);
    for (const error of one.spectrum.error) assert.ok(Math.abs(error - 2) < 1e-5);
    assert.deepEqual(
      one.labels.map(({ name, mean }) => [name, mean]),
      [
        ['a', 5],
        ['b', 6],
        ['c', 7],
      ],
    );
    const both = await run.decodeMany([
      [5, 0],
      [-1, 9],
    ]);
    assert.deepEqual(
      both.map(({ flux }) => flux),
      [one.spectrum.flux, other.spectrum.flux],
    );
  });

  it('goes from labels to spectra without an encoder of spectra, by the graph for labels alone', async () => {
    const run = opened({ jointEncoder: true, labelEncoder: true });
    run.addGraph('decoder', decoder());
    run.addGraph('label-encoder', labelEncoder());
    const { latent, spectrum, labels, warnings } = await run.fromLabels({ a: 45 });
    // Asked-for labels are taken to be known to a tenth of their usual error of 0.5.
    const first = 45 * 0.05 ** -2;
    assert.deepEqual([...latent], [Math.fround(first), 0]);
    assert.ok(Math.abs(spectrum.flux[2] - (first + 2)) < 1e-2);
    assert.equal(labels.length, K);
    assert.equal(warnings.length, 1);
  });

  it('says what is missing: latents, or a graph', async () => {
    const run = opened();
    run.addGraph('decoder', decoder());
    await assert.rejects(run.decode([1]), /1 latents was asked of a run of 2/);
    await assert.rejects(opened().decode([1, 2]), /decoder\.onnx was not loaded/);
  });
});
