import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { airToVacuum, vacuumToAir } from './vacuum.ts';

/** VALD: air to vacuum by N. Piskunov, wavelengths in Å. */
function airToVacuumOfVald(air: number): number {
  const s = (1e4 / air) ** 2;
  return (
    air * (1 + 8.336624212083e-5 + 2.408926869968e-2 / (130.1065924522 - s) + 1.599740894897e-4 / (38.92568793293 - s))
  );
}

/** VALD: vacuum to air after Morton (2000). */
function vacuumToAirOfVald(vacuum: number): number {
  const s = (1e4 / vacuum) ** 2;
  return vacuum / (1 + 8.34254e-5 + 2.406147e-2 / (130 - s) + 1.5998e-4 / (38.9 - s));
}

describe('vacuum and air wavelengths', () => {
  it('are those of the SDSS line table', () => {
    for (const [vacuum, air] of [
      [5008.24, 5006.843],
      [4960.295, 4958.911],
      [6564.61, 6562.797],
      [4862.68, 4861.322],
      [3728.483, 3727.423],
    ]) {
      assert.ok(Math.abs(vacuumToAir(vacuum) - air) < 1e-3, `${vacuum} gives ${vacuumToAir(vacuum)}, not ${air}`);
      assert.ok(Math.abs(airToVacuum(air) - vacuum) < 1e-3, `${air} gives ${airToVacuum(air)}, not ${vacuum}`);
    }
  });

  it('are those of the formula of Ciddor (1996) in specutils 2.4.0', () => {
    for (const [vacuum, air] of [
      [2500, 2499.246525120671],
      [3728.483, 3727.4229170234294],
      [5008.24, 5006.843330296288],
      [8500.36, 8498.025023086722],
      [17000, 16995.35768424109],
    ]) {
      assert.ok(Math.abs(vacuumToAir(vacuum) - air) < 1e-9 * air);
    }
  });

  it('agree with VALD to 1e-8 from 3000 Å to 2 µm and to 4e-7 down to 2000 Å', () => {
    const relativeTo = (ours: number, theirs: number) => Math.abs(ours / theirs - 1);
    for (let wavelength = 2001; wavelength < 20000; wavelength += 37) {
      const tolerance = wavelength < 3000 ? 4e-7 : 1e-8;
      assert.ok(relativeTo(vacuumToAir(wavelength), vacuumToAirOfVald(wavelength)) < tolerance);
      assert.ok(relativeTo(airToVacuum(wavelength), airToVacuumOfVald(wavelength)) < tolerance);
    }
  });

  it('are the same below 2000 Å', () => {
    for (const wavelength of [912, 1215.67, 1549.06, 1999.99]) {
      assert.equal(vacuumToAir(wavelength), wavelength);
      assert.equal(airToVacuum(wavelength), wavelength);
    }
  });

  it('undo each other', () => {
    fc.assert(
      fc.property(fc.double({ min: 2001, max: 50_000, noNaN: true }), (wavelength) => {
        assert.ok(Math.abs(airToVacuum(vacuumToAir(wavelength)) / wavelength - 1) < 1e-14);
        assert.ok(Math.abs(vacuumToAir(airToVacuum(wavelength)) / wavelength - 1) < 1e-14);
      }),
    );
  });
});
