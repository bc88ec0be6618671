import { useMemo, useRef, useState } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { change, choose, select, useExplorer } from '../state/store.ts';
import { BottomAxis, LeftAxis } from './axes.tsx';
import { moved, type Point, type Size, seen, toSquare, type View, WHOLE, zoomedAt } from './camera.ts';
import { DensityCanvas, PointsCanvas } from './canvases.tsx';
import { type Colouring, cividis } from './colouring.ts';
import { countWithin, densityOf, densityPicture } from './density.ts';
import { type SelectionKeys, useGestures } from './gestures.ts';
import { Hover } from './hover-card.tsx';
import { useMapColours } from './map-colours.ts';
import { useMapKeys } from './map-keys.ts';
import { useMapSettings } from './map-settings.ts';
import { Overlay } from './overlay.tsx';
import { latentAt } from './plane.ts';
import { type Admits, type Direction, neighbourTowards } from './point-index.ts';
import { pointStates, pointStyle } from './point-marks.ts';
import { POINT_STATE } from './points-layer.ts';
import { combinedSelection } from './selecting.ts';
import type { ShownPlane } from './use-plane.ts';
import { useSize } from './use-size.ts';

interface MapStageProps {
  readonly shown: ShownPlane;
  readonly colouring: Colouring;
  readonly view: View;
  readonly onView: (change: (view: View) => View) => void;
}

/** Pixels around the pointer within which an object is meant. */
const REACH = 9;
/** Objects in view below which a density gives way to the points themselves. */
const FEW = 3000;

export function MapStage(props: MapStageProps) {
  const { shown, view } = props;
  const stage = useRef<HTMLElement>(null);
  const size = useSize(stage);
  const mode = useMapSettings((state) => state.mode);
  return (
    <div className="map-frame">
      <div className="axis-y-place">{size !== null && <LeftAxis plane={shown.plane} view={view} size={size} />}</div>
      <section
        ref={stage}
        className={`stage ${mode}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the map is walked by arrow keys
        tabIndex={0}
        aria-label="Map: arrow keys walk from object to object"
      >
        {size !== null && <Layers {...props} stage={stage} size={size} />}
      </section>
      <div className="axis-x-place">{size !== null && <BottomAxis plane={shown.plane} view={view} size={size} />}</div>
    </div>
  );
}

interface LayersProps extends MapStageProps {
  readonly stage: React.RefObject<HTMLElement | null>;
  readonly size: Size;
}

function Layers({ shown, colouring, view, onView, stage, size }: LayersProps) {
  const { states, admits } = usePointStates(colouring);
  const density = useDensity(shown, colouring, admits);
  const isDense = density !== null && countWithin(density.density, seen(view).x, seen(view).y) > FEW;
  const style = usePointStyle(colouring, size, view, isDense);
  const outline = useMapGestures({ shown, view, onView, stage, size, admits });
  return (
    <>
      {isDense && <DensityCanvas picture={density.picture} view={view} size={size} />}
      <PointsCanvas
        positions={shown.plane.positions}
        colours={colouring.codes}
        states={states}
        style={style}
        view={view}
        size={size}
      />
      <Overlay shown={shown} view={view} size={size} outline={outline} />
      <Hover shown={shown} view={view} size={size} colouring={colouring} />
    </>
  );
}

function usePointStates(colouring: Colouring): { readonly states: Uint8Array; readonly admits: Admits } {
  const exhibit = useExhibit();
  const selection = useExplorer((state) => state.selection);
  const hidden = useMapSettings((state) => state.hidden);
  const { shown, description } = exhibit;
  return useMemo(() => {
    const states = pointStates({ objects: description.objects, shown, selection, colouring, hidden });
    return { states, admits: (row: number) => states[row] >= POINT_STATE.shown };
  }, [description, shown, selection, colouring, hidden]);
}

function useDensity(shown: ShownPlane, colouring: Colouring, admits: Admits) {
  const isWanted = colouring.kind === 'density';
  return useMemo(() => {
    if (!isWanted) return null;
    const density = densityOf(shown.plane.positions, admits);
    return { density, picture: densityPicture(density, cividis) };
  }, [isWanted, shown, admits]);
}

function usePointStyle(colouring: Colouring, size: Size, view: View, isDense: boolean) {
  const { description, shown } = useExhibit();
  const { objects } = description;
  const passing = shown?.length ?? objects;
  const colours = useMapColours();
  const hasSelection = useExplorer((state) => state.selection !== null);
  // In steps, so that zooming does not send a new palette with every frame.
  const zoom = 2 ** Math.floor(Math.log2(view.zoom));
  return useMemo(
    () => pointStyle({ colouring, colours, objects, passing, size, zoom, hasSelection, isDense }),
    [colouring, colours, objects, passing, size, zoom, hasSelection, isDense],
  );
}

interface MapGestures extends Omit<LayersProps, 'colouring'> {
  readonly admits: Admits;
}

/** Ties gestures and keys to the view, the selection and the chosen objects. */
function useMapGestures({ shown, view, onView, stage, size, admits }: MapGestures) {
  const exhibit = useExhibit();
  const [outline, setOutline] = useState<readonly Point[] | null>(null);
  const { index, plane, kind } = shown;
  const reach: Point = [(2 * REACH) / size.width / view.zoom, (2 * REACH) / size.height / view.zoom];
  const rowAt = (at: Point) => index.nearest(toSquare(view, size, at), reach, admits);
  const whole = () => onView(() => WHOLE);

  const clicked = (at: Point, { shift }: SelectionKeys) => {
    const row = rowAt(at);
    if (useMapSettings.getState().mode === 'path') addToPath(at, row);
    else if (row !== null) choose(row, { add: shift });
  };
  const addToPath = (at: Point, row: number | null) => {
    const { entry, latent } = exhibit.run;
    const { drawnPath, chosen } = useExplorer.getState();
    const latentOf = (of: number) => [...latent.subarray(of * entry.latents, (of + 1) * entry.latents)];
    const before = drawnPath[drawnPath.length - 1] ?? (chosen.length > 0 ? latentOf(chosen[0]) : entry.support.mean);
    // A UMAP has no way back to the latents: there a path goes from object to object.
    const point =
      kind.kind === 'umap'
        ? row !== null && latentOf(row)
        : latentAt(entry, kind, plane, toSquare(view, size, at), before);
    if (point) change({ drawnPath: [...drawnPath, point], trackPosition: { track: 'drawn', at: 0 } });
  };
  const walk = (direction: Direction) => {
    const [first] = useExplorer.getState().chosen;
    const start = first ?? index.nearest([view.x, view.y], [2, 2], admits);
    if (start === null) return;
    const next = first === undefined ? start : neighbourTowards(plane.positions, first, direction, admits);
    if (next !== null) choose(next);
  };
  useGestures(stage, {
    mode: () => useMapSettings.getState().mode,
    onMove: (by) => onView((before) => moved(before, size, by)),
    onZoom: (at, factor) => onView((before) => zoomedAt(before, size, at, factor)),
    onOutline: setOutline,
    onEnclosed: (drawn, pressed) => {
      const inside = index.inOutline(
        drawn.map((at) => toSquare(view, size, at)),
        admits,
      );
      select(combinedSelection(useExplorer.getState().selection, inside, pressed));
    },
    onClick: clicked,
    onWhole: whole,
    onHover: (at) => {
      const row = at === null ? null : rowAt(at);
      if (row !== useExplorer.getState().pointer) change({ pointer: row });
    },
  });
  useMapKeys({ onWalk: walk, onWhole: whole });
  return outline;
}
