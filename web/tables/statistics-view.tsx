import { useEffect, useMemo, useState } from 'react';
import type { NumberColumn } from '../data/exhibit-data.ts';
import { useExhibit } from '../data/use-exhibit.ts';
import { columnsShown } from './columns-shown.ts';
import { columnOfRole, shownNumber } from './object-words.ts';
import { classCounts, type Histogram, histogramOf, type NumberStatistics, statisticsOf } from './statistics.ts';

/** @param rows ascending; null = every object */
export function StatisticsView({ rows }: { readonly rows: Uint32Array | null }) {
  const { columns, description } = useExhibit();
  const numbers = useMemo(
    () => columnsShown({ columns }).filter((column): column is NumberColumn => column.kind === 'number'),
    [columns],
  );
  const statistics = useStatistics(numbers, rows);
  const [wanted, setWanted] = useState('');
  const column = numbers.find(({ description: { name } }) => name === wanted) ?? numbers[0];
  const count = rows?.length ?? description.objects;
  return (
    <section className="statistics" aria-label="Statistics">
      <ClassBars rows={rows} />
      {column !== undefined && (
        <div>
          <label className="field">
            Histogram of
            <select value={column.description.name} onChange={({ target }) => setWanted(target.value)}>
              {numbers.map(({ description: { name, title } }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </select>
          </label>
          <HistogramView column={column} rows={rows} />
        </div>
      )}
      <table className="summary">
        <thead>
          <tr>
            <th scope="col">of {count.toLocaleString('en')} objects</th>
            <th scope="col" className="number">
              known
            </th>
            <th scope="col" className="number">
              median
            </th>
            <th scope="col" className="number" title="Half the width of the middle 68%">
              scatter
            </th>
          </tr>
        </thead>
        <tbody>
          {numbers.map(({ description: { name, title } }) => {
            const values = statistics.get(name);
            return (
              <tr key={name}>
                <th scope="row">{title}</th>
                <td className="number">{values === undefined ? '…' : values.known.toLocaleString('en')}</td>
                <td className="number">{values === undefined ? '…' : shownNumber(values.median)}</td>
                <td className="number">{values === undefined ? '…' : shownNumber(values.scatter)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** One column after another with a pause between, so that a large selection does not stop the page. */
function useStatistics(
  numbers: readonly NumberColumn[],
  rows: Uint32Array | null,
): ReadonlyMap<string, NumberStatistics> {
  const [statistics, setStatistics] = useState<ReadonlyMap<string, NumberStatistics>>(new Map());
  useEffect(() => {
    const found = new Map<string, NumberStatistics>();
    let timer: ReturnType<typeof setTimeout>;
    const next = (at: number) => {
      if (at === numbers.length) {
        setStatistics(found);
        return;
      }
      found.set(numbers[at].description.name, statisticsOf(numbers[at].values, rows));
      timer = setTimeout(() => next(at + 1));
    };
    timer = setTimeout(() => next(0));
    return () => clearTimeout(timer);
  }, [numbers, rows]);
  return statistics;
}

function ClassBars({ rows }: { readonly rows: Uint32Array | null }) {
  const exhibit = useExhibit();
  const column = columnOfRole(exhibit, 'class');
  const counts = useMemo(() => (column?.kind === 'category' ? classCounts(column, rows) : []), [column, rows]);
  if (counts.length === 0) return null;
  const most = counts[0].count;
  return (
    <ul className="class-bars" aria-label="Objects by class">
      {counts.map(({ category, count }) => (
        <li key={category ?? ''}>
          <span className={category === null ? 'muted' : undefined}>{category ?? 'not known'}</span>
          <span className="bar">
            <span style={{ width: `${(100 * count) / most}%` }} />
          </span>
          <span className="number">{count.toLocaleString('en')}</span>
        </li>
      ))}
    </ul>
  );
}

const BINS = 40;
const [WIDTH, HEIGHT] = [400, 90];

function HistogramView({ column, rows }: { readonly column: NumberColumn; readonly rows: Uint32Array | null }) {
  const histogram = useMemo(() => histogramOf(column.values, rows, BINS), [column, rows]);
  if (histogram === null) return <p className="muted">No object has a value.</p>;
  const { low, high, all, chosen } = histogram;
  const words = chosen === null ? '' : ', the selection in colour and scaled to the same height';
  return (
    <figure className="histogram">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Histogram of ${column.description.title}${words}`}
      >
        <path className="all" d={steps(all)} />
        {chosen !== null && <path className="of-selection" d={steps(chosen)} />}
      </svg>
      <figcaption className="small muted">
        <span>{shownNumber(low)}</span>
        <span>{chosen === null ? 'all objects' : 'all objects grey · selection scaled to them'}</span>
        <span>{shownNumber(high)}</span>
      </figcaption>
    </figure>
  );
}

function steps(counts: Histogram['all']): string {
  const most = counts.reduce((highest, count) => Math.max(highest, count), 1);
  const step = WIDTH / counts.length;
  const tops = Array.from(counts, (count, bin) => `V${(HEIGHT * (1 - count / most)).toFixed(1)}H${(bin + 1) * step}`);
  return `M0 ${HEIGHT}${tops.join('')}V${HEIGHT}Z`;
}
