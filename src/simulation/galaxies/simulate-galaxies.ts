import { type LongWorkOptions, Random, UserError } from '../../base/index.ts';
import { type Measurement, presetGrid } from '../../spectra/index.ts';
import { LN_STEP, type PixelRange, pixelAt, shiftOfRedshift } from '../log-wavelength.ts';
import { FLUX_UNIT, type MockSurvey, runSurvey } from '../mock-survey.ts';
import { createSdss, type Instrument } from '../observing/instrument.ts';
import { observe } from '../observing/observe.ts';
import { coveringRange, measured, type ObjectMaker, type SimulatedObject, survey } from '../simulated-object.ts';
import { createStarMaker, type StarMaker } from '../stars/stellar-spectrum.ts';
import { classify, type GalaxyClass, sdssClass } from './classes.ts';
import { drawGalaxy } from './draw-galaxy.ts';
import { createGalaxyTemplate, GALAXY_COVERAGE, type GalaxySpectrum, type GalaxyTemplate } from './galaxy-template.ts';
import type { GalaxyHidden } from './hidden.ts';
import { drawOddity, drawStar, type Oddity, stepCalibration } from './oddities.ts';

export interface SimulationSettings {
  /** How many objects. */
  readonly objects: number;
  /** The same seed gives the same survey. */
  readonly seed: number;
  /** Rest wavelengths, vacuum Å, strictly increasing; the preset's grid when not given. */
  readonly grid?: Float64Array;
}

/** Labels of simulated galaxies: log light-weighted age/Gyr, [M/H], E(B−V) of the gas, km/s, log EW(Hα)/Å. */
export const GALAXY_LABELS: readonly string[] = [
  'log_age',
  'metallicity',
  'ebv',
  'velocity_dispersion',
  'log_ew_halpha',
];

/** Errors of the labels but the velocity dispersion's, which depends on it. */
const LABEL_ERRORS = { log_age: 0.12, metallicity: 0.12, ebv: 0.04, log_ew_halpha: 0.05 };

/** Share of labels that nobody measured. */
const LABELS_MISSING = 0.1;

/**
 * A mock of the SDSS main galaxy sample with known truth: normal galaxies and active nuclei in the four classes of
 * Portillo et al. (2020), with one object in a hundred odd in a way that surveys know (`planted_oddity`).
 *
 * @throws UserError when the grid reaches beyond the templates, 2780–9300 Å, or `objects` is not a positive integer
 */
export function simulateGalaxies(settings: SimulationSettings, options: LongWorkOptions = {}): MockSurvey {
  const { objects, seed } = settings;
  const grid = settings.grid ?? presetGrid('galaxies');
  const [low, high] = GALAXY_COVERAGE;
  if (grid[0] < low + 5 || grid[grid.length - 1] > high - 20) {
    throw new UserError(
      `simulated galaxies cover ${low + 5} to ${high - 20} Å; a grid from ${grid[0]} to ${grid[grid.length - 1]} Å does not fit`,
    );
  }
  const make = createGalaxyMaker(seed, grid);
  return runSurvey({ preset: 'galaxies', objects, seed, grid, make, labelNames: GALAXY_LABELS }, options);
}

interface Tools {
  readonly template: GalaxyTemplate;
  readonly stars: StarMaker;
  readonly starRange: PixelRange;
  readonly instrument: Instrument;
}

function createGalaxyMaker(seed: number, grid: Float64Array): ObjectMaker {
  const instrument = createSdss();
  // A misclassified star is seen at rest, so its template spans the window and what a wrong redshift makes of it.
  const starRange = coveringRange(instrument.range, grid[0], grid[grid.length - 1] * 1.37, 0);
  const tools: Tools = { template: createGalaxyTemplate(), stars: createStarMaker(starRange), starRange, instrument };
  const root = new Random(seed);
  return (index, attempt) =>
    makeGalaxy(index, root.stream(`galaxy ${index}`).stream(`attempt ${attempt}`), grid, tools);
}

/** Pixels of the spectrograph per pixel of the preset grid, for which S/N is quoted. */
const PIXELS_PER_GRID_PIXEL = Math.log(8318 / 3388) / 999 / LN_STEP;

/** Median S/N per pixel of the preset grid 14, from 5 to 80 (Portillo et al. 2020, section 3.4). */
function drawSnr(oddity: Oddity | null, random: Random): number {
  if (oddity === 'low S/N') return random.uniform(0.6, 2.2);
  // A star with a good spectrum would not be taken for a galaxy.
  if (oddity === 'misclassified star') return random.uniform(5, 11);
  for (;;) {
    const snr = 14 * Math.exp(random.normal(0, 0.5));
    if (snr > 5.2 && snr < 78) return snr;
  }
}

