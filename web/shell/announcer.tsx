import { useExhibit } from '../data/use-exhibit.ts';
import { useExplorer } from '../state/store.ts';
import { describedObject } from '../tables/object-words.ts';

/** Tells readers who do not see the map which object was chosen and how many are selected. */
export function Announcer() {
  const exhibit = useExhibit();
  const chosen = useExplorer((state) => state.chosen);
  const selected = useExplorer((state) => state.selection?.length ?? 0);
  return (
    <div className="heard" role="status" aria-live="polite">
      {chosen.length > 0 && `${describedObject(exhibit, chosen[0])}. `}
      {selected > 0 && `${selected.toLocaleString('en')} objects selected.`}
    </div>
  );
}
