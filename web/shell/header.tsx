import type { Exhibits } from '../../src/explorer/index.ts';
import type { LoadedExhibit } from '../data/load-exhibit.ts';
import type { ExplorerState } from '../state/explorer-state.ts';
import { change, redoSelection, undoSelection, useExplorer } from '../state/store.ts';

interface HeaderProps {
  readonly exhibits: Exhibits | null;
  readonly exhibit: LoadedExhibit | null;
  readonly onHelp: () => void;
}

export function Header({ exhibits, exhibit, onHelp }: HeaderProps) {
  return (
    <header className="header">
      <h1>Lightfold</h1>
      {exhibits !== null && <ExhibitPicker exhibits={exhibits} />}
      {exhibit !== null && <RunPicker exhibit={exhibit} />}
      {exhibit !== null && <About exhibit={exhibit} />}
      <span className="spacer" />
      <History />
      <ThemePicker />
      <button
        type="button"
        className="icon"
        aria-label="Help: keys, filters, colours"
        title="Help (?)"
        onClick={onHelp}
      >
        ?
      </button>
    </header>
  );
}

function ExhibitPicker({ exhibits }: { readonly exhibits: Exhibits }) {
  const name = useExplorer((state) => state.exhibit);
  if (exhibits.exhibits.length < 2) return null;
  return (
    <label className="field">
      Dataset
      <select value={name} onChange={({ target }) => openExhibit(target.value)}>
        {exhibits.exhibits.map((entry) => (
          <option key={entry.name} value={entry.name}>
            {entry.title} ({entry.objects.toLocaleString('en')})
          </option>
        ))}
      </select>
    </label>
  );
}

/** Rows mean other objects in another dataset, so nothing that names rows or columns goes along. */
function openExhibit(exhibit: string): void {
  change({ exhibit, run: '', filter: '', chosen: [], compared: [], dropped: [], pointer: null, ...RUN_STARTS });
  useExplorer.setState({ selection: null, past: [], future: [] });
}

/** Another run has other latents: points of the old one's space mean nothing in it. */
const RUN_STARTS = {
  asked: null,
  drawnPath: [],
  trackPosition: { track: 0, at: 0 },
  plane: { kind: 'turned', x: 0, y: 1 },
} as const satisfies Partial<ExplorerState>;

function RunPicker({ exhibit }: { readonly exhibit: LoadedExhibit }) {
  const { runs } = exhibit.description;
  if (runs.length < 2) return null;
  const open = (run: string) => change({ run, compared: [], ...RUN_STARTS });
  return (
    <label className="field">
      Model
      <select value={exhibit.run.entry.name} onChange={({ target }) => open(target.value)}>
        {runs.map((run) => (
          <option key={run.name} value={run.name}>
            {run.title === run.name ? run.title : `${run.title} · ${run.name}`}
          </option>
        ))}
      </select>
    </label>
  );
}

function About({ exhibit: { description, run } }: { readonly exhibit: LoadedExhibit }) {
  const objects = description.objects.toLocaleString('en');
  return (
    <span className="about">
      {description.title} · {objects} objects · {run.entry.title}, {run.entry.latents} latents
    </span>
  );
}

function History() {
  const canUndo = useExplorer((state) => state.past.length > 0);
  const canRedo = useExplorer((state) => state.future.length > 0);
  return (
    <span className="row">
      <button
        type="button"
        className="icon"
        disabled={!canUndo}
        aria-label="Undo selection"
        title="Undo selection (u)"
        onClick={undoSelection}
      >
        ↶
      </button>
      <button
        type="button"
        className="icon"
        disabled={!canRedo}
        aria-label="Redo selection"
        title="Redo selection (shift-u)"
        onClick={redoSelection}
      >
        ↷
      </button>
    </span>
  );
}

const THEMES: readonly (readonly [ExplorerState['theme'], string])[] = [
  ['system', 'as the system'],
  ['light', 'light'],
  ['dark', 'dark'],
];

function ThemePicker() {
  const theme = useExplorer((state) => state.theme);
  const choose = (value: string) => {
    const chosen = THEMES.find(([name]) => name === value);
    if (chosen !== undefined) change({ theme: chosen[0] });
  };
  return (
    <label className="field">
      Theme
      <select value={theme} onChange={({ target }) => choose(target.value)}>
        {THEMES.map(([name, title]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
