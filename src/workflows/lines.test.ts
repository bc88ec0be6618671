import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { classifyByLines, classifyBySurveyLines } from '../analysis/index.ts';
import { importSpectra, loadDataset, saveDataset } from '../dataset/index.node.ts';
import { exportNpz } from '../dataset/index.ts';
import { readFits, tableBytes, writeFits } from '../io/index.ts';
import { simulateGalaxies, specLiteFile } from '../simulation/index.ts';
import {
  fillMissingClasses,
  lineTable,
  measureEmissionLines,
  writeLineFigures,
  writeLineProducts,
} from './index.node.ts';

const out = mkdtempSync(join(tmpdir(), 'lightfold-lines-'));
after(() => rmSync(out, { recursive: true }));

const { dataset } = simulateGalaxies({ objects: 40, seed: 9 });
const measured = await measureEmissionLines(dataset);

describe('a table of lines', () => {
  it('comes back through import as labels with their errors, and nothing else of it as labels', async () => {
    const spectra = join(out, 'spectra.npz');
    writeFileSync(spectra, exportNpz(dataset));
    const table = join(out, 'lines.csv');
    writeFileSync(table, tableBytes(lineTable(measured), table));
    const { catalogue } = (await importSpectra([spectra], { labelsTable: table, key: 'id' })).dataset;
    const { labels } = catalogue;
    const column = labels.names.indexOf('HALPHA_FLUX');
    assert.ok(column >= 0, labels.names.join(', '));
    assert.ok(labels.names.every((name) => !/_(SNR|CHI2|FLAGS|ERR)$/.test(name)));
    const { flux, fluxError } = measured.lines.get('HALPHA') ?? {};
    assert.ok(flux && fluxError);
    let compared = 0;
    measured.id.forEach((id, i) => {
      const at = catalogue.id.indexOf(id) * labels.names.length + column;
      if (!Number.isFinite(flux[i])) return;
      assert.ok(Math.abs(labels.value.data[at] - flux[i]) < 1e-5 * Math.abs(flux[i]) + 1e-6);
      assert.ok(Math.abs(labels.ivar.data[at] * fluxError[i] ** 2 - 1) < 1e-4);
      compared++;
    });
    assert.ok(compared > 30);
  });

  it('is joined to a dataset that keeps its history', async () => {
    const path = join(out, 'joined');
    const table = { file: join(out, 'lines.parquet'), extension: '.parquet' };
    const written = await writeLineProducts(dataset, measured, {
      table,
      dataset: { path, overwrite: false, classes: 'all' },
      command: 'lightfold lines',
    });
    assert.ok(existsSync(table.file) && written.filled > 30);
    const joined = await loadDataset(path);
    assert.ok(joined.catalogue.labels.names.includes('HALPHA_EW') && joined.catalogue.labels.names.includes('log_age'));
    const { settings, command } = joined.manifest.provenance;
    assert.equal(command, dataset.manifest.provenance.command);
    assert.match(JSON.stringify(settings.steps), /"command":"lightfold lines"/);
    assert.ok(joined.catalogue.extra.class_source.some((source) => source === 'lines'));
  });
});

describe('figures of lines', () => {
  it('show the diagnostic diagram by class and the fits of the objects asked for', async () => {
    const objects = [dataset.catalogue.id[3]];
    const files = await writeLineFigures(dataset, measured, { out, objects });
    const [bpt, fits] = files.map((file) => readFileSync(file, 'utf8'));
    assert.match(bpt, /Kewley et al\. 2001/);
    assert.match(bpt, /emission-line \(\d+\)/);
    assert.ok((bpt.match(/<circle/g) ?? []).length >= 5);
    assert.match(fits, new RegExp(objects[0]));
    assert.match(fits, /Hβ and \[O III\]/);
    assert.doesNotMatch(bpt + fits, /NaN|Infinity/);
  });

  it('refuse an object that the dataset does not have', async () => {
    await assert.rejects(writeLineFigures(dataset, measured, { out, objects: ['nobody'] }), /no object nobody/);
  });
});

