/** The one store of the page. Panels read slices of it with `useExplorer` and change it with `change` or `select`. */
import { create } from 'zustand';
import { type ExplorerState, INITIAL_STATE, type Selection } from './explorer-state.ts';

interface Undoable {
  readonly past: readonly Selection[];
  readonly future: readonly Selection[];
}

export type ExplorerStore = ExplorerState & Undoable;

/** Selections that can be undone. */
const REMEMBERED = 50;

export const useExplorer = create<ExplorerStore>(() => ({ ...INITIAL_STATE, past: [], future: [] }));

/** Sets part of the state; selections go through `select`, which can be undone. */
export function change(part: Partial<Omit<ExplorerState, 'selection'>>): void {
  useExplorer.setState(part);
}

export function select(selection: Selection): void {
  useExplorer.setState(({ selection: before, past }) => ({
    selection: selection !== null && selection.length === 0 ? null : selection,
    past: [...past, before].slice(-REMEMBERED),
    future: [],
  }));
}

export function undoSelection(): void {
  useExplorer.setState(({ selection, past, future }) => {
    if (past.length === 0) return {};
    return { selection: past[past.length - 1], past: past.slice(0, -1), future: [selection, ...future] };
  });
}

export function redoSelection(): void {
  useExplorer.setState(({ selection, past, future }) => {
    if (future.length === 0) return {};
    return { selection: future[0], past: [...past, selection], future: future.slice(1) };
  });
}

/** Shows one object's spectrum, or adds it to (or takes it from) those shown. */
export function choose(row: number, { add = false }: { readonly add?: boolean } = {}): void {
  useExplorer.setState(({ chosen }) => {
    if (!add) return { chosen: [row] };
    if (chosen.includes(row)) return { chosen: chosen.filter((other) => other !== row) };
    return { chosen: [...chosen, row].slice(-MOST_CHOSEN) };
  });
}

const MOST_CHOSEN = 8;