function makeGalaxy(index: number, random: Random, grid: Float64Array, tools: Tools): SimulatedObject {
  const { instrument } = tools;
  const hidden = drawGalaxy(random.stream('hidden'));
  const fate = random.stream('oddity');
  const oddity = drawOddity(fate);
  const modelRange = coveringRange(instrument.range, grid[0], grid[grid.length - 1], hidden.redshift);
  const galaxy = oddity === 'misclassified star' ? null : tools.template.spectrum(hidden, modelRange);
  const model = galaxy?.flux ?? starFlux(tools, modelRange, fate);
  if (oddity === 'calibration step') stepCalibration(model, modelRange, fate);
  const noise = random.stream('noise');
  const snr = drawSnr(oddity, noise);
  const brightness = scaleToFibre(model, modelRange, snr, noise);
  const window = model.subarray(
    instrument.range.first - modelRange.first,
    instrument.range.first - modelRange.first + instrument.range.count,
  );
  const conditions = {
    snr: snr / Math.sqrt(PIXELS_PER_GRID_PIXEL),
    window: gridWindow(instrument, hidden.redshift),
    missing: oddity === 'missing chunk' ? fate.uniform(0.15, 0.4) : 0,
  };
  const exposure = observe(window, instrument, conditions, noise);
  const measurement = random.stream('measurement');
  const lines = galaxy && scaled(galaxy.lines, brightness);
  const galaxyClass: GalaxyClass =
    lines === null ? 'quiescent' : classify(hidden, lines, exposure, instrument, measurement.normal());
  const hAlphaWidth = galaxy === null ? 0 : galaxy.lines.Hα / galaxy.continuumAtHalpha;
  const [objectClass, subclass] = sdssClass(galaxyClass, lines, hAlphaWidth);
  const redshiftError = Math.fround(2e-5 * Math.max(1, 10 / snr));
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
      objectClass,
      subclass,
      labels: {},
      source: { file: 'simulation', place: `galaxy ${index}` },
    },
    exposure,
    instrument,
    model,
    modelRange,
    plate,
    mjd,
    fiber,
    objectClass: galaxyClass,
    labels: labelsOf(hidden, galaxy, hAlphaWidth, measurement),
    extra: extraOf(hidden, galaxy, hAlphaWidth, oddity),
  };
}

function starFlux(tools: Tools, range: PixelRange, random: Random): Float64Array {
  const spectrum = tools.stars.spectrum(drawStar(random));
  const start = range.first - tools.starRange.first;
  return spectrum.slice(start, start + range.count);
}

/** Gives the model a fibre magnitude that goes with its S/N and returns the factor. */
function scaleToFibre(model: Float64Array, range: PixelRange, snr: number, random: Random): number {
  const around = model.subarray(Math.round(pixelAt(6000)) - range.first, Math.round(pixelAt(6400)) - range.first);
  const level = around.reduce((sum, flux) => sum + flux, 0) / around.length;
  const factor = (13 * (snr / 14) ** 1.1 * Math.exp(random.normal(0, 0.2))) / level;
  for (let i = 0; i < model.length; i++) model[i] *= factor;
  return factor;
}

/** Pixels of the instrument that the preset grid sees at this redshift. */
function gridWindow({ range }: Instrument, redshift: number): [number, number] {
  const shift = shiftOfRedshift(redshift);
  const first = Math.round(pixelAt(3388) + shift) - range.first;
  const last = Math.round(pixelAt(8318) + shift) - range.first;
  return [Math.max(0, first), Math.min(range.count, last)];
}

function scaled<T extends Readonly<Record<string, number>>>(values: T, factor: number): T {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value * factor])) as T;
}

function labelsOf(
  hidden: GalaxyHidden,
  galaxy: GalaxySpectrum | null,
  hAlphaWidth: number,
  random: Random,
): Record<string, Measurement> {
  // Starlight drowned by its nucleus has no measured age; a star has nothing of a galaxy.
  const starlight = galaxy !== null && (hidden.nucleus?.share ?? 0) < 0.5;
  const label = (truth: number, error: number, exists: boolean): Measurement => {
    const [deviate, luck] = [random.normal(), random.uniform()];
    return measured(truth, error, deviate, !exists || luck < LABELS_MISSING);
  };
  return {
    log_age: label(galaxy?.logAge ?? 0, LABEL_ERRORS.log_age, starlight),
    metallicity: label(hidden.metallicity, LABEL_ERRORS.metallicity, starlight),
    ebv: label(hidden.dustGas, LABEL_ERRORS.ebv, starlight),
    velocity_dispersion: label(hidden.sigmaStars, 8 + 0.05 * hidden.sigmaStars, starlight),
    log_ew_halpha: label(Math.log10(hAlphaWidth), LABEL_ERRORS.log_ew_halpha, hAlphaWidth > 1),
  };
}

function extraOf(
  hidden: GalaxyHidden,
  galaxy: GalaxySpectrum | null,
  hAlphaWidth: number,
  oddity: Oddity | null,
): Record<string, number | string | null> {
  const ofGalaxy = (value: number | null) => (galaxy === null ? null : value);
  const ratio = (of: GalaxySpectrum, a: keyof GalaxySpectrum['lines'], b: keyof GalaxySpectrum['lines']) =>
    Math.log10(of.lines[a] / of.lines[b]);
  return {
    planted_oddity: oddity,
    true_population: galaxy === null ? 'star' : hidden.population,
    true_redshift: galaxy === null ? 0 : hidden.redshift,
    true_log_mass: ofGalaxy(hidden.logMass),
    true_log_age: galaxy?.logAge ?? null,
    true_metallicity: ofGalaxy(hidden.metallicity),
    true_oxygen: ofGalaxy(hidden.oxygen),
    true_log_ssfr: ofGalaxy(hidden.logSsfr + hidden.recent),
    true_ebv: ofGalaxy(hidden.dustGas),
    true_velocity_dispersion: ofGalaxy(hidden.sigmaStars),
    true_gas_dispersion: ofGalaxy(hidden.sigmaGas),
    true_ew_halpha: ofGalaxy(hAlphaWidth),
    true_log_n2: galaxy && ratio(galaxy, '[N II] 6585', 'Hα'),
    true_log_o3: galaxy && ratio(galaxy, '[O III] 5008', 'Hβ'),
    true_nuclear_share: ofGalaxy(hidden.nucleus?.share ?? 0),
    true_broad_fwhm: ofGalaxy(hidden.nucleus?.fwhm ?? null),
  };
}
