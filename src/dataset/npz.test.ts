import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { surviveMutations } from '../../tests/contracts/mutations.ts';
import { randomDataset } from '../../tests/references/random-dataset.ts';
import { FileError, row } from '../base/index.ts';
import { type ArrayToWrite, readNpz, writeNpz } from '../io/index.ts';
import { airToVacuum } from '../spectra/index.ts';
import { checkDataset } from './check.ts';
import { exportNpz, readNpzDataset } from './npz.ts';

const NAN = Number.NaN;

/** Three objects of four pixels; `more` replaces or adds arrays, and `null` leaves one out. */
function npz(more: Readonly<Record<string, ArrayToWrite | null>> = {}): Uint8Array {
  const arrays: Record<string, ArrayToWrite | null> = {
    wave: { data: Float64Array.of(4000, 4001, 4002, 4003) },
    flux: { shape: [3, 4], data: Float32Array.from({ length: 12 }, (_, i) => i + 1) },
    ivar: { shape: [3, 4], data: new Float32Array(12).fill(4) },
    ...more,
  };
  return writeNpz(Object.fromEntries(Object.entries(arrays).flatMap(([name, a]) => (a === null ? [] : [[name, a]]))));
}

describe('the npz convention', () => {
  it('gives back what was exported', () => {
    const shape = fc.record({
      objects: fc.integer({ min: 1, max: 20 }),
      pixels: fc.integer({ min: 2, max: 9 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(shape, (options) => {
        const { wavelength, flux, ivar, catalogue } = randomDataset(options);
        fc.pre(catalogue.id.every((_, i) => row(ivar, i).some((weight) => weight > 0)));
        const { dataset, skipped } = readNpzDataset(exportNpz(randomDataset(options)), 'a.npz', { seed: options.seed });
        assert.deepEqual(skipped, []);
        assert.deepEqual([dataset.wavelength, dataset.flux, dataset.ivar], [wavelength, flux, ivar]);
        const { id, redshift, objectClass, split } = dataset.catalogue;
        assert.deepEqual(
          { id, redshift, objectClass, split },
          {
            id: catalogue.id,
            redshift: catalogue.redshift,
            objectClass: catalogue.objectClass,
            split: catalogue.split,
          },
        );
        const { names, value, ivar: weight } = dataset.catalogue.labels;
        const measured = catalogue.labels.names.filter((_, k) =>
          catalogue.labels.ivar.data.some((w, i) => i % catalogue.labels.names.length === k && w > 0),
        );
        assert.deepEqual(names, measured);
        if (measured.length === catalogue.labels.names.length) {
          assert.deepEqual([value, weight], [catalogue.labels.value, catalogue.labels.ivar]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('writes NaN for what is missing', () => {
    const dataset = randomDataset({ objects: 20, pixels: 3, seed: 5 });
    const arrays = readNpz(exportNpz(dataset), 'x.npz');
    const labels = arrays.get('labels');
    assert.deepEqual(labels?.shape, [20, 2]);
    assert.deepEqual(
      Array.from(labels?.data as Float64Array, Number.isNaN),
      Array.from(dataset.catalogue.labels.ivar.data, (weight) => weight === 0),
    );
    assert.deepEqual(arrays.get('label_names')?.data, ['log_mbh', 'log_lbol']);
    assert.deepEqual(
      Array.from(arrays.get('z')?.data as Float64Array, (z) => (Number.isNaN(z) ? null : z)),
      dataset.catalogue.redshift,
    );
  });

  it('takes NaN in flux, ivar and labels for "not observed"', () => {
    const { dataset } = readNpzDataset(
      npz({
        flux: { shape: [3, 4], data: Float32Array.of(1, NAN, 3, 4, 5, 6, Infinity, 8, 9, 10, 11, 12) },
        ivar: { shape: [3, 4], data: Float32Array.of(NAN, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1) },
        labels: { shape: [3, 2], data: Float64Array.of(1, NAN, 2, 5, NAN, 7) },
        label_err: { shape: [3, 2], data: Float64Array.of(0.5, 1, 0.25, 0.5, 1, 2) },
        label_names: { data: ['a', 'b'] },
      }),
      'a.npz',
    );
    assert.deepEqual([...dataset.flux.data], [0, 0, 3, 4, 5, 0, 0, 8, 9, 10, 11, 12]);
    assert.deepEqual([...dataset.ivar.data], [0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]);
    assert.deepEqual([...dataset.catalogue.labels.value.data], [1, 0, 2, 5, 0, 7]);
    assert.deepEqual([...dataset.catalogue.labels.ivar.data], [4, 0, 16, 4, 0, 0.25]);
  });

  it('gives labels without errors a hundredth of their scatter, and those without their own the median error', () => {
    const labels = { shape: [3, 2], data: Float64Array.of(1, 5, 2, 5, 3, 5) };
    const names = { data: ['a', 'constant'] };
    const bare = readNpzDataset(npz({ labels, label_names: names }), 'a.npz').dataset.catalogue.labels;
    const scatter = Math.sqrt(2 / 3);
    assert.ok(Math.abs(bare.ivar.data[0] - 1 / (0.01 * scatter) ** 2) < 1);
    assert.equal(bare.ivar.data[1], 400);
    const label_err = { shape: [3, 2], data: Float64Array.of(0.5, 1, 0, 1, 0.5, NAN) };
    const some = readNpzDataset(npz({ labels, label_names: names, label_err }), 'a.npz').dataset.catalogue.labels;
    assert.deepEqual([...some.ivar.data], [4, 1, 4, 1, 4, 1]);
  });

  it('reads integer ids of 64 bits without losing a digit, and names rows when there are none', () => {
    const id = { data: BigInt64Array.of(39627733927462346n, 39627733927462347n, -1n) };
    assert.deepEqual(readNpzDataset(npz({ id }), 'a.npz').dataset.catalogue.id, [
      '39627733927462346',
      '39627733927462347',
      '-1',
    ]);
    assert.deepEqual(readNpzDataset(npz(), 'folder/stars.npz').dataset.catalogue.id, ['stars-0', 'stars-1', 'stars-2']);
  });

  it('brings wavelengths in air to vacuum when told', () => {
    const { dataset } = readNpzDataset(npz(), 'a.npz', { air: true });
    assert.deepEqual([...dataset.wavelength], [4000, 4001, 4002, 4003].map(airToVacuum));
  });

  it('skips and names rows of which nothing is observed, and repeated ids', () => {
    const ivar = { shape: [3, 4], data: Float32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1) };
    const { dataset, skipped } = readNpzDataset(npz({ ivar, id: { data: ['x', 'y', 'y'] } }), 'a.npz');
    assert.deepEqual(dataset.catalogue.id, ['y']);
    assert.match(skipped[0].reason, /^row 0: none of the grid .* is observed/);
    assert.match(skipped[1].reason, /^row 2: the id y was read before, from a\.npz, row 1; the first is kept/);
  });

  it('can be normalised on the way', () => {
    const { dataset } = readNpzDataset(npz(), 'a.npz', { normalise: { kind: 'flux' } });
    for (let i = 0; i < 3; i++) {
      assert.ok(Math.abs(row(dataset.flux, i).reduce((sum, f) => sum + f, 0) / 4 - 1) < 1e-3);
      assert.ok(Math.abs(dataset.catalogue.scale[i] - (2.5 + 4 * i)) < 1e-3);
    }
    assert.equal(dataset.manifest.normalisation, 'flux');
  });

  it('is refused, naming the array, when it is broken', () => {
    const cases: [Parameters<typeof npz>[0], RegExp][] = [
      [{ wave: null }, /no array "wave" \(it has flux, ivar\)/],
      [{ ivar: null }, /no array "ivar"/],
      [{ wave: { data: Float64Array.of(1, 2, 2, 3) } }, /array "wave": wavelength 2 at pixel 2 does not rise/],
      [{ wave: { data: Float64Array.of(1, 2, 3) } }, /array "flux": its shape is \(3, 4\); expected \(N, 3\)/],
      [{ flux: { data: new Float32Array(12) } }, /array "flux": its shape is \(12\)/],
      [{ flux: { shape: [3, 4], data: Array.from('abcdefghijkl') } }, /array "flux": numbers are expected/],
      [
        { ivar: { shape: [2, 4], data: new Float32Array(8) } },
        /array "ivar": its shape is \(2, 4\); expected \(3, 4\)/,
      ],
      [
        { ivar: { shape: [3, 4], data: Float32Array.of(1, 1, 1, 1, 1, -2, 1, 1, 1, 1, 1, 1) } },
        /array "ivar", row 1, pixel 1: it is -2/,
      ],
      [{ id: { data: ['x'] } }, /array "id": its shape is \(1\); expected \(3\)/],
      [{ labels: { shape: [3, 1], data: new Float64Array(3) } }, /no array "label_names"/],
      [
        { labels: { shape: [3, 2], data: new Float64Array(6) }, label_names: { data: ['a', 'a'] } },
        /array "label_names": two labels are called "a"/,
      ],
      [{ ivar: { shape: [3, 4], data: new Float32Array(12) } }, /no object could be read/],
    ];
    for (const [arrays, pattern] of cases) {
      assert.throws(
        () => readNpzDataset(npz(arrays), 'a.npz'),
        (error) => error instanceof FileError && error.message.startsWith('a.npz') && pattern.test(error.message),
        String(pattern),
      );
    }
  });

  it('survives damage: sound data or a refusal, never a crash', async () => {
    const file = exportNpz(randomDataset({ objects: 8, pixels: 6, seed: 1 }));
    const outcome = await surviveMutations(file, 'a.npz', (bytes, name) => {
      const { dataset, skipped } = readNpzDataset(bytes, name);
      checkDataset(dataset);
      for (const { reason } of skipped) assert.doesNotMatch(reason, /unexpected/);
    });
    assert.ok(outcome.refused > 0);
  });
});
