import { useShallow } from 'zustand/react/shallow';
import type { RunEntry } from '../../src/explorer/index.ts';
import { useExhibit } from '../data/use-exhibit.ts';
import { useExplorer } from '../state/store.ts';
import { type Point, type Size, toScreen, type View } from './camera.ts';
import { ellipseOf, placeOfLatent } from './plane.ts';
import { pointAlong } from './track-point.ts';
import type { ShownPlane } from './use-plane.ts';

interface OverlayProps {
  readonly shown: ShownPlane;
  readonly view: View;
  readonly size: Size;
  /** The lasso or box that is being drawn, in pixels. */
  readonly outline: readonly Point[] | null;
}

/** What is drawn above the points: chosen objects, dropped spectra, tracks, the generator's point, the lasso. */
export function Overlay(props: OverlayProps) {
  const { size, outline } = props;
  return (
    <svg className="overlay" width={size.width} height={size.height} aria-hidden="true">
      <TrackMarks {...props} />
      <ChosenMarks {...props} />
      <DroppedMarks {...props} />
      {outline !== null && <polygon className="outline" points={joined(outline)} />}
    </svg>
  );
}

function ChosenMarks({ shown: { plane }, view, size }: OverlayProps) {
  const chosen = useExplorer((state) => state.chosen);
  const { x, y } = plane.positions;
  const place = (row: number) => toScreen(view, size, [x[row], y[row]]);
  const placed = chosen.filter((row) => row < x.length && !Number.isNaN(x[row] + y[row]));
  return (
    <>
      {placed.map((row, i) => {
        const [cx, cy] = place(row);
        return (
          <g key={row}>
            <circle className="halo" cx={cx} cy={cy} r={8} />
            <circle className={i === 0 ? 'ring first' : 'ring'} cx={cx} cy={cy} r={8} />
          </g>
        );
      })}
    </>
  );
}

const SIGMAS = [1, 2] as const;

function DroppedMarks({ shown: { kind, plane }, view, size }: OverlayProps) {
  const { entry } = useExhibit().run;
  const dropped = useExplorer((state) => state.dropped);
  return dropped
    .filter(({ latentMean }) => latentMean.length === entry.latents)
    .map(({ id, source, latentMean, latentCovariance }) => {
      const centre = placeOfLatent(entry, kind, plane, latentMean);
      if (centre === null) return null;
      const [x, y] = toScreen(view, size, centre);
      const outlines = SIGMAS.map((sigmas) =>
        ellipseOf(entry, kind, plane, { mean: latentMean, covariance: latentCovariance, sigmas }),
      );
      return (
        <g key={`${source} ${id}`} className="dropped">
          {outlines.map((outline, i) =>
            outline === null ? null : (
              <polygon key={SIGMAS[i]} points={joined(outline.map((point) => toScreen(view, size, point)))} />
            ),
          )}
          <path d={`M${x - 6} ${y}h12M${x} ${y - 6}v12`} />
          <text x={x + 9} y={y - 7}>
            {id}
          </text>
        </g>
      );
    });
}

function TrackMarks({ shown: { kind, plane }, view, size }: OverlayProps) {
  const { entry } = useExhibit().run;
  const { panel, asked, trackPosition, drawnPath } = useExplorer(
    useShallow(({ panel, asked, trackPosition, drawnPath }) => ({ panel, asked, trackPosition, drawnPath })),
  );
  const place = (latent: readonly number[]) => {
    const at = latent.length === entry.latents ? placeOfLatent(entry, kind, plane, latent) : null;
    return at === null ? null : toScreen(view, size, at);
  };
  if (panel === 'generate' && asked?.by === 'latents') return <Asked at={place(asked.latent)} />;
  if (panel !== 'tracks') return null;
  const path = trackPosition.track === 'drawn' ? drawnPath : trackLatents(entry, trackPosition.track);
  const places = path.map(place).filter((at) => at !== null);
  const walker = pointAlong(path, trackPosition.at);
  return (
    <g className="track">
      <polyline points={joined(places)} />
      {places.map(([x, y], i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a path may visit a place twice
        <circle key={i} cx={x} cy={y} r={3.5} />
      ))}
      {walker !== null && <Asked at={place(walker)} />}
    </g>
  );
}

function trackLatents(run: RunEntry, track: number): readonly (readonly number[])[] {
  return run.tracks[track]?.points.map(({ latent }) => latent) ?? [];
}

function Asked({ at }: { readonly at: Point | null }) {
  if (at === null) return null;
  const [x, y] = at;
  return <path className="asked" d={`M${x - 9} ${y}h18M${x} ${y - 9}v18`} />;
}

function joined(points: readonly Point[]): string {
  return points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
}
