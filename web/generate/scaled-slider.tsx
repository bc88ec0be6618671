import { useId } from 'react';
import type { SliderScale } from './latent-axes.ts';

interface ScaledSliderProps {
  readonly title: string;
  readonly note?: string;
  readonly scale: SliderScale;
  readonly step: number;
  readonly value: number;
  readonly isDisabled?: boolean;
  /** @param at when the reader moved it: an event's time stamp, milliseconds */
  readonly onMove: (value: number, at: number) => void;
}

/** A slider with a box for the number, and marks where the objects' percentiles are. */
export function ScaledSlider({ title, note, scale, step, value, isDisabled = false, onMove }: ScaledSliderProps) {
  const id = useId();
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const inRange = Math.min(scale.high, Math.max(scale.low, value));
  return (
    <div className="scaled-slider">
      <label htmlFor={id}>
        {title} {note !== undefined && <span className="muted">{note}</span>}
      </label>
      <div className="slider-track">
        <input
          id={id}
          type="range"
          min={scale.low}
          max={scale.high}
          // Any value, so that the place of an object is kept as it is.
          step="any"
          value={inRange}
          disabled={isDisabled}
          onInput={(event) => onMove(Number(event.currentTarget.value), event.timeStamp)}
          onChange={() => {}}
          onKeyDown={(event) => {
            const turn = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
            if (turn === undefined) return;
            event.preventDefault();
            event.stopPropagation();
            const moved = value + turn * step * (event.shiftKey ? 10 : 1);
            onMove(Math.min(scale.high, Math.max(scale.low, moved)), event.timeStamp);
          }}
        />
        <div className="slider-ticks" aria-hidden="true">
          {scale.ticks.map(({ percentile, value: at }) => (
            <i
              key={percentile}
              className={percentile === 50 ? 'median' : ''}
              style={{ left: `${(100 * (at - scale.low)) / (scale.high - scale.low)}%` }}
              title={`${percentile}% of the objects lie below ${at.toFixed(digits)}`}
            />
          ))}
        </div>
      </div>
      <input
        type="number"
        aria-label={`${title}, as a number`}
        step={step}
        value={value.toFixed(digits)}
        disabled={isDisabled}
        onChange={(event) => {
          const typed = event.target.valueAsNumber;
          if (Number.isFinite(typed)) onMove(typed, event.timeStamp);
        }}
      />
    </div>
  );
}
