import { useId } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { change, useExplorer } from '../state/store.ts';
import { isMarked, speciesOf } from './use-lines.ts';

interface SpectrumControlsProps {
  readonly canObserve: boolean;
  readonly hasSeveral: boolean;
  /** A sensible distance between overlaid spectra. */
  readonly step: number;
}

export function SpectrumControls({ canObserve, hasSeveral, step }: SpectrumControlsProps) {
  const { description } = useExhibit();
  const frame = useExplorer((state) => state.frame);
  const showTruth = useExplorer((state) => state.showTruth);
  return (
    <div className="spectrum-controls row">
      <fieldset className="choices" aria-label="Frame of the wavelengths">
        {(['rest', 'observed'] as const).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={frame === each}
            disabled={each === 'observed' && !canObserve}
            title={canObserve ? `Wavelengths in the ${each} frame` : 'The redshift of this object is not known'}
            onClick={() => change({ frame: each })}
          >
            {each}
          </button>
        ))}
      </fieldset>
      <SpeciesToggles />
      <ComparedRuns />
      {description.hasTruth && (
        <button type="button" aria-pressed={showTruth} onClick={() => change({ showTruth: !showTruth })}>
          truth
        </button>
      )}
      {hasSeveral && <Offset step={step} />}
    </div>
  );
}

/** Lines can be marked by kind. */
export function SpeciesToggles() {
  const { lines } = useExhibit().description;
  const marked = useExplorer((state) => state.species);
  const all = speciesOf(lines);
  if (all.length === 0) return null;
  const toggle = (species: string) => {
    const now = all.filter((each) => isMarked(marked, each));
    change({ species: now.includes(species) ? now.filter((each) => each !== species) : [...now, species] });
  };
  return (
    <fieldset className="choices" aria-label="Lines marked">
      {all.map((species) => (
        <button key={species} type="button" aria-pressed={isMarked(marked, species)} onClick={() => toggle(species)}>
          {species}
        </button>
      ))}
    </fieldset>
  );
}

function ComparedRuns() {
  const { description, run } = useExhibit();
  const compared = useExplorer((state) => state.compared);
  const others = description.runs.filter(({ name }) => name !== run.entry.name);
  if (others.length === 0) return null;
  return (
    <fieldset className="choices" aria-label="Runs compared">
      {others.map(({ name }) => (
        <button
          key={name}
          type="button"
          aria-pressed={compared.includes(name)}
          title={`Show what ${name} makes of it, too`}
          onClick={() =>
            change({
              compared: compared.includes(name) ? compared.filter((each) => each !== name) : [...compared, name],
            })
          }
        >
          + {name}
        </button>
      ))}
    </fieldset>
  );
}

const STEPS = 3;
const SHARES = 20;

function Offset({ step }: { readonly step: number }) {
  const id = useId();
  const offset = useExplorer((state) => state.offset);
  return (
    <span className="field">
      <label htmlFor={id}>offset</label>
      <input
        id={id}
        type="range"
        min={0}
        max={Math.max(STEPS * step, offset)}
        step={step / SHARES}
        value={offset}
        onChange={({ target }) => change({ offset: Number(target.value) })}
      />
    </span>
  );
}
