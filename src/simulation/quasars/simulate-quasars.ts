import { type LongWorkOptions, Random } from '../../base/index.ts';
import { presetGrid } from '../../spectra/index.ts';
import type { SimulationSettings } from '../galaxies/simulate-galaxies.ts';
import { LN_STEP, pixelAt, shiftOfRedshift } from '../log-wavelength.ts';
import { FLUX_UNIT, type MockSurvey, runSurvey } from '../mock-survey.ts';
import { createBoss, type Instrument } from '../observing/instrument.ts';
import { observe } from '../observing/observe.ts';
import { coveringRange, measured, type ObjectMaker, type SimulatedObject, survey } from '../simulated-object.ts';
import { drawQuasar } from './draw-quasar.ts';
import { logEddington, type QuasarHidden } from './hidden.ts';
import { createLabelBounds } from './label-bounds.ts';
import { absorbForest } from './lyman-forest.ts';
import { quasarOnPixels } from './quasar-template.ts';

/** Labels of simulated quasars: log L_bol/(erg/s), log M_BH/M☉, log L_bol/L_Edd, redshift. */
export const QUASAR_LABELS: readonly string[] = ['log_lbol', 'log_mbh', 'log_edd', 'redshift'];

/** Errors of the labels (dex; redshift without unit) and the share of them that nobody measured. */
const LABEL_ERRORS = { log_lbol: 0.05, log_mbh: 0.15, log_edd: 0.16, redshift: 0.002 };
const LABELS_MISSING = 0.1;

/**
 * A mock of the SDSS and BOSS quasar samples, z 0.5–2.95, with known truth: spectra, and the luminosity, black-hole
 * mass, Eddington ratio and redshift that shape them, as labels with errors; `crb_…` says how well each spectrum tells them.
 *
 * @throws UserError when the grid does not hold 2500 Å, where spectra are normalised, or `objects` is not a positive integer
 */
export function simulateQuasars(settings: SimulationSettings, options: LongWorkOptions = {}): MockSurvey {
  const { objects, seed } = settings;
  const grid = settings.grid ?? presetGrid('quasars');
  const make = createQuasarMaker(seed, grid);
  return runSurvey({ preset: 'quasars', objects, seed, grid, make, labelNames: QUASAR_LABELS }, options);
}

function createQuasarMaker(seed: number, grid: Float64Array): ObjectMaker {
  const instrument = createBoss();
  const boundsOf = createLabelBounds(grid);
  const root = new Random(seed);
  return (index, attempt) => {
    const random = root.stream(`quasar ${index}`).stream(`attempt ${attempt}`);
    const hidden = drawQuasar(random.stream('hidden'));
    return {
      ...makeQuasar(index, hidden, random, grid, instrument),
      extraOnGrid: (truth, ivar) => boundsOf(hidden, truth, ivar),
    };
  };
}

/** Pixels of the spectrograph per pixel of the preset grid, for which S/N is quoted. */
const PIXELS_PER_GRID_PIXEL = Math.log(5000 / 1220) / 593 / LN_STEP;

/** Median S/N per pixel of the preset grid 10, from 2.5 to 70. */
function drawSnr(random: Random): number {
  for (;;) {
    const snr = 10 * Math.exp(random.normal(0, 0.55));
    if (snr > 2.5 && snr < 70) return snr;
  }
}

function makeQuasar(
  index: number,
  hidden: QuasarHidden,
  random: Random,
  grid: Float64Array,
  instrument: Instrument,
): SimulatedObject {
  const noise = random.stream('noise');
  const measurement = random.stream('measurement');
  const modelRange = coveringRange(instrument.range, grid[0], grid[grid.length - 1], hidden.redshift);
  const shift = shiftOfRedshift(hidden.redshift);
  const model = quasarOnPixels(hidden, modelRange, shift);
  absorbForest(model, modelRange, shift, random.stream('forest'));
  const snr = drawSnr(noise);
  const at2500 = model[Math.round(pixelAt(2500) + shift) - modelRange.first];
  const brightness = (4 * (snr / 10) ** 1.1 * Math.exp(noise.normal(0, 0.25))) / at2500;
  for (let i = 0; i < model.length; i++) model[i] *= brightness;
  const start = instrument.range.first - modelRange.first;
  const exposure = observe(
    model.subarray(start, start + instrument.range.count),
    instrument,
    { snr: snr / Math.sqrt(PIXELS_PER_GRID_PIXEL), window: gridWindow(instrument, shift), missing: 0 },
    noise,
  );
  const redshiftError = Math.fround(1.5e-4 * Math.max(1, 10 / snr));
  const { plate, mjd, fiber, id } = survey(index);
  return {
    spectrum: {
      id,
      wavelength: instrument.wavelength,
      frame: 'observed',
      flux: exposure.flux,
      ivar: exposure.ivar,
      fluxUnit: FLUX_UNIT,
      redshift: Math.fround(hidden.redshift + redshiftError * measurement.normal()),
      redshiftError,
      redshiftWarning: 0,
      objectClass: 'QSO',
      subclass: 'BROADLINE',
      labels: {},
      source: { file: 'simulation', place: `quasar ${index}` },
    },
    exposure,
    instrument,
    model,
    modelRange,
    plate,
    mjd,
    fiber,
    objectClass: 'QSO',
    labels: labelsOf(hidden, measurement),
    extra: extraOf(hidden),
  };
}

/** Pixels of the instrument that the preset grid sees. */
function gridWindow({ range }: Instrument, shift: number): [number, number] {
  const first = Math.round(pixelAt(1220) + shift) - range.first;
  const last = Math.round(pixelAt(5000) + shift) - range.first;
  return [Math.max(0, first), Math.min(range.count, last)];
}

function labelsOf(hidden: QuasarHidden, random: Random): SimulatedObject['labels'] {
  const truth = {
    log_lbol: hidden.logLbol,
    log_mbh: hidden.logMbh,
    log_edd: logEddington(hidden),
    redshift: hidden.redshift,
  };
  const label = (name: keyof typeof truth) => {
    const [deviate, luck] = [random.normal(), random.uniform()];
    return measured(truth[name], LABEL_ERRORS[name], deviate, luck < LABELS_MISSING);
  };
  return {
    log_lbol: label('log_lbol'),
    log_mbh: label('log_mbh'),
    log_edd: label('log_edd'),
    redshift: label('redshift'),
  };
}

function extraOf(hidden: QuasarHidden): SimulatedObject['extra'] {
  return {
    true_log_lbol: hidden.logLbol,
    true_log_mbh: hidden.logMbh,
    true_log_edd: logEddington(hidden),
    true_redshift: hidden.redshift,
    true_slope: hidden.slope,
    true_ebv: hidden.ebv,
    true_lines: hidden.lines,
    true_ionisation: hidden.ionisation,
    true_widths: hidden.widths,
    true_iron: hidden.iron,
    true_narrow: hidden.narrow,
    true_balmer: hidden.balmer,
    true_blueshift: hidden.blueshift,
  };
}
