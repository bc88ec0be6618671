import { Fragment, useEffect, useRef } from 'react';
import { useExhibits } from '../data/use-exhibit.ts';
import { MOST_ROWS_IN_ADDRESS } from '../state/address.ts';
import { KEYS } from './keyboard.ts';

const EXAMPLES = [
  'z < 0.1 and snr > 20 and class = "AGN"',
  '0.02 < z < 0.05',
  'class in ("AGN", "star-forming") or snr is missing',
  'log10(snr) * 2 - abs(z1)',
];

export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { software } = useExhibits();
  useEffect(() => {
    // In the development build React mounts twice, and an open dialog cannot be opened.
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="help-title" onClose={onClose}>
      <div className="row">
        <h2 id="help-title">Help</h2>
        <span className="spacer" />
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <h3>Keys</h3>
      <dl className="keys">
        {KEYS.map(([keys, does]) => (
          <Fragment key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </Fragment>
        ))}
      </dl>
      <h3>Map</h3>
      <p>
        Drag to move, turn the wheel or pinch to zoom. A click shows an object; with shift it is added to those shown.
        Lasso and box select; with shift they add to the selection, with alt they take from it.
      </p>
      <h3>Filters and colours by expression</h3>
      <p>
        For example{' '}
        {EXAMPLES.map((example, at) => (
          <Fragment key={example}>
            {at > 0 && ', '}
            <code>{example}</code>
          </Fragment>
        ))}
        .
      </p>
      <p>
        Expressions know + − * / ^, log10, ln, exp, sqrt, abs, min, max; and, or, not; in, is missing. A name that is
        not a plain word stands in backticks. A value that is missing satisfies no comparison.
      </p>
      <h3>Your own spectra</h3>
      <p>
        Drop FITS or CSV files anywhere on the page, or open them: each is moved to its rest frame, encoded, and shown
        on the map with its uncertainty.
      </p>
      <h3>Address</h3>
      <p>
        The address of the page holds what you see: copy it to bring a colleague here. A selection of more than{' '}
        {MOST_ROWS_IN_ADDRESS} objects is not kept in it; use a filter in its place.
      </p>
      <p className="muted small">{software}</p>
    </dialog>
  );
}
