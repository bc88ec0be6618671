import { useEffect, useState } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { sentence } from '../data/use-loaded-exhibit.ts';
import { saveFile } from '../export/save.ts';
import type { ExportFormat } from './export-rows.ts';
import { hubAnswers, sendTable } from './samp.ts';

const FORMATS: readonly (readonly [ExportFormat, string, string])[] = [
  ['csv', 'CSV', 'text/csv'],
  ['vot', 'VOTable', 'application/x-votable+xml'],
  ['parquet', 'Parquet', 'application/vnd.apache.parquet'],
];

/** @param rows ascending; null = every object */
export function ExportButtons({ rows }: { readonly rows: Uint32Array | null }) {
  const exhibit = useExhibit();
  const [said, setSaid] = useState('');
  const allRows = () => rows ?? Uint32Array.from({ length: exhibit.description.objects }, (_, row) => row);
  const attempt = (work: () => Promise<string>) => {
    setSaid('…');
    work().then(setSaid, (error: unknown) => setSaid(sentence(error)));
  };
  const save = async (format: ExportFormat, type: string) => {
    const { exportedBytes, exportName } = await import('./export-rows.ts');
    saveFile(`${exportName(exhibit)}.${format}`, exportedBytes(exhibit, allRows(), format).slice(), type);
    return '';
  };
  const send = async () => {
    const { exportedBytes, exportName } = await import('./export-rows.ts');
    const name = exportName(exhibit);
    await sendTable({ name, votable: exportedBytes(exhibit, allRows(), 'vot') });
    return 'Sent.';
  };
  return (
    <span className="row">
      <span className="muted">Export</span>
      {FORMATS.map(([format, title, type]) => (
        <button key={format} type="button" onClick={() => attempt(() => save(format, type))}>
          {title}
        </button>
      ))}
      <SendButton onSend={() => attempt(send)} />
      <span role="status" className="small">
        {said}
      </span>
    </span>
  );
}

function SendButton({ onSend }: { readonly onSend: () => void }) {
  const [hasHub, setHasHub] = useState(false);
  useEffect(() => {
    let isMounted = true;
    const look = () => {
      hubAnswers().then(
        (answers) => isMounted && setHasHub(answers),
        () => undefined,
      );
    };
    look();
    // Whoever comes back from starting TOPCAT finds the button ready.
    window.addEventListener('focus', look);
    return () => {
      isMounted = false;
      window.removeEventListener('focus', look);
    };
  }, []);
  const title = hasHub
    ? 'Send these objects to TOPCAT by SAMP'
    : 'No SAMP hub answers on this machine: start TOPCAT, then come back to this page';
  return (
    <>
      <button type="button" aria-disabled={!hasHub} title={title} onClick={() => hasHub && onSend()} className="send">
        TOPCAT
      </button>
      {!hasHub && <span className="heard">{title}</span>}
    </>
  );
}
