import { useMemo, useState } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { useExplorer } from '../state/store.ts';
import '../style/map.css';
import { type View, WHOLE } from './camera.ts';
import { colouringOf } from './colouring.ts';
import { Legend } from './legend.tsx';
import { useMapColours } from './map-colours.ts';
import { MapStage } from './map-stage.tsx';
import { Toolbar } from './toolbar.tsx';
import { usePlane } from './use-plane.ts';

/** A view belongs to the plane it was turned to: another plane is shown whole. */
interface ViewOfPlane {
  readonly plane: object | null;
  readonly view: View;
}

export function MapView() {
  const exhibit = useExhibit();
  const colour = useExplorer((state) => state.colour);
  const colours = useMapColours();
  const { columns, description } = exhibit;
  const { colouring, problem } = useMemo(
    () => colouringOf({ columns, description }, colour, colours),
    [columns, description, colour, colours],
  );
  const state = usePlane();
  const plane = state.step === 'ready' ? state.shown.plane : null;
  const [turned, setTurned] = useState<ViewOfPlane>({ plane: null, view: WHOLE });
  const onView = (change: (view: View) => View) =>
    setTurned((before) => ({ plane, view: change(before.plane === plane ? before.view : WHOLE) }));
  return (
    <section className="map" aria-label={`Map of ${description.objects.toLocaleString('en')} objects`}>
      <Toolbar problem={problem} onWhole={() => onView(() => WHOLE)} />
      {problem !== null && (
        <p className="map-problem" role="status">
          {problem}
        </p>
      )}
      {state.step === 'ready' && (
        <MapStage
          shown={state.shown}
          colouring={colouring}
          view={turned.plane === plane ? turned.view : WHOLE}
          onView={onView}
        />
      )}
      {state.step === 'computing' && (
        <p className="map-message waiting" role="status">
          The UMAP is being computed; that takes up to a minute for 50,000 objects …
        </p>
      )}
      {state.step === 'failed' && (
        <p className="map-message problem" role="alert">
          {state.problem}
        </p>
      )}
      <Legend colouring={colouring} />
    </section>
  );
}
