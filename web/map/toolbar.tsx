import type { ColumnDescription, RunEntry } from '../../src/explorer/index.ts';
import { useExhibit } from '../data/use-exhibit.ts';
import type { ColourBy, MapPlane } from '../state/explorer-state.ts';
import { change, useExplorer } from '../state/store.ts';
import { type MapMode, showAllEntries, toggleMapMode, useMapSettings } from './map-settings.ts';
import { boundedPlane, shortAxisName } from './plane.ts';

export function Toolbar({ problem, onWhole }: { readonly problem: string | null; readonly onWhole: () => void }) {
  return (
    <div className="map-tools">
      <PlanePicker />
      <ColourPicker problem={problem} />
      <span className="spacer" />
      <Modes onWhole={onWhole} />
    </div>
  );
}

function PlanePicker() {
  const { entry } = useExhibit().run;
  const wanted = useExplorer((state) => state.plane);
  const plane = boundedPlane(wanted, entry);
  const setKind = (kind: string) => {
    if (kind === 'umap') change({ plane: { kind } });
    else if (kind === 'turned' || kind === 'own') {
      change({ plane: plane.kind === 'umap' ? { kind, x: 0, y: 1 } : { ...plane, kind } });
    }
  };
  return (
    <>
      <label className="field">
        Axes
        <select value={plane.kind} onChange={({ target }) => setKind(target.value)}>
          <option value="turned">of falling variance</option>
          <option value="own">latents as trained</option>
          {entry.umap !== 'absent' && <option value="umap">UMAP</option>}
        </select>
      </label>
      {plane.kind !== 'umap' && (
        <>
          <AxisPicker name="x" plane={plane} run={entry} />
          <AxisPicker name="y" plane={plane} run={entry} />
        </>
      )}
    </>
  );
}

interface AxisPickerProps {
  readonly name: 'x' | 'y';
  readonly plane: Exclude<MapPlane, { kind: 'umap' }>;
  readonly run: RunEntry;
}

function AxisPicker({ name, plane, run }: AxisPickerProps) {
  const other = name === 'x' ? 'y' : 'x';
  const choose = (axis: number) =>
    // Choosing the other's axis exchanges the two.
    change({ plane: axis === plane[other] ? { ...plane, x: plane.y, y: plane.x } : { ...plane, [name]: axis } });
  return (
    <label className="field">
      {name}
      <select className="axis" value={plane[name]} onChange={({ target }) => choose(Number(target.value))}>
        {Array.from({ length: run.latents }, (_, axis) => {
          const title = shortAxisName(run, plane.kind, axis);
          return (
            <option key={title} value={axis}>
              {title}
            </option>
          );
        })}
      </select>
    </label>
  );
}

const EXPRESSION = 'expression:';
const DENSITY = 'density:';
const COLUMN = 'column:';

function ColourPicker({ problem }: { readonly problem: string | null }) {
  const exhibit = useExhibit();
  const colour = useExplorer((state) => state.colour);
  const set = (next: ColourBy) => {
    showAllEntries();
    change({ colour: next });
  };
  const choose = (value: string) => {
    if (value === DENSITY) set({ by: 'density' });
    else if (value === EXPRESSION) set({ by: 'expression', text: '' });
    else set({ by: 'column', name: value.slice(COLUMN.length) });
  };
  const chosen = colour.by === 'column' ? COLUMN + colour.name : colour.by === 'density' ? DENSITY : EXPRESSION;
  return (
    <>
      <label className="field">
        Colour
        <select className="colour" value={chosen} onChange={({ target }) => choose(target.value)}>
          {colour.by === 'column' && !exhibit.columns.has(colour.name) && <option value={chosen}>–</option>}
          <ColumnOptions title="Catalogue" columns={exhibit.description.columns} />
          <ColumnOptions title={exhibit.run.entry.title} columns={exhibit.run.entry.columns} />
          <optgroup label="Other">
            <option value={DENSITY}>density</option>
            <option value={EXPRESSION}>an expression …</option>
          </optgroup>
        </select>
      </label>
      {colour.by === 'expression' && (
        <input
          type="text"
          className="expression"
          aria-label="Expression to colour by"
          aria-invalid={problem !== null}
          placeholder="log10(snr)"
          spellCheck={false}
          value={colour.text}
          onChange={({ target }) => change({ colour: { by: 'expression', text: target.value } })}
        />
      )}
    </>
  );
}

function ColumnOptions({ title, columns }: { readonly title: string; readonly columns: readonly ColumnDescription[] }) {
  return (
    <optgroup label={title}>
      {columns
        .filter(({ kind }) => kind !== 'text')
        .map(({ name, title: words }) => (
          <option key={name} value={COLUMN + name}>
            {words === name ? name : `${words} · ${name}`}
          </option>
        ))}
    </optgroup>
  );
}

const MODES: readonly { readonly mode: MapMode; readonly title: string; readonly key: string }[] = [
  { mode: 'lasso', title: 'Lasso', key: 'l' },
  { mode: 'box', title: 'Box', key: 'b' },
];

function Modes({ onWhole }: { readonly onWhole: () => void }) {
  const current = useMapSettings((state) => state.mode);
  return (
    <span className="row">
      {MODES.map(({ mode, title, key }) => (
        <button
          key={mode}
          type="button"
          aria-pressed={mode === current}
          title={`${title} (${key}); shift adds, alt takes away`}
          onClick={() => toggleMapMode(mode)}
        >
          {title}
        </button>
      ))}
      <button type="button" title="Show the whole map (0)" onClick={onWhole}>
        Whole map
      </button>
    </span>
  );
}
