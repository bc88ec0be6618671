import * as Plot from '@observablehq/plot';
import type { Figure } from './figure-data.ts';
import { legend, panel, sheet, words } from './sheet.ts';
import { classHues, printTheme, type Theme } from './theme.ts';

/** Galaxies in the diagram of Baldwin, Phillips & Terlevich (1981, PASP 93, 5). */
export interface BptData {
  readonly points: readonly {
    /** log [N II] 6585/Hα and log [O III] 5008/Hβ. */
    readonly n2: number;
    readonly o3: number;
    readonly objectClass: string | null;
  }[];
  /** Objects with Hα but without the other three lines at the S/N asked for. */
  readonly leftOut: number;
  /** Least S/N of each of the four lines. */
  readonly snr: number;
  /** Lines that part the classes: places along each. */
  readonly curves: readonly {
    readonly name: string;
    readonly dashed: boolean;
    readonly places: readonly { readonly n2: number; readonly o3: number }[];
  }[];
}

const SIZE = 520;
const LEFT = 64;
const X = [-1.7, 0.8] as const;
const Y = [-1.3, 1.4] as const;

/** log [O III]/Hβ against log [N II]/Hα by class, with the curves of Kewley et al. and Kauffmann et al. */
export function bptFigure(name: string, data: BptData, theme: Theme = printTheme): Figure {
  const { points, curves, leftOut, snr } = data;
  const counts = new Map<string, number>();
  for (const { objectClass } of points) {
    const own = objectClass ?? 'unclassified';
    counts.set(own, (counts.get(own) ?? 0) + 1);
  }
  const classes = [...counts].sort((a, b) => b[1] - a[1]);
  const hues = classHues(classes.map(([own]) => own));
  const colour = (own: string) => theme.hues[hues.get(own) ?? 'grey'];
  const key = legend(
    LEFT,
    54,
    SIZE + 40,
    [
      ...classes.map(([own, count]) => ({
        label: `${own} (${count.toLocaleString('en')})`,
        colour: colour(own),
        shape: 'dot' as const,
      })),
      ...curves.map(({ name: label, dashed }) => ({
        label,
        colour: theme.ink,
        shape: dashed ? ('dashed' as const) : ('line' as const),
      })),
    ],
    theme,
  );
  const top = 48 + key.height;
  const drawn = panel(0, top, theme, {
    width: LEFT + SIZE + 16,
    height: SIZE + 62,
    marginLeft: LEFT,
    marginRight: 16,
    marginTop: 10,
    marginBottom: 52,
    x: { domain: X, label: 'log [N II] 6585 / Hα', labelAnchor: 'center', labelArrow: 'none', labelOffset: 40 },
    y: { domain: Y, label: null },
    marks: [
      ...classes.map(([own, count]) =>
        Plot.dot(
          points.filter(
            ({ n2, o3, objectClass }) =>
              (objectClass ?? 'unclassified') === own && n2 > X[0] && n2 < X[1] && o3 > Y[0] && o3 < Y[1],
          ),
          { x: 'n2', y: 'o3', r: count > 300 ? 1.6 : 2.2, fill: colour(own), fillOpacity: count > 300 ? 0.5 : 0.8 },
        ),
      ),
      ...curves.map(({ places, dashed }) =>
        Plot.line(
          places.filter(({ n2, o3 }) => n2 > X[0] && n2 < X[1] && o3 > Y[0] && o3 < Y[1]),
          { x: 'n2', y: 'o3', stroke: theme.ink, strokeWidth: 1.4, ...(dashed && { strokeDasharray: '5 4' }) },
        ),
      ),
      Plot.frame({ stroke: theme.faint }),
    ],
  });
  const middle = top + 10 + SIZE / 2;
  const parts = [
    words(LEFT, 28, TITLE, { size: 16, weight: 'bold', fill: theme.ink }),
    key.markup,
    words(18, middle, 'log [O III] 5008 / Hβ', { anchor: 'middle', fill: theme.ink, rotate: -90 }),
    drawn,
  ];
  const shown = points.length.toLocaleString('en');
  const caption =
    `Line ratios of ${shown} objects whose four lines all have S/N of at least ${snr}; ${leftOut.toLocaleString('en')} others ` +
    'do not. Above the solid curve (Kewley et al. 2001) young stars cannot ionise the gas so; below the dashed one ' +
    '(Kauffmann et al. 2003) they do it alone. Colours are the classes of the dataset.';
  const [width, height] = [LEFT + SIZE + 16, top + SIZE + 66];
  return { name, title: TITLE, caption, width, height, svg: sheet(name, width, height, caption, parts, theme) };
}

const TITLE = 'What ionises the gas: the BPT diagram';
