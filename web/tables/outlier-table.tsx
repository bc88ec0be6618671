import { useMemo } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { useExplorer } from '../state/store.ts';
import { NameCell } from './object-table.tsx';
import { columnOfRole, shownCell, shownNumber } from './object-words.ts';
import { RowWindow } from './row-window.tsx';

const ROW_HEIGHT = 74;

/** The run's outliers that pass the filter, the strangest first, with what makes them so. */
export function OutlierTable() {
  const exhibit = useExhibit();
  const { outliers } = exhibit.run.entry;
  const { shown } = exhibit;
  const chosen = useExplorer((state) => state.chosen);
  const list = useMemo(() => {
    const passing = shown === null ? null : new Set(shown);
    return outliers.filter(({ row }) => passing === null || passing.has(row)).toSorted((a, b) => b.score - a.score);
  }, [outliers, shown]);
  const classes = columnOfRole(exhibit, 'class');
  if (outliers.length === 0) return <p className="muted">This run was opened without a list of outliers.</p>;
  if (list.length === 0) return <p className="muted">No outlier passes the filter; loosen it.</p>;
  return (
    <RowWindow
      label={`${list.length} outliers`}
      rows={list.length}
      rowHeight={ROW_HEIGHT}
      columns={4}
      head={
        <>
          <th scope="col">object</th>
          <th scope="col" className="number">
            score
          </th>
          <th scope="col" className="number">
            χ²/pixel
          </th>
          <th scope="col">reason</th>
        </>
      }
      renderRow={(at) => {
        const { row, score, chi2PerPixel, reasons } = list[at];
        const sentences = reasons.map(({ sentence }) => sentence).join('; ');
        return (
          <tr key={row} aria-rowindex={at + 2} className={chosen.includes(row) ? 'chosen' : undefined}>
            <NameCell row={row} note={classes === undefined ? '' : shownCell(classes, row)} />
            <td className="number">{shownNumber(score)}</td>
            <td className="number">{shownNumber(chi2PerPixel)}</td>
            <td className="reason" title={sentences}>
              <span>{sentences}</span>
            </td>
          </tr>
        );
      }}
    />
  );
}
