import { type Matrix, Random, row, zeros } from '../../base/index.ts';
import { pixelEdges, resampleInto } from '../../spectra/index.ts';
import { calzetti, MAGNITUDE } from '../dust.ts';
import { KMS_PER_PIXEL, LN_STEP, pixelsBetween, wavelengthAt, wavelengthsOf } from '../log-wavelength.ts';
import { balmerContinuum } from '../nuclei/balmer-continuum.ts';
import { blurAndShift } from '../profiles.ts';
import { AGES, addScaled, createPopulationLibrary, METALLICITIES } from '../stars/populations.ts';
import { GALAXY_COVERAGE } from './galaxy-template.ts';

/** Mixtures are of this many populations: one, and others of whose light less is seen, evenly in its logarithm. */
const POPULATIONS = 3;
/** Half of the populations are older than 2 Gyr: their spectra differ little, and most galaxies are made of them. */
const OLD = 0.5;
const OLD_FROM = AGES.findIndex((age) => age > 2);
/** σ of the stars' motions, km/s. */
const DISPERSIONS = [70, 320] as const;
/** Share of the mixtures that a nucleus outshines in part: a power law and a Balmer continuum. */
const WITH_NUCLEUS = 0.2;

/**
 * Spectra of galaxies without their emission lines: mixtures of star populations of every age and metallicity, reddened
 * and blurred by their motions, some beside the continuum of a nucleus. They are spread evenly over what galaxies can
 * be, not as a survey finds them: a basis made of them favours no kind of galaxy.
 *
 * @param grid rest-frame vacuum ångström, increasing
 * @param seed the same seed gives the same spectra
 * @returns count × P, each spectrum of mean 1 over the part of the grid that the templates cover (2780 to 9300 Å), and
 *   0 elsewhere
 */
export function stellarContinua(grid: Float64Array, count: number, seed = 0): Matrix {
  const range = pixelsBetween(...GALAXY_COVERAGE);
  const { spectra } = createPopulationLibrary(range);
  const wavelength = wavelengthsOf(range);
  const attenuation = wavelength.map(calzetti);
  const visual = Math.round((Math.log(5500) - Math.log(wavelength[0])) / LN_STEP);
  const mixture = new Float64Array(range.count);
  const blurred = new Float64Array(range.count);
  const observed = new Float64Array(range.count).fill(1);
  const edges = Float64Array.from({ length: range.count + 1 }, (_, i) => wavelengthAt(range.first + i - 0.5));
  const gridEdges = pixelEdges(grid);
  const continua = zeros(count, grid.length);
  const weights = new Float64Array(grid.length);
  const random = new Random(seed).stream('stellar continua');

  for (let i = 0; i < count; i++) {
    mixture.fill(0);
    for (let k = 0; k < POPULATIONS; k++) {
      const oldest = random.uniform() < OLD ? OLD_FROM : 0;
      const age = oldest + random.integer(AGES.length - oldest);
      const population = spectra[random.integer(METALLICITIES.length)][age];
      addScaled(mixture, population, (k === 0 ? 1 : 10 ** random.uniform(-3, 0)) / population[visual]);
    }
    const reddening = MAGNITUDE * Math.abs(random.normal(0, 0.25));
    for (let j = 0; j < mixture.length; j++) mixture[j] *= Math.exp(reddening * attenuation[j]);
    if (random.uniform() < WITH_NUCLEUS) addNucleus(mixture, wavelength, mixture[visual], random);
    blurAndShift(mixture, 0, 0, random.uniform(...DISPERSIONS) / KMS_PER_PIXEL, blurred);
    resampleInto(edges, blurred, observed, gridEdges, row(continua, i), weights);
    scaleToMean(row(continua, i), weights);
  }
  return continua;
}

function addNucleus(into: Float64Array, wavelength: Float64Array, stars: number, random: Random): void {
  const level = stars * 10 ** random.uniform(-1, 1);
  const slope = random.normal(-1.3, 0.6);
  const edge = level * random.uniform(0, 0.3) * (3647 / 5500) ** slope;
  for (let i = 0; i < into.length; i++) {
    into[i] += level * (wavelength[i] / 5500) ** slope + edge * balmerContinuum(Math.log(wavelength[i]));
  }
}

function scaleToMean(spectrum: Float32Array, weights: Float64Array): void {
  let sum = 0;
  let covered = 0;
  for (let i = 0; i < spectrum.length; i++) {
    if (!(weights[i] > 0)) continue;
    sum += spectrum[i];
    covered++;
  }
  if (sum > 0) for (let i = 0; i < spectrum.length; i++) spectrum[i] *= covered / sum;
}
