/**
 * Emission lines as SDSS pipelines fitted them. Lines are known by their vacuum wavelengths: names vary.
 *
 * Since data release 8, table SPZLINE (data.sdss.org/datamodel, files/SPECTRO_REDUX/RUN2D/PLATE4/RUN1D/spZline.html):
 * Gaussians above the best-fitting stellar templates. LINEAREA is in the flux unit × observed Å, LINEEW = LINEAREA /
 * LINECONTLEVEL therefore an observed-frame width, LINESIGMA in km/s; an error of zero or below marks a fit that was not made.
 *
 * Up to data release 7, HDU 2 of spSpec (classic.sdss.org/dr7/dm/flatFiles/spSpec.html): Gaussians above a smoothed
 * continuum, in which stellar absorption is not allowed for; height in the flux unit, sigma and ew in observed Å; −9999 marks
 * what was not fitted.
 */
import { FileError } from '../../base/index.ts';
import type { FitsFile, TableHdu } from '../../io/index.ts';
import type { DiagnosticLine, SurveyLineFit } from '../index.ts';

const LINES: readonly (readonly [DiagnosticLine, vacuum: number])[] = [
  ['HBETA', 4862.68],
  ['OIII_5007', 5008.24],
  ['HALPHA', 6564.61],
  ['NII_6584', 6585.27],
];

/** Å: lists of line wavelengths differ by less, and no other line is so near. */
const SAME_LINE = 2;

const SPEED_OF_LIGHT = 299792.458;

/** Correlation of the errors of height and width of a Gaussian fitted to white noise: −1/√3 (flux then errs as height does). */
const HEIGHT_WIDTH_CORRELATION = -1 / Math.sqrt(3);

/** What a table of line fits gave; `note` says why it could not be read, the spectrum being none the worse. */
export interface LineFits {
  readonly lineFits: readonly SurveyLineFit[] | null;
  readonly note: string | null;
}

interface LineTable {
  readonly columns: readonly string[];
  readonly wavelength: string;
  readonly fit: (cell: (column: string) => number) => Omit<SurveyLineFit, 'line'>;
}

const SPZLINE: LineTable = {
  columns: ['LINEWAVE', 'LINEZ', 'LINEAREA', 'LINEAREA_ERR', 'LINEEW', 'LINEEW_ERR', 'LINESIGMA', 'LINESIGMA_ERR'],
  wavelength: 'LINEWAVE',
  fit: (cell) => ({
    flux: cell('LINEAREA'),
    fluxError: cell('LINEAREA_ERR'),
    width: cell('LINEEW_ERR') > 0 ? finiteOrNull(cell('LINEEW') / (1 + cell('LINEZ'))) : null,
    sigma: cell('LINESIGMA_ERR') > 0 ? positiveOrNull(cell('LINESIGMA')) : null,
  }),
};

const SPSPEC_LINES: LineTable = {
  columns: ['restWave', 'wave', 'sigma', 'sigmaErr', 'height', 'heightErr', 'ew', 'ewErr'],
  wavelength: 'restWave',
  fit(cell) {
    const [height, sigma, heightError, sigmaError] = ['height', 'sigma', 'heightErr', 'sigmaErr'].map(cell);
    const fitted = sigma > 0 && heightError > 0 && sigmaError > 0 && cell('wave') > 0;
    const [byHeight, byWidth] = [sigma * heightError, height * sigmaError];
    const variance = byHeight ** 2 + byWidth ** 2 + 2 * HEIGHT_WIDTH_CORRELATION * byHeight * byWidth;
    return {
      flux: Math.sqrt(2 * Math.PI) * height * sigma,
      fluxError: fitted ? Math.sqrt(2 * Math.PI * variance) : Number.NaN,
      width: cell('ewErr') > 0 ? finiteOrNull((cell('ew') * cell('restWave')) / cell('wave')) : null,
      sigma: positiveOrNull((SPEED_OF_LIGHT * sigma) / cell('wave')),
    };
  },
};

/** The line fits of a spec file, wherever the table stands. */
export function specLineFits(fits: FitsFile): LineFits {
  return guarded(() => fits.hdus.slice(2).find((hdu) => hdu.kind === 'table' && isLineTable(hdu, SPZLINE)), SPZLINE);
}

/** The line fits of a spSpec file: those at the redshift that was settled on; HDU 1 holds candidates. */
export function spSpecLineFits(fits: FitsFile): LineFits {
  const table = fits.hdus[2];
  return guarded(() => (table?.kind === 'table' && isLineTable(table, SPSPEC_LINES) ? table : undefined), SPSPEC_LINES);
}

function isLineTable(hdu: TableHdu, { columns }: LineTable): boolean {
  return hdu.rows > 0 && columns.every((column) => hdu.has(column));
}

function guarded(find: () => FitsFile['hdus'][number] | undefined, layout: LineTable): LineFits {
  try {
    const table = find();
    if (table?.kind !== 'table') return { lineFits: null, note: null };
    const fits = fitsOf(table, layout);
    return { lineFits: fits.length === 0 ? null : fits, note: null };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { lineFits: null, note: `its table of emission lines is damaged and left out: ${error.problem}` };
  }
}

function fitsOf(table: TableHdu, { columns, wavelength, fit }: LineTable): SurveyLineFit[] {
  const values = new Map(columns.map((column) => [column, table.numbers(column)]));
  if ([...values.values()].some(({ length }) => length !== table.rows)) return [];
  return LINES.flatMap(([line, vacuum]): SurveyLineFit[] => {
    const at = values.get(wavelength)?.findIndex((found) => Math.abs(found - vacuum) < SAME_LINE) ?? -1;
    if (at < 0) return [];
    const found = fit((column) => values.get(column)?.[at] ?? Number.NaN);
    const { flux, fluxError } = found;
    return Number.isFinite(flux) && fluxError > 0 && fluxError < Infinity ? [{ line, ...found }] : [];
  });
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function positiveOrNull(value: number): number | null {
  return value > 0 && value < Infinity ? value : null;
}
