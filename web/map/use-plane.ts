import { useEffect, useMemo, useState } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { sentence } from '../data/use-loaded-exhibit.ts';
import type { MapPlane } from '../state/explorer-state.ts';
import { useExplorer } from '../state/store.ts';
import { boundedPlane, linearPlane, type Plane, umapPlane } from './plane.ts';
import { PointIndex } from './point-index.ts';

export interface ShownPlane {
  readonly kind: MapPlane;
  readonly plane: Plane;
  readonly index: PointIndex;
}

export type PlaneState =
  | { readonly step: 'ready'; readonly shown: ShownPlane }
  | { readonly step: 'computing' }
  | { readonly step: 'failed'; readonly problem: string };

type Umap = { readonly step: 'ready'; readonly plane: Plane } | Exclude<PlaneState, { step: 'ready' }>;

/** The map's plane of the state; a UMAP may have to be computed first. */
export function usePlane(): PlaneState {
  const exhibit = useExhibit();
  const { run } = exhibit;
  const wanted = useExplorer((state) => state.plane);
  const kind = useMemo(() => boundedPlane(wanted, run.entry), [wanted, run]);
  const umap = useUmap(kind.kind === 'umap');
  const linear = useMemo(() => (kind.kind === 'umap' ? null : linearPlane({ run }, kind)), [kind, run]);
  const plane = linear ?? (umap.step === 'ready' ? umap.plane : null);
  return useMemo(() => {
    if (plane !== null) return { step: 'ready', shown: { kind, plane, index: new PointIndex(plane.positions) } };
    return umap.step === 'failed' ? umap : { step: 'computing' };
  }, [plane, kind, umap]);
}

function useUmap(isWanted: boolean): Umap {
  const { umap } = useExhibit();
  const [state, setState] = useState<Umap>({ step: 'computing' });
  useEffect(() => {
    if (!isWanted) return;
    let isCurrent = true;
    setState({ step: 'computing' });
    umap().then(
      (places) => isCurrent && setState({ step: 'ready', plane: umapPlane(places) }),
      (error: unknown) => isCurrent && setState({ step: 'failed', problem: sentence(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [isWanted, umap]);
  return state;
}