describe('missing classes', () => {
  it('are filled from the lines, and only those', async () => {
    const objectClass = dataset.catalogue.objectClass.map((name, i) => (i % 2 === 0 ? 'galaxy' : name));
    const open = { ...dataset, catalogue: { ...dataset.catalogue, objectClass } };
    const { dataset: filled, filled: count } = await fillMissingClasses(open);
    assert.ok(count >= 17 && count <= 20, `${count}`);
    const right = filled.catalogue.objectClass.filter((name, i) => name === dataset.catalogue.objectClass[i]).length;
    assert.ok(right >= 36, `${right} of 40`);
    filled.catalogue.objectClass.forEach((name, i) => {
      if (i % 2 === 1) assert.equal(name, objectClass[i]);
    });
  });

  it('leave a dataset that has them all untouched', async () => {
    assert.equal((await fillMissingClasses(dataset)).dataset, dataset);
  });
});

/** A spec-lite file with the pipeline's line fits: [area, error] of Hβ, [O III], Hα, [N II]. */
function withSpzline(file: Uint8Array, redshift: number, areas: readonly (readonly [number, number])[]): Uint8Array {
  const lines = areas.length;
  const table = writeFits([
    { kind: 'empty' },
    {
      kind: 'table',
      name: 'SPZLINE',
      columns: [
        { name: 'LINEWAVE', values: Float64Array.of(4862.68, 5008.24, 6564.61, 6585.27) },
        { name: 'LINEZ', values: new Float32Array(lines).fill(redshift) },
        { name: 'LINESIGMA', values: new Float32Array(lines).fill(100) },
        { name: 'LINESIGMA_ERR', values: new Float32Array(lines).fill(5) },
        { name: 'LINEAREA', values: Float32Array.from(areas, ([area]) => area) },
        { name: 'LINEAREA_ERR', values: Float32Array.from(areas, ([, error]) => error) },
        { name: 'LINEEW', values: new Float32Array(lines).fill(10) },
        { name: 'LINEEW_ERR', values: new Float32Array(lines).fill(1) },
      ],
    },
  ]);
  // A primary header without data fills one block of FITS.
  return Uint8Array.from([...file, ...table.subarray(2880)]);
}

describe('line fits of the survey', () => {
  it('give the missing classes where there are any, and our measurements the others', async () => {
    const folder = mkdtempSync(join(out, 'spec-'));
    const objects = [...simulateGalaxies({ objects: 3, seed: 9 }).observed()];
    // An active nucleus by its line ratios, then a galaxy whose Hα was not fitted, then one without the table.
    const fits: (readonly (readonly [number, number])[] | null)[] = [
      [
        [10, 1],
        [90, 1],
        [40, 1],
        [40, 1],
      ],
      [
        [10, 1],
        [90, 1],
        [0, -1],
        [40, 1],
      ],
      null,
    ];
    objects.forEach((object, i) => {
      const { name, bytes } = specLiteFile(object);
      const areas = fits[i];
      const { redshift } = object.spectrum;
      writeFileSync(join(folder, name), areas === null ? bytes : withSpzline(bytes, redshift ?? 0, areas));
    });
    const { dataset: read } = await importSpectra([folder], { preset: 'galaxies' });
    const at = objects.map(({ spectrum }) => read.catalogue.id.indexOf(spectrum.id));
    const { extra, redshift } = read.catalogue;
    assert.deepEqual(
      at.map((i) => extra.survey_HALPHA_FLUX[i]),
      [40, null, null],
    );
    assert.deepEqual(
      at.map((i) => extra.survey_OIII_5007_FLUX_ERR[i]),
      [1, 1, null],
    );
    assert.equal(extra.survey_HALPHA_EW[at[0]], 10 / (1 + Math.fround(redshift[at[0]] ?? 0)));
    assert.equal(extra.survey_HBETA_EW, undefined);
    const path = join(folder, 'dataset');
    await saveDataset(path, { ...read, catalogue: { ...read.catalogue, objectClass: at.map(() => 'galaxy') } });
    const kept = await loadDataset(path);
    const { dataset: filled, filled: count, bySurveyLines } = await fillMissingClasses(kept);
    const own = await measureEmissionLines(kept);
    const ours = classifyByLines(own);
    assert.deepEqual([count, bySurveyLines], [3, 1]);
    assert.deepEqual(
      at.map((i) => filled.catalogue.objectClass[i]),
      ['narrow-line AGN', ours[at[1]], ours[at[2]]],
    );
    assert.deepEqual(
      at.map((i) => filled.catalogue.extra.class_source[i]),
      ['survey line fits', 'lines', 'lines'],
    );
  });

  it('are left out when the redshift was overridden by another', async () => {
    const folder = mkdtempSync(join(out, 'moved-'));
    const [object] = simulateGalaxies({ objects: 1, seed: 9 }).observed();
    const { name, bytes } = specLiteFile(object);
    const z = object.spectrum.redshift ?? 0;
    writeFileSync(
      join(folder, name),
      withSpzline(bytes, z, [
        [10, 1],
        [90, 1],
        [40, 1],
        [40, 1],
      ]),
    );
    for (const [moved, there] of [
      [z + 1e-5, true],
      [z + 0.01, false],
    ] as const) {
      const redshifts = join(out, 'z.csv');
      writeFileSync(redshifts, `id,z\n${object.spectrum.id},${moved}\n`);
      const { dataset: read } = await importSpectra([join(folder, name)], { preset: 'galaxies', redshifts });
      assert.equal('survey_HALPHA_FLUX' in read.catalogue.extra, there);
    }
  });
});

