import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Dataset, selectRows } from '../../dataset/index.ts';
import { simulateGalaxies, simulateQuasars, stellarContinua } from '../../simulation/index.ts';
import { classifyByLines } from './classify.ts';
import { fluxFactor, type LineColumns, type LineMeasurements, measureLines } from './measure-lines.ts';
import { LINE_FLAGS, type LineName } from './measured-line.ts';
import { withLineClasses, withLineLabels } from './with-lines.ts';

const OBJECTS = 700;
const survey = withoutOddities(simulateGalaxies({ objects: OBJECTS, seed: 5 }).dataset);
const starlight = stellarContinua(survey.wavelength, 240);
const measured = await measureLines(survey, { starlight });
const { extra } = survey.catalogue;

function withoutOddities(dataset: Dataset): Dataset {
  const ordinary = dataset.catalogue.extra.planted_oddity.flatMap((oddity, i) => (oddity === null ? [i] : []));
  return selectRows(dataset, ordinary);
}

function line(of: LineMeasurements, name: LineName): LineColumns {
  const columns = of.lines.get(name);
  assert.ok(columns, name);
  return columns;
}

function truth(name: string, i: number): number {
  const value = extra[name][i];
  assert.ok(typeof value === 'number', `${name} of ${i}`);
  return value;
}

/** Share of the pulls within 1 and 1.96 σ, their median, and how many there are. */
function coverage(pulls: readonly number[]) {
  const sorted = [...pulls].sort((a, b) => a - b);
  const within = (limit: number) => pulls.filter((pull) => Math.abs(pull) < limit).length / pulls.length;
  return { in68: within(1), in95: within(1.96), median: sorted[sorted.length >> 1], n: pulls.length };
}

function assertCovers(what: string, pulls: readonly number[], least: number): void {
  const { in68, in95, median, n } = coverage(pulls);
  const said = `${what}: ${in68.toFixed(3)}, ${in95.toFixed(3)}, median ${median.toFixed(2)}, n ${n}`;
  assert.ok(n >= least, said);
  // Three standard errors of a share beside five points for what the templates do not know.
  const slack = (share: number) => 0.05 + 3 * Math.sqrt((share * (1 - share)) / n);
  assert.ok(Math.abs(in68 - 0.683) < slack(0.683), said);
  assert.ok(Math.abs(in95 - 0.95) < slack(0.95), said);
  assert.ok(Math.abs(median) < 0.35, said);
}

/** Objects whose Hα is a plain narrow line: continuum of gas (extreme emission) is not in the simulator's width. */
const plain = survey.catalogue.id.flatMap((_, i) =>
  extra.true_population[i] === 'extreme emission' || extra.true_broad_fwhm[i] !== null ? [] : [i],
);

