import { change, useExplorer } from '../state/store.ts';
import { orUnknown } from './object-labels.ts';
import { TRACE_COLOURS } from './palette.ts';
import type { Subject } from './subject.ts';

export function SubjectHeaders({ subjects }: { readonly subjects: readonly Subject[] }) {
  return (
    <ul className="subjects" aria-label="Spectra shown">
      {subjects.map((subject, at) => (
        <li key={subject.key} className="subject">
          {subjects.length > 1 && (
            <i className="swatch" style={{ background: `var(${TRACE_COLOURS[at % TRACE_COLOURS.length]})` }} />
          )}
          <strong>{subject.name}</strong>
          {subject.facts.map(([name, value]) => (
            <span key={name}>
              <span className="muted">{name}</span> {value}
            </span>
          ))}
          <button
            type="button"
            className="quiet icon"
            aria-label={`Close ${subject.name}`}
            onClick={() => close(subject)}
          >
            ×
          </button>
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

function Labels({ subject: { labels } }: { readonly subject: Subject }) {
  if (labels.length === 0) return null;
  return (
    <table className="subject-labels">
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
  );
}

function close({ key }: Pick<Subject, 'key'>): void {
  const { chosen, dropped } = useExplorer.getState();
  const brought = /^dropped (\d+)$/.exec(key)?.[1];
  if (brought === undefined) change({ chosen: chosen.filter((row) => String(row) !== key) });
  else change({ dropped: dropped.filter((_, at) => at !== Number(brought)) });
}
