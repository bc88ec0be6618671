import type { RunEntry } from '../../src/explorer/index.ts';
import { useExhibit } from '../data/use-exhibit.ts';
import type { LabelBand } from '../engine/engine.ts';
import { labelTitle, withError } from '../spectrum/object-labels.ts';
import { type SliderScale, sliderStep } from './latent-axes.ts';
import { ScaledSlider } from './scaled-slider.tsx';

interface LabelSlidersProps {
  /** Those held fixed. */
  readonly fixed: Readonly<Record<string, number>>;
  /** All of them as the model has them at the point shown. */
  readonly predicted: readonly LabelBand[];
  readonly onFix: (fixed: Readonly<Record<string, number>>, at: number) => void;
}

/** A slider for each label; those not held fixed show what the model makes of the others. */
export function LabelSliders({ fixed, predicted, onFix }: LabelSlidersProps) {
  const exhibit = useExhibit();
  const { labels, labelRanges } = exhibit.run.entry;
  return (
    <div className="sliders">
      {labels.map((name, k) => {
        const range = labelRanges[k] ?? null;
        if (range === null) return null;
        const isFixed = Object.hasOwn(fixed, name);
        const free = predicted.find((label) => label.name === name);
        const scale = labelScale(range);
        const value = isFixed ? fixed[name] : (free?.mean ?? (range.low + range.high) / 2);
        const { [name]: _freed, ...others } = fixed;
        return (
          <div key={name} className="label-slider">
            <button
              type="button"
              aria-pressed={isFixed}
              aria-label={`Hold ${name} fixed`}
              title={isFixed ? 'Leave this label to the model' : 'Hold this label fixed'}
              onClick={(event) => onFix(isFixed ? others : { ...fixed, [name]: value }, event.timeStamp)}
            >
              {isFixed ? 'fixed' : 'free'}
            </button>
            <ScaledSlider
              title={labelTitle(exhibit, name)}
              {...(isFixed || free === undefined ? {} : { note: withError(free.mean, free.error) ?? '' })}
              scale={scale}
              step={sliderStep(scale)}
              value={value}
              onMove={(moved, at) => onFix({ ...fixed, [name]: moved }, at)}
            />
          </div>
        );
      })}
    </div>
  );
}

const BEYOND = 0.1;

function labelScale({ minimum, maximum, low, high }: NonNullable<RunEntry['labelRanges'][number]>): SliderScale {
  const margin = BEYOND * (maximum - minimum) || 1;
  const ticks = [
    { percentile: 1, value: low },
    { percentile: 99, value: high },
  ];
  return { low: minimum - margin, high: maximum + margin, ticks };
}
