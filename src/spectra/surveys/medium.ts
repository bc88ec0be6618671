import type { FitsHeader } from '../../io/index.ts';

/** What wavelengths are measured in. */
export type Medium = 'air' | 'vacuum';

export const ASSUMED_VACUUM =
  'nothing says whether its wavelengths are in air or vacuum; vacuum is assumed (the keyword AIRORVAC would say)';

/**
 * Air or vacuum by what a file says: AIRORVAC (`air`, `vac`), VACUUM (T, F), CTYPE1 (`AWAV`, `WAVE`; FITS 4.0,
 * table 25), or a word in the column's name or unit (`wave_vac`, `Angstrom (air)`). Null when nothing says it.
 */
export function mediumOf(headers: readonly FitsHeader[], name: string, unit: string | null): Medium | null {
  for (const header of headers) {
    const stated = String(header.get('AIRORVAC') ?? '').toLowerCase();
    if (stated.startsWith('air')) return 'air';
    if (stated.startsWith('vac')) return 'vacuum';
    const vacuum = header.get('VACUUM');
    if (typeof vacuum === 'boolean') return vacuum ? 'vacuum' : 'air';
    const axis = String(header.get('CTYPE1') ?? '');
    if (axis.startsWith('AWAV')) return 'air';
    if (axis.startsWith('WAVE')) return 'vacuum';
  }
  const words = `${name} ${unit ?? ''}`.toLowerCase();
  if (/(^|[^a-z])air([^a-z]|$)/.test(words)) return 'air';
  if (/(^|[^a-z])vac(uum)?([^a-z]|$)/.test(words)) return 'vacuum';
  return null;
}
