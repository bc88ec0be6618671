import { type Size, seen, toScreen, type View } from './camera.ts';
import { type Axis, fromSquare, inSquare, type Plane } from './plane.ts';
import { ticksBetween } from './ticks.ts';

interface AxesProps {
  readonly plane: Plane;
  readonly view: View;
  readonly size: Size;
}

const PIXELS_PER_TICK = { x: 90, y: 60 };
const TICK = 5;

/** Ticks and titles below and left of the map; they follow its view. */
export function BottomAxis({ plane, view, size }: AxesProps) {
  const places = ticks(plane.x, seen(view).x, size.width / PIXELS_PER_TICK.x);
  return (
    <svg className="axis-x" width={size.width} height={38} aria-hidden="true">
      {places.map(({ place, label }) => {
        const [x] = toScreen(view, size, [place, 0]);
        return (
          <g key={label} transform={`translate(${x} 0)`}>
            <line y2={TICK} />
            <text y={17} textAnchor="middle">
              {label}
            </text>
          </g>
        );
      })}
      <text className="axis-title" x={size.width / 2} y={33} textAnchor="middle">
        {plane.x.title}
      </text>
    </svg>
  );
}

export function LeftAxis({ plane, view, size }: AxesProps) {
  const places = ticks(plane.y, seen(view).y, size.height / PIXELS_PER_TICK.y);
  return (
    <svg className="axis-y" width={56} height={size.height} aria-hidden="true">
      {places.map(({ place, label }) => {
        const [, y] = toScreen(view, size, [0, place]);
        return (
          <g key={label} transform={`translate(56 ${y})`}>
            <line x2={-TICK} />
            <text x={-8} dy="0.32em" textAnchor="end">
              {label}
            </text>
          </g>
        );
      })}
      <text className="axis-title" transform={`translate(12 ${size.height / 2}) rotate(-90)`} textAnchor="middle">
        {plane.y.title}
      </text>
    </svg>
  );
}

function ticks(axis: Axis, [from, to]: readonly [number, number], count: number) {
  return ticksBetween(fromSquare(axis, from), fromSquare(axis, to), count).map(({ value, label }) => ({
    place: inSquare(axis, value),
    label,
  }));
}