describe('line measurements of a simulated survey', () => {
  it('find the equivalent width of Hα above stellar absorption, within their errors', () => {
    const { width, widthError } = line(measured, 'HALPHA');
    const pulls = (rows: readonly number[]) =>
      rows.filter((i) => Number.isFinite(width[i])).map((i) => (width[i] - truth('true_ew_halpha', i)) / widthError[i]);
    assertCovers('all', pulls(plain), 500);
    // Where emission hardly fills the absorption, a wrong continuum would show as a bias.
    assertCovers('without star formation', pulls(plain.filter((i) => extra.true_population[i] === 'passive')), 300);
  });

  it('find line ratios, velocities and widths within their errors', () => {
    const [hAlpha, n2, hBeta, o3] = (['HALPHA', 'NII_6584', 'HBETA', 'OIII_5007'] as const).map((name) =>
      line(measured, name),
    );
    const seen = plain.filter((i) => [hAlpha, n2, hBeta, o3].every(({ flux }) => Number.isFinite(flux[i])));
    const ratioPull = (a: LineColumns, b: LineColumns, logRatio: string) => (i: number) => {
      const ratio = 10 ** truth(logRatio, i);
      return (a.flux[i] - ratio * b.flux[i]) / Math.hypot(a.fluxError[i], ratio * b.fluxError[i]);
    };
    assertCovers('[N II]/Hα', seen.map(ratioPull(n2, hAlpha, 'true_log_n2')), 500);
    assertCovers('[O III]/Hβ', seen.map(ratioPull(o3, hBeta, 'true_log_o3')), 500);
    const strong = seen.filter((i) => (hAlpha.flags[i] & LINE_FLAGS.weak) === 0);
    const { redshift } = survey.catalogue;
    assertCovers(
      'velocity',
      strong.map((i) => {
        const z = redshift[i] ?? 0;
        const velocity = ((truth('true_redshift', i) - z) / (1 + z)) * 299792.458;
        return (hAlpha.offset[i] - velocity) / hAlpha.offsetError[i];
      }),
      150,
    );
    assertCovers(
      'width',
      // The simulator's spectrograph has σ = 67 km/s; its pixels of 69 km/s add 20.
      strong.map((i) => (hAlpha.sigma[i] - Math.hypot(truth('true_gas_dispersion', i), 67, 20)) / hAlpha.sigmaError[i]),
      150,
    );
  });

  it('find broad lines, their width and nothing broad elsewhere', () => {
    const broad = line(measured, 'HALPHA_BROAD');
    const nuclei = survey.catalogue.id.flatMap((_, i) => (extra.true_broad_fwhm[i] !== null ? [i] : []));
    const inReach = nuclei.filter((i) => Number.isFinite(line(measured, 'HALPHA').flux[i]));
    const found = inReach.filter((i) => broad.flux[i] > 0);
    assert.ok(found.length >= 0.8 * inReach.length, `${found.length} of ${inReach.length}`);
    const ratios = found.map((i) => (broad.sigma[i] * 2.3548) / (0.9 * truth('true_broad_fwhm', i))).sort();
    assert.ok(Math.abs(ratios[ratios.length >> 1] - 1) < 0.1, `${ratios[ratios.length >> 1]}`);
    assert.ok(plain.every((i) => !(broad.flux[i] > 0)));
  });

  it('give the classes that the survey has, to 95% from S/N 10 on', () => {
    const classes = classifyByLines(measured);
    const { objectClass, snr } = survey.catalogue;
    const all = survey.catalogue.id.flatMap((_, i) => (snr[i] >= 10 ? [i] : []));
    assert.ok(all.length > 400);
    const right = all.filter((i) => classes[i] === objectClass[i]).length / all.length;
    assert.ok(right >= 0.95, `${right}`);
  });

  it('are in the units of the file, whatever the dataset was divided by', async () => {
    const rows = [0, 1, 2, 3];
    const few = selectRows(survey, rows);
    const twice = { ...few, catalogue: { ...few.catalogue, scale: few.catalogue.scale.map((scale) => 2 * scale) } };
    const flux = line(await measureLines(twice, { starlight }), 'OI_6300').flux;
    rows.forEach((i) => {
      assert.ok(Math.abs(flux[i] / line(measured, 'OI_6300').flux[i] - 2) < 1e-6);
    });
    const { scale, redshift } = few.catalogue;
    assert.equal(fluxFactor(few, 0), scale[0] * (1 + (redshift[0] ?? 0)));
    const resting = { ...few, catalogue: { ...few.catalogue, source: few.catalogue.source.map(() => 'a.npz, row 0') } };
    assert.equal(fluxFactor(resting, 0), scale[0]);
  });

  it('become labels and classes of the dataset', () => {
    const joined = withLineLabels(survey, measured).catalogue.labels;
    const column = joined.names.indexOf('HALPHA_FLUX');
    const { flux, fluxError } = line(measured, 'HALPHA');
    const at = plain.find((i) => flux[i] > 0) ?? 0;
    assert.equal(joined.value.data[at * joined.names.length + column], Math.fround(flux[at]));
    assert.equal(joined.ivar.data[at * joined.names.length + column], Math.fround(1 / fluxError[at] ** 2));
    assert.deepEqual(joined.names.slice(0, 5), survey.catalogue.labels.names);

    const objectClass = survey.catalogue.objectClass.map((name, i) => (i < 3 ? [null, 'galaxy', 'star'][i] : name));
    const open = { ...survey, catalogue: { ...survey.catalogue, objectClass } };
    const { dataset, filled } = withLineClasses(open, measured);
    assert.ok(filled <= 2);
    assert.equal(dataset.catalogue.objectClass[2], 'star');
    assert.deepEqual(dataset.catalogue.objectClass.slice(3), objectClass.slice(3));
    assert.equal(dataset.catalogue.extra.class_source[4], 'survey');
    assert.equal(dataset.catalogue.extra.class_source[1], filled === 0 ? 'survey' : 'lines');
  });
});

describe('line measurements of quasars', () => {
  it('find broad C IV, C III] and Mg II about as strong as they are', async () => {
    const { dataset } = simulateQuasars({ objects: 60, seed: 2 });
    const quasars = await measureLines(dataset);
    // Vanden Berk et al. (2001), table 2, within the local continuum's and the sample's factor.
    for (const [name, low, high] of [
      ['CIV_1549', 12, 60],
      ['CIII_1908', 8, 40],
      ['MGII_2799', 15, 70],
    ] as const) {
      const { width, sigma } = line(quasars, name);
      const widths = [...width].filter(Number.isFinite).sort((a, b) => a - b);
      const median = widths[widths.length >> 1];
      assert.ok(widths.length > 20 && median > low && median < high, `${name}: ${median} of ${widths.length}`);
      assert.ok([...sigma].filter(Number.isFinite).every((value) => value > 300));
    }
  });

  it('refuse a grid that holds no line, saying so', async () => {
    const { dataset } = simulateQuasars({ objects: 1, seed: 2 });
    const wavelength = dataset.wavelength.map((_, i) => 2950 + 0.1 * i);
    await assert.rejects(measureLines({ ...dataset, wavelength }), /2950 to 3009 Å, holds none of the lines/);
  });
});
