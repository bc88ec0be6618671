import { useCallback, useEffect, useState } from 'react';
import { ExhibitsContext } from '../data/use-exhibit.ts';
import { type Loading, useLoadedExhibit } from '../data/use-loaded-exhibit.ts';
import { MapView } from '../map/map-view.tsx';
import { DropTarget } from '../placing/drop-target.tsx';
import { followAddress } from '../state/follow-address.ts';
import '../style/tokens.css';
import '../style/controls.css';
import '../style/shell.css';
import { FilterBar } from '../tables/filter-bar.tsx';
import { Announcer } from './announcer.tsx';
import { ExhibitProvider } from './exhibit-provider.tsx';
import { Header } from './header.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { usePageKeys } from './keyboard.ts';
import { Panels } from './panels.tsx';
import { useThemedDocument } from './theme.ts';

export function App() {
  const [isReady, setReady] = useState(false);
  const [notes, setNotes] = useState<readonly string[]>([]);
  useEffect(() => {
    const stop = followAddress(setNotes);
    setReady(true);
    return stop;
  }, []);
  useThemedDocument();
  // What the address asks for is known after the first effect; loading before would load the wrong exhibit.
  return isReady ? <Page notes={notes} onNotes={setNotes} /> : null;
}

interface PageProps {
  readonly notes: readonly string[];
  readonly onNotes: (change: (notes: readonly string[]) => readonly string[]) => void;
}

function Page({ notes, onNotes }: PageProps) {
  const tell = useCallback((note: string) => onNotes((before) => [...new Set([...before, note])]), [onNotes]);
  const loading = useLoadedExhibit(tell);
  const [helps, setHelps] = useState(false);
  const openHelp = useCallback(() => setHelps(true), []);
  usePageKeys(openHelp);
  const exhibit = loading.step === 'loaded' ? loading.exhibit : null;
  return (
    <ExhibitsContext value={loading.exhibits}>
      <div className="page">
        <Header exhibits={loading.exhibits} exhibit={exhibit} onHelp={openHelp} />
        <Notices notes={notes} onClose={(note) => onNotes((before) => before.filter((other) => other !== note))} />
        <Work loading={loading} />
        {helps && loading.exhibits !== null && <HelpDialog onClose={() => setHelps(false)} />}
      </div>
    </ExhibitsContext>
  );
}

function Notices({ notes, onClose }: { readonly notes: readonly string[]; readonly onClose: (note: string) => void }) {
  return (
    <div className="notices" role="status">
      {notes.map((note) => (
        <div className="notice" key={note}>
          <span>{note}</span>
          <span className="spacer" />
          <button type="button" onClick={() => onClose(note)} aria-label={`Dismiss: ${note}`}>
            Dismiss
          </button>
        </div>
      ))}
    </div>
  );
}

function Work({ loading }: { readonly loading: Loading }) {
  if (loading.step === 'failed') {
    return (
      <main className="state failed" role="alert">
        <h2>This cannot be shown</h2>
        <p>{loading.problem}</p>
        <button type="button" onClick={loading.retry}>
          Try again
        </button>
      </main>
    );
  }
  if (loading.step === 'loading') {
    return (
      <main className="state" aria-busy="true">
        <p className="waiting">Loading {loading.what} …</p>
      </main>
    );
  }
  return (
    <ExhibitProvider
      exhibit={loading.exhibit}
      key={`${loading.exhibit.description.name}/${loading.exhibit.run.entry.name}`}
    >
      <FilterBar />
      <DropTarget>
        <main className="work">
          <MapView />
          <Panels />
        </main>
      </DropTarget>
      <Announcer />
    </ExhibitProvider>
  );
}
