import { type CSSProperties, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { select, useExplorer } from '../state/store.ts';
import { type Point, type Size, toSquare, WHOLE } from './camera.ts';
import type { Colouring } from './colouring.ts';
import type { Plane } from './plane.ts';
import { combinedSelection } from './selecting.ts';
import { useSize } from './use-size.ts';

export interface CornerMarks {
  /** Rows. */
  readonly drawn: Uint32Array;
  readonly selected: Uint32Array | null;
  readonly colouring: Colouring;
}

interface CornerCellProps {
  readonly style: CSSProperties;
  readonly plane: Plane;
  readonly titles: readonly [x: string, y: string];
  readonly isShown: boolean;
  readonly marks: CornerMarks;
  readonly onOpen: () => void;
}

const TREMBLE = 4;

interface Drag {
  readonly from: Point;
  readonly to: Point;
}

export function CornerCell({ style, plane, titles: [x, y], isShown, marks, onOpen }: CornerCellProps) {
  const cell = useRef<HTMLButtonElement>(null);
  const size = useSize(cell);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { shown } = useExhibit();
  const [drag, setDrag] = useState<Drag | null>(null);
  useEffect(() => {
    // Each plot in a task of its own: together they would stop the page.
    const timer = setTimeout(() => {
      if (canvas.current !== null && size !== null) paint(canvas.current, size, plane, marks);
    });
    return () => clearTimeout(timer);
  }, [size, plane, marks]);

  const place = (event: PointerEvent): Point => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const isDrag = drag !== null && Math.hypot(drag.to[0] - drag.from[0], drag.to[1] - drag.from[1]) > TREMBLE;
  // The click that ends a drag comes after it.
  const wasDragged = useRef(false);
  const finish = (event: PointerEvent) => {
    setDrag(null);
    wasDragged.current = isDrag;
    if (!isDrag || size === null) return;
    const found = rowsInBox(plane, toSquare(WHOLE, size, drag.from), toSquare(WHOLE, size, drag.to), shown);
    select(combinedSelection(useExplorer.getState().selection, found, { shift: event.shiftKey, alt: event.altKey }));
  };
  return (
    <button
      ref={cell}
      type="button"
      className="corner-cell"
      style={style}
      aria-pressed={isShown}
      title={`${x} (across) and ${y} (up)`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        wasDragged.current = false;
        setDrag({ from: place(event), to: place(event) });
      }}
      onPointerMove={(event) => drag !== null && setDrag({ ...drag, to: place(event) })}
      onPointerUp={finish}
      onPointerCancel={() => setDrag(null)}
      onClick={() => {
        if (!wasDragged.current) onOpen();
        wasDragged.current = false;
      }}
    >
      <canvas ref={canvas} />
      {isDrag && <span className="brush" style={boxStyle(drag)} />}
      <span className="corner-x">{x}</span>
      <span className="heard"> and </span>
      <span className="corner-y">{y}</span>
      <span className="heard"> on the map</span>
    </button>
  );
}

function boxStyle({ from, to }: Drag): CSSProperties {
  return {
    left: Math.min(from[0], to[0]),
    top: Math.min(from[1], to[1]),
    width: Math.abs(to[0] - from[0]),
    height: Math.abs(to[1] - from[1]),
  };
}

/** All objects, not only those drawn; one pass over a million takes a few milliseconds. */
function rowsInBox({ positions: { x, y } }: Plane, a: Point, b: Point, shown: Uint32Array | null): Uint32Array {
  const [left, right] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])];
  const [low, high] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])];
  const count = shown?.length ?? x.length;
  const rows = new Uint32Array(count);
  let found = 0;
  for (let i = 0; i < count; i++) {
    const row = shown === null ? i : shown[i];
    if (x[row] >= left && x[row] <= right && y[row] >= low && y[row] <= high) rows[found++] = row;
  }
  return rows.slice(0, found);
}

function paint(canvas: HTMLCanvasElement, { width, height }: Size, plane: Plane, marks: CornerMarks): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.scale(scale, scale);
  const { x, y } = plane.positions;
  const { codes, palette } = marks.colouring;
  const dot = marks.drawn.length > 1000 ? 1.2 : 2;
  const dots = (rows: Uint32Array, size: number) => {
    for (const row of rows) {
      context.fillStyle = palette[codes[row]];
      context.fillRect(((x[row] + 1) * width - size) / 2, ((1 - y[row]) * height - size) / 2, size, size);
    }
  };
  context.globalAlpha = marks.selected === null ? 0.55 : 0.12;
  dots(marks.drawn, dot);
  if (marks.selected === null) return;
  context.globalAlpha = 0.9;
  dots(marks.selected, dot + 0.8);
}
