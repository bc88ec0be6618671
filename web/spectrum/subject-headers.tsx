import type { PlacedSpectrum } from '../../src/explorer/index.ts';
import { RedshiftForm } from '../placing/redshift-form.tsx';
import { change, useExplorer } from '../state/store.ts';
import { orUnknown } from './object-labels.ts';
import { TRACE_COLOURS } from './palette.ts';
import type { Subject } from './subject.ts';

export function SubjectHeaders({ subjects }: { readonly subjects: readonly Subject[] }) {
  const dropped = useExplorer((state) => state.dropped);
  return (
    <ul className="subjects" aria-label="Spectra shown">
      {subjects.map((subject, at) => (
        <li key={subject.key} className="subject">
          {subjects.length > 1 && (
            <i className="swatch" style={{ background: `var(${TRACE_COLOURS[at % TRACE_COLOURS.length]})` }} />
          )}
          <strong>{subject.name}</strong>
          <button
            type="button"
            className="quiet icon"
            aria-label={`Close ${subject.name}`}
            title="Close this spectrum"
            onClick={() => close(subject)}
          >
            ×
          </button>
          {subject.facts.map(([name, value]) => (
            <span key={name}>
              <span className="muted">{name}</span> {value}
            </span>
          ))}
          <Brought placed={dropped[droppedAt(subject) ?? -1]} />
          {subjects.length === 1 ? (
            <Labels subject={subject} />
          ) : (
            subject.labels.length > 0 && (
              <details className="more-labels">
                <summary>labels</summary>
                <Labels subject={subject} />
              </details>
            )
          )}
          {subject.warnings.map((warning) => (
            <span key={warning} className="subject-warning">
              {warning}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

function Brought({ placed }: { readonly placed: PlacedSpectrum | undefined }) {
  // Begun anew when it was placed again.
  return placed === undefined ? null : <RedshiftForm key={`${placed.id} ${placed.redshift}`} placed={placed} />;
}

function Labels({ subject: { labels, name: subject } }: { readonly subject: Subject }) {
  if (labels.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section className="subject-labels" aria-label={`Labels of ${subject}`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">label</th>
            {labels.map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(['measured', 'predicted'] as const)
            .filter((kind) => labels.some((label) => label[kind] !== null))
            .map((kind) => (
              <tr key={kind}>
                <th scope="row">{kind}</th>
                {labels.map((label) => (
                  <td key={label.title}>{orUnknown(label[kind])}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

function close({ key }: Pick<Subject, 'key'>): void {
  const { chosen, dropped } = useExplorer.getState();
  const brought = droppedAt({ key });
  if (brought === null) change({ chosen: chosen.filter((row) => String(row) !== key) });
  else change({ dropped: dropped.filter((_, at) => at !== brought) });
}

/** Where a spectrum stands among those that the reader brought; null for an object of the exhibit. */
function droppedAt({ key }: Pick<Subject, 'key'>): number | null {
  const brought = /^dropped (\d+)$/.exec(key)?.[1];
  return brought === undefined ? null : Number(brought);
}
