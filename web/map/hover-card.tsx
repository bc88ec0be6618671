import { useEffect, useState } from 'react';
import type { ObservedSpectrum } from '../data/exhibit-data.ts';
import { useExhibit } from '../data/use-exhibit.ts';
import { useExplorer } from '../state/store.ts';
import { objectFacts, objectName } from '../tables/object-words.ts';
import { type Point, type Size, toScreen, type View } from './camera.ts';
import { type Colouring, colouredValue } from './colouring.ts';
import type { ShownPlane } from './use-plane.ts';

interface HoverProps {
  readonly shown: ShownPlane;
  readonly view: View;
  readonly size: Size;
  readonly colouring: Colouring;
}

/** Ring and card of the object under the pointer: apart from the rest, so that moving the mouse draws nothing else. */
export function Hover({ shown, view, size, colouring }: HoverProps) {
  const row = useExplorer((state) => state.pointer);
  const { x, y } = shown.plane.positions;
  if (row === null || !(row < x.length) || Number.isNaN(x[row] + y[row])) return null;
  const at = toScreen(view, size, [x[row], y[row]]);
  return (
    <>
      <svg className="overlay" width={size.width} height={size.height} aria-hidden="true">
        <circle className="ring pointer" cx={at[0]} cy={at[1]} r={6} />
      </svg>
      <HoverCard row={row} at={at} size={size} colouring={colouring} />
    </>
  );
}

interface HoverCardProps {
  readonly row: number;
  readonly at: Point;
  readonly size: Size;
  readonly colouring: Colouring;
}

const WIDTH = 216;
const HEIGHT = 132;
const AWAY = 14;

/** What the object under the pointer is; on the side of it where there is room. */
function HoverCard({ row, at: [x, y], size, colouring }: HoverCardProps) {
  const exhibit = useExhibit();
  const value = colouredValue(colouring, row);
  const facts = objectFacts(exhibit, row);
  const isNew = value !== null && !facts.some(([, shown]) => shown === value);
  const left = x + AWAY + WIDTH > size.width ? x - AWAY - WIDTH : x + AWAY;
  const top = Math.max(0, Math.min(size.height - HEIGHT, y + AWAY));
  return (
    <div className="hover-card" style={{ left: Math.max(0, left), top, width: WIDTH }} aria-hidden="true">
      <strong>{objectName(exhibit, row)}</strong>
      <dl>
        {facts.map(([word, shown]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{shown}</dd>
          </div>
        ))}
        {isNew && (
          <div>
            <dt>{colouring.title}</dt>
            <dd>{value}</dd>
          </div>
        )}
      </dl>
      <Thumbnail row={row} />
    </div>
  );
}

/** Milliseconds that the pointer rests before a spectrum is fetched. */
const REST = 120;

function Thumbnail({ row }: { readonly row: number }) {
  const exhibit = useExhibit();
  const [path, setPath] = useState('');
  useEffect(() => {
    setPath('');
    let isWanted = true;
    const timer = setTimeout(() => {
      // A spectrum that cannot be loaded is reported where it is looked at closely.
      exhibit.spectrum(row).then(
        (spectrum) => isWanted && setPath(outlineOf(spectrum)),
        () => undefined,
      );
    }, REST);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [exhibit.spectrum, row]);
  return (
    <svg className="thumbnail" viewBox="0 0 200 44" preserveAspectRatio="none" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

const BINS = 160;

/** Means of neighbouring pixels as a line, broken where nothing was observed. */
function outlineOf({ flux }: ObservedSpectrum): string {
  const means = Array.from({ length: BINS }, (_, bin) => {
    const pixels = flux.subarray(Math.floor((bin * flux.length) / BINS), Math.floor(((bin + 1) * flux.length) / BINS));
    const observed = pixels.filter((value) => !Number.isNaN(value));
    return observed.reduce((sum, value) => sum + value, 0) / observed.length;
  });
  const known = means.filter((value) => !Number.isNaN(value));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const range = high > low ? high - low : 1;
  let isOpen = false;
  return means
    .map((value, bin) => {
      if (Number.isNaN(value)) {
        isOpen = false;
        return '';
      }
      const command = isOpen ? 'L' : 'M';
      isOpen = true;
      return `${command}${((200 * bin) / (BINS - 1)).toFixed(1)} ${(42 - (40 * (value - low)) / range).toFixed(1)}`;
    })
    .join('');
}
