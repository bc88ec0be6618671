import { type DrawingOptions, type Subject, shownWavelength } from './subject.ts';
import { nearestIndex } from './trace.ts';

/** What is under the pointer, in words; '' where nothing is. Wavelengths in vacuum ångström. */
export function readoutAt(at: number | null, subjects: readonly Subject[], options: DrawingOptions): string {
  if (at === null || subjects.length === 0) return '';
  const [first] = subjects;
  const p = nearestIndex(shownWavelength(options, first.redshift), at);
  if (p < 0) return '';
  const rest = options.wavelength[p];
  const observed = first.redshift === null ? '' : `, observed ${(rest * (1 + first.redshift)).toFixed(1)} Å`;
  const values = subjects.map((subject) => valuesAt(subject, at, options, subjects.length > 1));
  return [`rest ${rest.toFixed(1)} Å${observed}`, ...values].join(' · ');
}

function valuesAt(
  { name, flux, error, models, redshift }: Subject,
  at: number,
  options: DrawingOptions,
  isNamed: boolean,
): string {
  const p = nearestIndex(shownWavelength(options, redshift), at);
  const of = isNamed ? `${name}: ` : '';
  if (p < 0) return `${of}beyond its pixels`;
  const observed = Number.isFinite(flux[p]) ? `flux ${shown(flux[p])} ± ${shown(error[p])}` : 'not observed';
  const modelled = models.map(({ title, band }) => {
    const sigma = (flux[p] - band.flux[p]) / error[p];
    const off = Number.isFinite(sigma) ? ` (${sigma.toFixed(1)} σ)` : '';
    return `${title} ${shown(band.flux[p])} ± ${shown(band.error[p])}${off}`;
  });
  return of + [observed, ...modelled].join(', ');
}

function shown(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
