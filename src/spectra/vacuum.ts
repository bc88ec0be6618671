/**
 * Vacuum and air wavelengths by the refractive index of Ciddor (1996, Appl. Opt. 35, 1566) for standard dry air
 * (15 °C, 1 atm), in the two-term form that the SDSS pipelines use (`vactoair`/`airtovac`; APOGEE, Hubeny et al.):
 *
 *     n − 1 = 5.792105e-2 / (238.0185 − σ²) + 1.67917e-3 / (57.362 − σ²),   σ = 1 / λ_vac in µm⁻¹
 *
 * VALD's formulae (Morton 2000 after Birch & Downs 1994; the inverse by N. Piskunov) agree to 1e-8 in the optical;
 * the tests hold them to it.
 *
 * By convention wavelengths below 2000 Å are quoted in vacuum everywhere, so they are left alone in both directions.
 * Hence the two functions undo each other except for vacuum wavelengths from 2000 to 2000.65 Å, whose air
 * wavelengths fall below the line.
 */
const VACUUM_BELOW = 2000;

function refractiveIndex(vacuumWavelength: number): number {
  const waveNumberSquared = (1e4 / vacuumWavelength) ** 2;
  return 1 + 5.792105e-2 / (238.0185 - waveNumberSquared) + 1.67917e-3 / (57.362 - waveNumberSquared);
}

/** Air wavelength of a vacuum wavelength, both in Å. */
export function vacuumToAir(wavelength: number): number {
  return wavelength < VACUUM_BELOW ? wavelength : wavelength / refractiveIndex(wavelength);
}

/** Vacuum wavelength of an air wavelength, both in Å: the exact inverse of `vacuumToAir`, by iteration. */
export function airToVacuum(wavelength: number): number {
  if (wavelength < VACUUM_BELOW) return wavelength;
  let vacuum = wavelength;
  // Each pass shrinks the error at least by 1e-4 (n varies that slowly with λ), so four reach rounding.
  for (let pass = 0; pass < 4; pass++) vacuum = wavelength * refractiveIndex(vacuum);
  return vacuum;
}
