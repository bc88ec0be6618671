import { useExhibit } from '../data/use-exhibit.ts';
import { FileButton } from '../placing/drop-target.tsx';
import { FILTER_FIELD } from '../shell/keyboard.ts';
import { change, select, useExplorer } from '../state/store.ts';

/** The one filter of the page: map, tables and pairs show what passes it. */
export function FilterBar() {
  const { shown, filterError, description } = useExhibit();
  const filter = useExplorer((state) => state.filter);
  const selected = useExplorer((state) => state.selection?.length ?? 0);
  const passing = (shown?.length ?? description.objects).toLocaleString('en');
  return (
    <search className="filter-bar">
      <label className="field filter-field">
        Filter
        <input
          id={FILTER_FIELD}
          type="search"
          spellCheck={false}
          autoComplete="off"
          placeholder='z < 0.1 and snr > 20 and class = "AGN"'
          aria-invalid={filterError !== null}
          aria-describedby="filter-result"
          value={filter}
          onChange={({ target }) => change({ filter: target.value })}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
      </label>
      <span id="filter-result" role="status" className={filterError === null ? 'muted' : 'problem'}>
        {filterError ?? `${passing} of ${description.objects.toLocaleString('en')} objects`}
      </span>
      <span className="spacer" />
      {shown !== null && (
        <button type="button" className="quiet" onClick={() => select(shown)}>
          Select these
        </button>
      )}
      {selected > 0 && (
        <>
          <span>{selected.toLocaleString('en')} selected</span>
          <button type="button" className="quiet" title="Clear the selection (esc)" onClick={() => select(null)}>
            Clear
          </button>
        </>
      )}
      <FileButton />
    </search>
  );
}
