import { type ReactNode, useEffect, useRef, useState } from 'react';

interface RowWindowProps {
  readonly label: string;
  /** Cells of the head. */
  readonly head: ReactNode;
  readonly rows: number;
  /** CSS pixels, the same for each. */
  readonly rowHeight: number;
  readonly columns: number;
  /** A `tr`, keyed. */
  readonly renderRow: (at: number) => ReactNode;
}

/** Rows above and below what is seen, so that a flick of the wheel shows no gap. */
const SPARE = 8;
/** Browsers refuse elements higher than some 17 million pixels. */
const MOST_PIXELS = 15_000_000;

/** A table of which only the rows in sight exist. */
export function RowWindow({ label, head, rows, rowHeight, columns, renderRow }: RowWindowProps) {
  const scroller = useRef<HTMLElement>(null);
  const { top, height } = useScroll(scroller);
  const most = Math.min(rows, Math.floor(MOST_PIXELS / rowHeight));
  const from = Math.max(0, Math.min(most, Math.floor(top / rowHeight)) - SPARE);
  const to = Math.min(most, Math.ceil((top + height) / rowHeight) + SPARE);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section ref={scroller} className="rows" aria-label={label} tabIndex={0} data-own-arrows="">
      <table aria-rowcount={rows + 1}>
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>
          <Spacer height={from * rowHeight} columns={columns} />
          {Array.from({ length: Math.max(0, to - from) }, (_, i) => renderRow(from + i))}
          <Spacer height={Math.max(0, most - to) * rowHeight} columns={columns} />
        </tbody>
      </table>
      {most < rows && (
        <p className="muted small">
          The first {most.toLocaleString('en')} rows are listed; filter, or export for the rest.
        </p>
      )}
    </section>
  );
}

function Spacer({ height, columns }: { readonly height: number; readonly columns: number }) {
  if (height === 0) return null;
  return (
    <tr>
      <td className="spacer-cell" colSpan={columns} style={{ height }} />
    </tr>
  );
}

/** How far an element is scrolled and how much of it is seen, at most once a frame. */
function useScroll(scroller: React.RefObject<HTMLElement | null>) {
  const [scroll, setScroll] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let frame = 0;
    const read = () => {
      frame = 0;
      setScroll({ top: element.scrollTop, height: element.clientHeight });
    };
    const soon = () => {
      frame ||= requestAnimationFrame(read);
    };
    const observer = new ResizeObserver(soon);
    observer.observe(element);
    element.addEventListener('scroll', soon, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', soon);
      cancelAnimationFrame(frame);
    };
  }, [scroller]);
  return scroll;
}
