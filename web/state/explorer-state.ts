/**
 * Everything the page shows follows from this record. What belongs in an address (`address.ts`) is everything but
 * `dropped` and `pointer`, so a link brings a colleague to the same view.
 */
import type { PlacedSpectrum } from '../../src/explorer/index.ts';

export type MapPlane =
  /** Axes of falling variance, counted from 0. */
  | { readonly kind: 'turned'; readonly x: number; readonly y: number }
  /** The run's own latents. */
  | { readonly kind: 'own'; readonly x: number; readonly y: number }
  | { readonly kind: 'umap' };

export type ColourBy =
  | { readonly by: 'column'; readonly name: string }
  | { readonly by: 'expression'; readonly text: string }
  | { readonly by: 'density' };

export type PanelName = 'spectrum' | 'generate' | 'tracks' | 'tables' | 'corner';

/** Rows of the dataset, ascending; null = nothing selected. */
export type Selection = Uint32Array | null;

/** What the generator shows: a point of latent space, or labels that leave the point to the model. */
export type Asked =
  | { readonly by: 'latents'; readonly latent: readonly number[] }
  | { readonly by: 'labels'; readonly labels: Readonly<Record<string, number>> };

export interface TrackPosition {
  /** Index into the run's tracks, or `drawn` for the path drawn on the map. */
  readonly track: number | 'drawn';
  /** From 0 at the first point to 1 at the last. */
  readonly at: number;
}

export interface ExplorerState {
  readonly exhibit: string;
  readonly run: string;
  readonly plane: MapPlane;
  readonly colour: ColourBy;
  /** An expression; '' shows every object. */
  readonly filter: string;
  readonly selection: Selection;
  /** Rows in the spectrum panel, at most 8; the first is the one that arrow keys move. */
  readonly chosen: readonly number[];
  /** Further runs whose reconstruction is shown beside that of `run`. */
  readonly compared: readonly string[];
  readonly panel: PanelName;
  readonly frame: 'rest' | 'observed';
  /** Species of lines that are marked; `all` names for everything. */
  readonly species: readonly string[];
  /** Vertical distance between overlaid spectra, in units of flux. */
  readonly offset: number;
  readonly showTruth: boolean;
  /** null: where the first chosen object is. */
  readonly asked: Asked | null;
  readonly trackPosition: TrackPosition;
  /** A path drawn on the map: points of the run's own latents. */
  readonly drawnPath: readonly (readonly number[])[];
  readonly theme: 'light' | 'dark' | 'system';
  /** Spectra that the reader brought. */
  readonly dropped: readonly PlacedSpectrum[];
  /** The object under the pointer. */
  readonly pointer: number | null;
}

export const INITIAL_STATE: ExplorerState = {
  exhibit: '',
  run: '',
  plane: { kind: 'turned', x: 0, y: 1 },
  colour: { by: 'column', name: 'class' },
  filter: '',
  selection: null,
  chosen: [],
  compared: [],
  panel: 'spectrum',
  frame: 'rest',
  species: ['emission'],
  offset: 0,
  showTruth: false,
  asked: null,
  trackPosition: { track: 0, at: 0 },
  drawnPath: [],
  theme: 'system',
  dropped: [],
  pointer: null,
};
