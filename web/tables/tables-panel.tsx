import { useMemo, useState } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { useExplorer } from '../state/store.ts';
import '../style/tables.css';
import { ClusterTable } from './cluster-table.tsx';
import { ExportButtons } from './export-buttons.tsx';
import { ObjectTable } from './object-table.tsx';
import { inBoth } from './order.ts';
import { OutlierTable } from './outlier-table.tsx';
import { StatisticsView } from './statistics-view.tsx';

type TableName = 'objects' | 'outliers' | 'clusters' | 'statistics';

/** What is selected and passes the filter, or all that passes it when nothing is selected. */
export function TablesPanel() {
  const { shown, description } = useExhibit();
  const selection = useExplorer((state) => state.selection);
  const rows = useMemo(() => inBoth(selection, shown), [selection, shown]);
  const [table, setTable] = useState<TableName>('objects');
  const count = (rows?.length ?? description.objects).toLocaleString('en');
  const titles: readonly (readonly [TableName, string])[] = [
    ['objects', selection === null ? `Objects ${count}` : `Selection ${count}`],
    ['statistics', 'Statistics'],
    ['outliers', 'Outliers'],
    ['clusters', 'Clusters'],
  ];
  return (
    <div className="tables">
      <div className="row">
        {titles.map(([name, title]) => (
          <button key={name} type="button" aria-pressed={name === table} onClick={() => setTable(name)}>
            {title}
          </button>
        ))}
      </div>
      {table === 'objects' && <ObjectTable rows={rows} label={selection === null ? 'Objects' : 'Selected objects'} />}
      {table === 'outliers' && <OutlierTable />}
      {table === 'clusters' && <ClusterTable />}
      {table === 'statistics' && <StatisticsView rows={rows} />}
      <ExportButtons rows={rows} />
    </div>
  );
}
