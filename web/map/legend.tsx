import { select } from '../state/store.ts';
import { shownNumber } from '../tables/object-words.ts';
import { type Colouring, cividis, type LegendEntry, viridis } from './colouring.ts';
import { showAllEntries, toggleHidden, useMapSettings } from './map-settings.ts';

export function Legend({ colouring }: { readonly colouring: Colouring }) {
  return (
    <section className="map-legend" aria-label={`Legend: ${colouring.title}`}>
      <h2 title={colouring.title}>{colouring.title}</h2>
      {colouring.kind === 'categories' && <Entries colouring={colouring} />}
      {colouring.kind === 'numbers' && (
        <Ramp palette={viridis} low={shownNumber(colouring.low)} high={shownNumber(colouring.high)} />
      )}
      {colouring.kind === 'numbers' && colouring.missing > 0 && (
        <span className="muted small">grey: {colouring.missing.toLocaleString('en')} not known</span>
      )}
      {colouring.kind === 'density' && <Ramp palette={cividis} low="few objects" high="many (logarithmic)" />}
    </section>
  );
}

function Ramp({
  palette,
  low,
  high,
}: {
  readonly palette: readonly string[];
  readonly low: string;
  readonly high: string;
}) {
  return (
    <span className="ramp">
      <span>{low}</span>
      <span className="ramp-colours" style={{ background: `linear-gradient(to right, ${palette.join(', ')})` }} />
      <span>{high}</span>
    </span>
  );
}

function Entries({ colouring }: { readonly colouring: Colouring & { kind: 'categories' } }) {
  const hidden = useMapSettings((state) => state.hidden);
  return (
    <ul>
      {colouring.entries.map((entry) => (
        <Entry key={entry.label} entry={entry} codes={colouring.codes} isHidden={hidden.has(entry.label)} />
      ))}
      {hidden.size > 0 && (
        <li>
          <button type="button" className="quiet small" onClick={showAllEntries}>
            show all
          </button>
        </li>
      )}
    </ul>
  );
}

interface EntryProps {
  readonly entry: LegendEntry;
  readonly codes: Uint8Array;
  readonly isHidden: boolean;
}

function Entry({ entry: { label, colour, count, code }, codes, isHidden }: EntryProps) {
  const shownCount = count.toLocaleString('en');
  return (
    <li className={isHidden ? 'entry off' : 'entry'}>
      <button
        type="button"
        className="quiet swatch"
        aria-pressed={!isHidden}
        aria-label={`${label} on the map`}
        title={isHidden ? `Show ${label}` : `Hide ${label}`}
        onClick={() => toggleHidden(label)}
      >
        <span style={{ background: isHidden ? 'transparent' : colour, borderColor: colour }} />
      </button>
      <button
        type="button"
        className="quiet"
        aria-label={`Select ${label}, ${shownCount} objects`}
        title={`Select all ${shownCount}`}
        onClick={() => select(rowsOf(codes, code))}
      >
        {label} <span className="muted">{shownCount}</span>
      </button>
    </li>
  );
}

function rowsOf(codes: Uint8Array, code: number): Uint32Array {
  const rows = new Uint32Array(codes.length);
  let count = 0;
  for (let row = 0; row < codes.length; row++) if (codes[row] === code) rows[count++] = row;
  return rows.slice(0, count);
}
