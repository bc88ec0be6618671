import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { useOpenEngine } from '../engine/use-engine.ts';
import { dismissPlacing, placeFiles, usePlacing } from './place-files.ts';
import './placing.css';

function usePlace(): (files: Iterable<File>) => void {
  const opening = useOpenEngine();
  const { run } = useExhibit();
  return (files) => {
    if (opening.step === 'open') void placeFiles(opening.engine, run.entry.name, [...files]);
    if (opening.step === 'failed')
      usePlacing.setState({ notes: [{ file: '', kind: 'failed', text: opening.problem }] });
  };
}

/** Wraps the page: spectra that are dropped anywhere on it are placed on the map. */
export function DropTarget({ children }: { readonly children: ReactNode }) {
  const place = usePlace();
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(true);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files can be chosen by the button, too (FileButton)
    <div
      className="drop-target"
      onDragEnter={over}
      onDragOver={over}
      onDragLeave={(event) => event.relatedTarget === null && setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        place(event.dataTransfer.files);
      }}
    >
      <PlacingNotes />
      {children}
      {isOver && (
        <div className="drop-veil">
          <p>Drop spectra here: FITS or CSV</p>
        </div>
      )}
    </div>
  );
}

/** For who cannot or will not drag. */
export function FileButton() {
  const place = usePlace();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        onClick={() => input.current?.click()}
        title="Place your own spectra, FITS or CSV, on the map"
      >
        Open spectra …
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept=".fits,.fit,.fits.gz,.gz,.csv,.txt"
        aria-label="Spectra to place"
        onChange={({ target }) => {
          place(target.files ?? []);
          // The same file may be chosen again.
          target.value = '';
        }}
      />
    </>
  );
}

function PlacingNotes() {
  const notes = usePlacing((state) => state.notes);
  return (
    <div className="placing-notes" role="status">
      {notes.length > 0 && (
        <div className="placing-card">
          {notes.map(({ file, kind, text }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: notes are only ever added before all others
            <p key={`${notes.length - at}`} className={kind}>
              {text.includes(file) ? null : <strong>{file}</strong>} {text}
            </p>
          ))}
          <button type="button" onClick={dismissPlacing}>
            Dismiss
          </button>
        </div>
      )}
    </div>
  );
}
