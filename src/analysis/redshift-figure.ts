import type { MeasuredRedshift } from '../inference/index.ts';
import type { RedshiftFigureData } from '../plots/index.ts';
import { SPECTRAL_LINES } from './spectral-lines.ts';

/** A measured redshift as a figure shows it; null when it was measured without `detail`. */
export function redshiftFigureData(measured: MeasuredRedshift, fluxLabel: string): RedshiftFigureData | null {
  const { id, fit, surveyRedshift } = measured;
  const { detail, z, zError } = fit;
  if (detail === undefined) return null;
  const best = detail.scan.cost.reduce((least, cost) => Math.min(least, cost), Number.POSITIVE_INFINITY);
  const error = zError === null ? '' : ` ± ${zError.toExponential(1)}`;
  return {
    title: id,
    facts: [
      `z = ${z.toFixed(5)}${error}`,
      ...(fit.objectClass === null ? [] : [fit.objectClass]),
      ...(surveyRedshift === null ? [] : [`survey ${surveyRedshift.toFixed(5)}`]),
      `χ²/dof ${(fit.chi2 / fit.degreesOfFreedom).toFixed(2)}`,
      ...(fit.deltaChi2 === null ? [] : [`Δχ² ${fit.deltaChi2.toFixed(0)}`]),
      ...(fit.warnings.length === 0 ? [] : [fit.warnings.join(', ')]),
    ],
    fluxLabel,
    wavelength: detail.wavelength,
    flux: detail.flux,
    ivar: detail.ivar,
    model: detail.model,
    runnerUp: detail.runnerUp === null ? null : { z: fit.runnersUp[0].z, flux: detail.runnerUp },
    z,
    lines: SPECTRAL_LINES.map((line) => ({ ...line, wavelength: line.wavelength * (1 + z) })),
    scan: { z: detail.scan.z, deltaChi2: detail.scan.cost.map((cost) => cost - best) },
    surveyRedshift,
  };
}
