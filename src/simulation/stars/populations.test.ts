import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { pixelsBetween, wavelengthsOf } from '../log-wavelength.ts';
import { equivalentWidth, logLineStrength, SUN, solarStrength } from './absorption.ts';
import { lifetime, turnOffMass } from './evolution.ts';
import { ABSORPTION_GROUPS } from './line-list.ts';
import { AGES, createPopulationLibrary, METALLICITIES, type PopulationLibrary } from './populations.ts';

const range = pixelsBetween(3500, 6000);
const wavelength = wavelengthsOf(range);
let library: PopulationLibrary;

before(() => {
  library = createPopulationLibrary(range);
});

function mean(flux: Float64Array, low: number, high: number): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < flux.length; i++) {
    if (wavelength[i] < low || wavelength[i] > high) continue;
    sum += flux[i];
    count++;
  }
  return sum / count;
}

/** The 4000 Å break of Balogh et al. (1999), flux per Hz. */
function break4000(flux: Float64Array): number {
  return (mean(flux, 4000, 4100) / mean(flux, 3850, 3950)) * (4050 / 3900) ** 2;
}

/** A Lick index, Å: band and side bands in vacuum Å. */
function index(flux: Float64Array, band: [number, number], blue: [number, number], red: [number, number]): number {
  const [x0, x1] = [(blue[0] + blue[1]) / 2, (red[0] + red[1]) / 2];
  const [y0, y1] = [mean(flux, ...blue), mean(flux, ...red)];
  const centre = (band[0] + band[1]) / 2;
  return (band[1] - band[0]) * (1 - mean(flux, ...band) / (y0 + ((y1 - y0) * (centre - x0)) / (x1 - x0)));
}

const hDelta = (flux: Float64Array) => index(flux, [4084.7, 4123.4], [4042.8, 4082.7], [4129.7, 4162.2]);
const magnesium = (flux: Float64Array) => index(flux, [5161.6, 5194.1], [5119.1, 5144.1], [5192.8, 5207.6]);

const solar = METALLICITIES.indexOf(0);
const spectrum = (age: number, metallicity = 0) =>
  library.spectra[METALLICITIES.indexOf(metallicity)][AGES.indexOf(age)];

describe('stellar populations', () => {
  it('have a 4000 Å break that grows with age, from 1 to about 2 (Kauffmann et al. 2003, figure 2)', () => {
    const breaks = library.spectra[solar].map(break4000);
    for (let k = 3; k < breaks.length; k++) assert.ok(breaks[k] > breaks[k - 1], `${breaks[k]} at ${AGES[k]} Gyr`);
    assert.ok(breaks[0] < 1.05 && breaks[breaks.length - 1] > 1.8 && breaks[breaks.length - 1] < 2.4);
  });

  it('show the strongest Balmer lines a few hundred Myr after they formed, about 7 Å in Hδ', () => {
    const widths = library.spectra[solar].map(hDelta);
    const peak = widths.indexOf(Math.max(...widths));
    assert.ok(AGES[peak] > 0.1 && AGES[peak] < 0.8, `peak at ${AGES[peak]} Gyr`);
    assert.ok(widths[peak] > 6 && widths[peak] < 11);
    assert.ok(widths[widths.length - 1] < -1);
  });

  it('have metal lines that grow with metallicity and age (Worthey 1994): Mg b of 3 to 6 Å when old', () => {
    assert.ok(
      magnesium(spectrum(8.5, 0.25)) > magnesium(spectrum(8.5)) &&
        magnesium(spectrum(8.5)) > magnesium(spectrum(8.5, -0.7)),
    );
    assert.ok(
      magnesium(spectrum(8.5)) > magnesium(spectrum(1.3)) && magnesium(spectrum(1.3)) > magnesium(spectrum(0.1)),
    );
    const old = magnesium(spectrum(8.5));
    assert.ok(old > 3 && old < 6, `${old} Å`);
  });

  it('fade: light per mass at 5500 Å falls with age after the supergiants', () => {
    const light = library.spectra[solar].map((flux) => mean(flux, 5450, 5550));
    for (let k = 3; k < light.length; k++) assert.ok(light[k] < light[k - 1]);
  });
});

describe('stellar evolution', () => {
  it('turns off the main sequence at the mass whose lifetime is the age', () => {
    for (const age of [0.01, 0.1, 1, 10]) assert.ok(Math.abs(lifetime(turnOffMass(age)) / age - 1) < 1e-9);
  });
});

describe('absorption lines', () => {
  it('have the equivalent widths of the Sun in the Sun', () => {
    for (const group of ABSORPTION_GROUPS) {
      assert.ok(Math.abs(logLineStrength(group, SUN)) < 1e-12);
      for (let k = 0; k < group.lines.length; k += 2) {
        const [at, width] = [group.lines[k], group.lines[k + 1] * 1e-3];
        const strength = solarStrength(group, at, width);
        assert.ok(Math.abs(equivalentWidth(group, at, strength) / width - 1) < 1e-9);
      }
    }
  });

  it('of neutral metals fade in hot stars, and those of Ca II do so later', () => {
    const strength = (species: string, temperature: number) => {
      const group = ABSORPTION_GROUPS.find((candidate) => candidate.species === species);
      assert.ok(group);
      return logLineStrength(group, { temperature, logGravity: 4.2, metallicity: 0 });
    };
    assert.ok(strength('Fe I, low levels', 9500) < -2);
    assert.ok(strength('Ca II H and K', 9500) > strength('Ca I 4227', 9500));
    assert.ok(strength('Na I', 4500) > 0.5);
  });
});
