/** Plate, MJD and fibre, as importing names SDSS spectra: `0266-51630-0168`, or `spec-0266-51630-0168`. */
const IDENTIFIER = /^(?:spec-)?(\d{3,5})-(\d{5})-(\d{1,4})$/;

/** The address of the object's page at SDSS; null when the name is of another kind. */
export function sdssPage(id: string): string | null {
  const match = IDENTIFIER.exec(id);
  if (match === null) return null;
  const [plate, mjd, fiber] = match.slice(1).map(Number);
  return `https://skyserver.sdss.org/dr18/VisualTools/explore/summary?plate=${plate}&mjd=${mjd}&fiber=${fiber}`;
}
