import { type FormEvent, useId, useState } from 'react';
import type { PlacedSpectrum } from '../../src/explorer/index.ts';
import { useExhibit } from '../data/use-exhibit.ts';
import { useOpenEngine } from '../engine/use-engine.ts';
import { placeAgain } from './place-files.ts';

/** For a redshift that the reader knows better than the file or the fit. */
export function RedshiftForm({ placed }: { readonly placed: PlacedSpectrum }) {
  const id = useId();
  const { run } = useExhibit();
  const opening = useOpenEngine();
  const [text, setText] = useState(String(Number(placed.redshift.toFixed(DECIMALS))));
  const [isBusy, setBusy] = useState(false);
  const redshift = text.trim() === '' ? Number.NaN : Number(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (opening.step !== 'open') return;
    setBusy(true);
    void placeAgain(opening.engine, run.entry.name, placed, redshift).finally(() => setBusy(false));
  };
  return (
    <form className="redshift-form row" onSubmit={submit}>
      <label htmlFor={id}>z =</label>
      <input
        id={id}
        type="number"
        step="any"
        title={`Redshift of ${placed.id}`}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <button type="submit" disabled={isBusy || opening.step !== 'open' || !(redshift > -1)}>
        place again
      </button>
    </form>
  );
}

/** A redshift to a km/s or so. */
const DECIMALS = 5;
