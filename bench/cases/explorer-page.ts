import type { ExhibitSource } from '../../src/explorer/index.ts';
import { type ServedExplorer, serveExhibits } from '../../src/workflows/explore.node.ts';
import { Visitor } from '../../tests/browser/explored.ts';
import { manyPoints } from '../explorer/many-points.ts';
import { explorerExhibits } from '../explorer/surveys.ts';
import { type MapTimes, visitMap, visitSliders } from '../explorer/visit.ts';
import { type Benchmark, digits, type Line, median } from '../measure.ts';

const VISITS = 3;
const MANY = 1_000_000;
const MOVES = 100;

/** The explorer's page in headless Chromium with software rendering; build the page first. There is no peer. */
export const explorerPageBenchmark: Benchmark = {
  name: 'explorer-page',
  title: 'the page of the explorer in headless Chromium, drawn by software (no peer; bars: docs of the explorer)',
  hasPeer: false,
  async run(threads) {
    const visitor = await Visitor.arrive();
    try {
      return [
        ...(await served(await explorerExhibits(threads), async ({ url }) => [
          ...(await mapLines(visitor, `${url}#exhibit=page-galaxies&run=page-vae`, '50,000 galaxies')),
          await sliderLine(
            visitor,
            `${url}#exhibit=page-galaxies&run=page-vae`,
            'latents of vae(6) × 1000 (bar: 16 ms)',
          ),
          await sliderLine(
            visitor,
            `${url}#exhibit=page-quasars&run=page-gplvm`,
            'latents of shared-gplvm M=120 × 594 with its band (bar: 30 ms)',
          ),
          await sliderLine(visitor, `${url}#exhibit=page-quasars&run=page-gplvm`, 'labels of shared-gplvm', true),
        ])),
        ...(await served(manyPoints(MANY), ({ url }) =>
          mapLines(visitor, `${url}#exhibit=points&run=made-up`, '1,000,000 made-up points'),
        )),
      ];
    } finally {
      await visitor.leave();
    }
  },
};

async function served(source: ExhibitSource, visit: (server: ServedExplorer) => Promise<Line[]>): Promise<Line[]> {
  const server = await serveExhibits(source, { port: 0 });
  try {
    return await visit(server);
  } finally {
    await server.close();
  }
}

async function mapLines(visitor: Visitor, address: string, of: string): Promise<Line[]> {
  const visits: MapTimes[] = [];
  for (let visit = 0; visit < VISITS; visit++) visits.push(await visitMap(visitor, address));
  const each = (value: (times: MapTimes) => number) => visits.map((times) => `${digits(value(times))}`).join(', ');
  const longest = (value: (times: MapTimes) => readonly number[]) => each((times) => value(times)[0] ?? 0);
  const lines = [
    `${of}, ${VISITS} visits:`,
    `  first content painted after ${each(({ firstContent }) => firstContent)} ms (bar: 2000), map drawn after ${each(({ map }) => map)} ms`,
    `  longest task of the main thread (0: none over 50 ms): loading ${longest(({ loadingTasks }) => loadingTasks)}, hover ${longest(({ hoverTasks }) => hoverTasks)}, selection ${longest(({ selectionTasks }) => selectionTasks)} ms`,
    `  a redraw as the view moves: ${spread(visits.flatMap(({ redraws }) => redraws))}`,
    `  a selection: click to the page ${each(({ selection }) => selection.page)} ms, points drawn anew in ${each(({ selection }) => selection.points)} ms`,
  ];
  return lines.map(told);
}

async function sliderLine(visitor: Visitor, address: string, of: string, byLabels = false): Promise<Line> {
  const { opening, moves } = await visitSliders(visitor, address, { byLabels, moves: MOVES });
  return told(`slider to spectrum, ${of}: ${spread(moves)}; ready after ${digits(opening)} ms`);
}

/** The whole takes minutes, so that one wants to see how far it is. */
function told(line: Line): Line {
  process.stderr.write(`${line}\n`);
  return line;
}

function spread(times: readonly number[]): string {
  if (times.length === 0) return 'nothing was measured';
  const sorted = [...times].sort((a, b) => a - b);
  const p90 = sorted[Math.floor(0.9 * (sorted.length - 1))];
  return `min ${digits(sorted[0])}, median ${digits(median(sorted))}, p90 ${digits(p90)} ms of ${sorted.length}`;
}
