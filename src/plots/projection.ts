import type { Matrix } from '../base/index.ts';
import type { Figure, LatentAxis } from './figure-data.ts';
import { axesInWords, cornerFigure } from './latent-corner.ts';
import { HUES, type Hue, printTheme, type Theme } from './theme.ts';

/* Spectra of another kind among a survey's objects in latent space (VAE paper, Fig. 16). */

export interface ProjectionData {
  readonly model: string;
  readonly latents: number;
  readonly axes: readonly LatentAxis[];
  /** Positions of the survey's objects and of the foreign ones on the axes, n × Q and N × Q. */
  readonly survey: Matrix;
  readonly foreign: Matrix;
  /** Length N; null = unclassified. */
  readonly foreignClass: readonly (string | null)[];
}

const SURVEY = 'the survey';
const UNCLASSIFIED = 'projected';

export function projectionFigure(name: string, data: ProjectionData, theme: Theme = printTheme): Figure {
  const { survey, foreign, foreignClass } = data;
  const position = {
    rows: survey.rows + foreign.rows,
    columns: survey.columns,
    data: new Float32Array(survey.data.length + foreign.data.length),
  };
  position.data.set(survey.data);
  position.data.set(foreign.data, survey.data.length);
  const objectClass = [
    ...Array<string>(survey.rows).fill(SURVEY),
    ...foreignClass.map((own) => (own === null ? UNCLASSIFIED : `${own}, projected`)),
  ];
  const kinds = [...new Set(objectClass)].filter((kind) => kind !== SURVEY);
  const free = HUES.filter((hue) => hue !== 'grey');
  const hues = new Map<string, Hue>([
    [SURVEY, 'grey'],
    ...kinds.map((kind, index): [string, Hue] => [kind, free[(index + 1) % free.length]]),
  ]);
  const title = `Projected into the latent space of ${data.model}, ${data.latents} latent${data.latents === 1 ? '' : 's'}`;
  const caption =
    `${foreign.rows.toLocaleString('en')} spectra that are not part of the survey, among its ${survey.rows.toLocaleString('en')} ` +
    `objects (grey), ${axesInWords(data.axes)}. Those beyond the grey cloud are unlike anything the model ` +
    'was fitted to; those within it the model takes for its own.';
  return cornerFigure(name, { ...data, position, objectClass }, { theme, hues, minimumClass: 1 }, { title, caption });
}
