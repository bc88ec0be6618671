import type { Subject } from './subject.ts';

/** What is shown as a table: a row a pixel, nothing where a pixel was not observed. Flux as normalised, no offsets. */
export function spectraCsv(wavelength: Float64Array, subjects: readonly Subject[], showTruth: boolean): string {
  const columns: { readonly name: string; readonly at: (p: number) => number }[] = [
    { name: 'wavelength_rest', at: (p) => wavelength[p] },
  ];
  for (const { name, redshift, flux, error, models, truth } of subjects) {
    if (redshift !== null)
      columns.push({ name: `${name} wavelength_observed`, at: (p) => wavelength[p] * (1 + redshift) });
    columns.push({ name: `${name} flux`, at: (p) => flux[p] }, { name: `${name} error`, at: (p) => error[p] });
    for (const { title, band } of models) {
      columns.push({ name: `${name} ${title}`, at: (p) => band.flux[p] });
      columns.push({ name: `${name} ${title} error`, at: (p) => band.error[p] });
    }
    if (showTruth && truth !== null) columns.push({ name: `${name} truth`, at: (p) => truth[p] });
  }
  const lines = [columns.map(({ name }) => quoted(name)).join(',')];
  for (let p = 0; p < wavelength.length; p++) lines.push(columns.map(({ at }) => written(at(p))).join(','));
  return `${lines.join('\n')}\n`;
}

export function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Seven digits are what float32 holds; wavelengths keep theirs. */
export function written(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(9))) : '';
}
