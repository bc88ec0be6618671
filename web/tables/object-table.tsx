import { useMemo, useState } from 'react';
import type { PageColumn } from '../data/exhibit-data.ts';
import { useExhibit } from '../data/use-exhibit.ts';
import { choose, useExplorer } from '../state/store.ts';
import { columnsShown } from './columns-shown.ts';
import { objectName, shownCell } from './object-words.ts';
import { orderBy, ordered, type SortBy } from './order.ts';
import { RowWindow } from './row-window.tsx';
import { sdssPage } from './sdss-page.ts';

const ROW_HEIGHT = 28;

/** @param rows ascending; null = every object */
export function ObjectTable({ rows, label }: { readonly rows: Uint32Array | null; readonly label: string }) {
  const exhibit = useExhibit();
  const { columns, description } = exhibit;
  const [sort, setSort] = useState<SortBy | null>(null);
  const shown = useMemo(() => columnsShown({ columns }), [columns]);
  const order = useMemo(() => {
    const column = sort === null ? undefined : columns.get(sort.column);
    return column === undefined ? null : orderBy(column, description.objects, sort?.isDescending ?? false);
  }, [columns, sort, description]);
  const list = useMemo(() => ordered(order, rows, description.objects), [order, rows, description]);
  const id = shown.find((column) => column.description.role === 'id');
  const others = shown.filter((column) => column !== id);
  const pointed = useExplorer((state) => state.chosen);
  const hasPages = useMemo(
    () => list.length > 0 && sdssPage(objectName({ columns }, list[0])) !== null,
    [columns, list],
  );
  if (list.length === 0) return <p className="muted">No object passes the filter; loosen it.</p>;
  return (
    <RowWindow
      label={label}
      rows={list.length}
      rowHeight={ROW_HEIGHT}
      columns={others.length + 2}
      head={
        <>
          <Head column={id} title="object" sort={sort} onSort={setSort} />
          {hasPages && <th scope="col">SDSS</th>}
          {others.map((column) => (
            <Head key={column.description.name} column={column} sort={sort} onSort={setSort} />
          ))}
        </>
      }
      renderRow={(at) => {
        const row = list[at];
        return (
          <tr key={row} aria-rowindex={at + 2} className={pointed.includes(row) ? 'chosen' : undefined}>
            <NameCell row={row} />
            {hasPages && <PageCell id={objectName({ columns }, row)} />}
            {others.map((column) => (
              <td key={column.description.name} className={column.kind}>
                {shownCell(column, row)}
              </td>
            ))}
          </tr>
        );
      }}
    />
  );
}

interface NameCellProps {
  readonly row: number;
  /** Stands below the name. */
  readonly note?: string;
}

/** The button covers its row, so that a click anywhere in it chooses the object. */
export function NameCell({ row, note = '' }: NameCellProps) {
  const name = objectName(useExhibit(), row);
  return (
    <th scope="row">
      <button
        type="button"
        className="row-button"
        title="Show this object; with shift, beside the others"
        onClick={(event) => choose(row, { add: event.shiftKey })}
      >
        {name}
      </button>
      {note !== '' && <div className="muted small">{note}</div>}
    </th>
  );
}

function PageCell({ id }: { readonly id: string }) {
  const page = sdssPage(id);
  return (
    <td className="page-link">
      {page !== null && (
        <a
          href={page}
          target="_blank"
          rel="noreferrer"
          aria-label={`page of ${id} at SDSS`}
          title="The object's page at SDSS"
        >
          page
        </a>
      )}
    </td>
  );
}

interface HeadProps {
  readonly column: PageColumn | undefined;
  readonly title?: string;
  readonly sort: SortBy | null;
  readonly onSort: (sort: SortBy | null) => void;
}

function Head({ column, title, sort, onSort }: HeadProps) {
  if (column === undefined) return <th scope="col">{title}</th>;
  const { name, title: words, unit } = column.description;
  const isSorted = sort?.column === name;
  const next = !isSorted
    ? { column: name, isDescending: false }
    : sort.isDescending
      ? null
      : { column: name, isDescending: true };
  return (
    <th
      scope="col"
      className={column.kind}
      aria-sort={isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className="quiet" title={`${words} (${name}): sort`} onClick={() => onSort(next)}>
        {title ?? words}
        {unit !== undefined && <span className="muted"> {unit}</span>}
        {isSorted && (sort.isDescending ? ' ↓' : ' ↑')}
      </button>
    </th>
  );
}
