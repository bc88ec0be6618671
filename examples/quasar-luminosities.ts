/**
 * Labels of quasars that their redshift and their normalisation tell: log (1 + z), and the luminosity λ L_λ at 2500 Å,
 * where the preset `quasars` normalises, in a flat universe with H₀ = 70 km/s/Mpc and Ω_m = 0.3.
 *
 *     npx tsx examples/quasar-luminosities.ts DATASET labels.csv
 *
 * DATASET is imported from SDSS files, whose flux is in 1e-17 erg/s/cm²/Å; import them again with `--labels labels.csv --key id`.
 */
import { writeFileSync } from 'node:fs';
import { loadDataset, UserError } from '../src/index.ts';

const HUBBLE = 70;
const MATTER = 0.3;
const LIGHT_SPEED = 299_792.458;
const CENTIMETRES_A_MEGAPARSEC = 3.0857e24;
const FLUX_UNIT = 1e-17;
const NORMALISED_AT = 2500;
/** Errors that survey redshifts and flux calibration leave, in dex. */
const ERRORS = { log_1pz: 0.0005, log_l2500: 0.02 };

/** Luminosity distance in cm. */
function luminosityDistance(redshift: number): number {
  const steps = 1000;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    const stretch = 1 + ((step + 0.5) * redshift) / steps;
    sum += 1 / Math.sqrt(MATTER * stretch ** 3 + 1 - MATTER);
  }
  const comoving = ((LIGHT_SPEED / HUBBLE) * sum * redshift) / steps;
  return (1 + redshift) * comoving * CENTIMETRES_A_MEGAPARSEC;
}

const [path, out] = process.argv.slice(2);
if (out === undefined) throw new UserError('Give a dataset and the name of the table to write.');
const { catalogue } = await loadDataset(path);
const lines = catalogue.id.flatMap((id, n) => {
  const z = catalogue.redshift[n];
  if (z === null) return [];
  const fluxDensity = catalogue.scale[n] * FLUX_UNIT * (1 + z);
  const luminosity = 4 * Math.PI * luminosityDistance(z) ** 2 * fluxDensity * NORMALISED_AT;
  const labels = [Math.log10(1 + z), ERRORS.log_1pz, Math.log10(luminosity), ERRORS.log_l2500];
  return [id, ...labels.map((value) => value.toFixed(4))].join(',');
});
writeFileSync(out, `${['id,log_1pz,log_1pz_err,log_l2500,log_l2500_err', ...lines].join('\n')}\n`);
