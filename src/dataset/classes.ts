/**
 * A survey's class and subclass in the words of this house (`Catalogue.objectClass`), after Portillo et al. 2020,
 * section 3: galaxies are quiescent, emission-line or narrow-line AGN; broad lines make a broad-line AGN.
 *
 * The SDSS pipeline (DR8+) writes an empty subclass for a galaxy whose lines it looked for and did not find at
 * 3σ: that is `quiescent`. A survey that gives no subclass at all (null) leaves it at `galaxy`.
 *
 * @returns null when the survey gives no class
 */
export function readableClass(objectClass: string | null, subclass: string | null): string | null {
  const kind = objectClass?.trim().toUpperCase() ?? '';
  if (kind === '') return null;
  if (kind === 'QSO') return 'QSO';
  if (kind === 'STAR') return 'star';
  if (kind !== 'GALAXY') return objectClass?.trim() ?? null;
  return galaxyClass(subclass);
}

function galaxyClass(subclass: string | null): string {
  if (subclass === null) return 'galaxy';
  const words = subclass.toUpperCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return 'quiescent';
  if (words.includes('BROADLINE')) return 'broad-line AGN';
  if (words.includes('AGN')) return 'narrow-line AGN';
  if (words.includes('STARFORMING') || words.includes('STARBURST')) return 'emission-line';
  return 'galaxy';
}

/** Whether a class, readable or as the survey writes it, is a quasar's; that decides which grid suits a sample. */
export function isQuasar(objectClass: string | null): boolean {
  return /^(qso|quasar)$/i.test(objectClass?.trim() ?? '');
}