const GALAXIES = '../shared/data/sdss/galaxy';

describe('lines of real galaxies', { skip: !existsSync(GALAXIES) && 'no ../shared/data' }, () => {
  it('have the fluxes that the survey measured', async () => {
    const { dataset: galaxies } = await importSpectra([GALAXIES], { preset: 'galaxies' });
    const lines = await measureEmissionLines(galaxies);
    for (const [ours, theirs] of [
      ['HALPHA', 'H_alpha'],
      ['NII_6584', '[N_II] 6583'],
      ['OIII_5007', '[O_III] 5007'],
      ['SII_6716', '[S_II] 6716'],
    ] as const) {
      const ratios = galaxies.catalogue.source.flatMap((source, i) => {
        const file = source.split(',')[0];
        const table = readFits(readFileSync(file), file).table(3);
        const names = table.column('LINENAME');
        const at = names.kind === 'texts' ? names.values.findIndex((name) => name.trim() === theirs) : -1;
        const [area, error] = [table.numbers('LINEAREA')[at], table.numbers('LINEAREA_ERR')[at]];
        const flux = lines.lines.get(ours)?.flux[i] ?? Number.NaN;
        return error > 0 && area > 5 * error && Number.isFinite(flux) ? [flux / area] : [];
      });
      const median = ratios.sort((a, b) => a - b)[ratios.length >> 1];
      assert.ok(ratios.length >= 10 && median > 0.92 && median < 1.08, `${ours}: ${median} of ${ratios.length}`);
    }
  });

  it('tell classes by the survey’s fits as they do by ours, and as the pipeline says', async (context) => {
    const { dataset: galaxies } = await importSpectra([GALAXIES], { preset: 'galaxies' });
    const bySurvey = classifyBySurveyLines(galaxies);
    const ours = classifyByLines(await measureEmissionLines(galaxies));
    const { objectClass, id } = galaxies.catalogue;
    const both = id.flatMap((_, i) => (bySurvey[i] !== null && ours[i] !== null ? [i] : []));
    const unlike = both.filter((i) => bySurvey[i] !== ours[i]);
    for (const i of unlike) {
      context.diagnostic(
        `${id[i]}: ${bySurvey[i]} by the survey's fits, ${ours[i]} by ours, pipeline ${objectClass[i]}`,
      );
    }
    context.diagnostic(`${unlike.length} of ${both.length} differ`);
    assert.ok(both.length >= 15 && unlike.length <= 0.25 * both.length, `${unlike.length} of ${both.length}`);
  });
});
