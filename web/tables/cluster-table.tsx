import { useMemo } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { change, select, useExplorer } from '../state/store.ts';
import { columnOfRole } from './object-words.ts';
import { inBoth } from './order.ts';
import { classCounts } from './statistics.ts';

interface ClusterRows {
  readonly cluster: number;
  readonly rows: Uint32Array;
  readonly commonest: string;
}

/** The run's groups of objects; a click selects one. */
export function ClusterTable() {
  const exhibit = useExhibit();
  const { columns, shown } = exhibit;
  const selection = useExplorer((state) => state.selection);
  const column = columnOfRole(exhibit, 'cluster');
  const clusters = useMemo(() => {
    if (column?.kind !== 'number') return [];
    const classes = columnOfRole({ columns }, 'class');
    return rowsByCluster(column.values).map(([cluster, rows]): ClusterRows => {
      const [first] = classes?.kind === 'category' ? classCounts(classes, rows) : [];
      const share = first === undefined ? '' : ` (${Math.round((100 * first.count) / rows.length)}%)`;
      return { cluster, rows, commonest: first === undefined ? '–' : (first.category ?? 'not known') + share };
    });
  }, [column, columns]);
  if (column === undefined || clusters.length === 0) {
    return <p className="muted">This run was opened without clusters.</p>;
  }
  const colour = () => change({ colour: { by: 'column', name: column.description.name } });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section className="rows" aria-label="Clusters" tabIndex={0} data-own-arrows="">
      <table>
        <thead>
          <tr>
            <th scope="col">cluster</th>
            <th scope="col" className="number">
              objects
            </th>
            <th scope="col" className="number">
              selected
            </th>
            <th scope="col">commonest class</th>
          </tr>
        </thead>
        <tbody>
          {clusters.map(({ cluster, rows, commonest }) => (
            <tr key={cluster}>
              <th scope="row">
                <button
                  type="button"
                  className="row-button"
                  title="Select its objects"
                  onClick={() => select(inBoth(rows, shown))}
                >
                  {cluster < 0 ? 'none' : cluster}
                </button>
              </th>
              <td className="number">{rows.length.toLocaleString('en')}</td>
              <td className="number">
                {selection === null ? '–' : (inBoth(rows, selection)?.length ?? 0).toLocaleString('en')}
              </td>
              <td>{commonest}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <button type="button" onClick={colour}>
          Colour the map by cluster
        </button>
      </p>
    </section>
  );
}

function rowsByCluster(values: Float64Array): (readonly [number, Uint32Array])[] {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < values.length; row++) {
    const cluster = values[row];
    if (Number.isNaN(cluster)) continue;
    const members = rows.get(cluster);
    if (members === undefined) rows.set(cluster, [row]);
    else members.push(row);
  }
  return [...rows].sort(([a], [b]) => a - b).map(([cluster, members]) => [cluster, Uint32Array.from(members)] as const);
}
