/** Keeps the address and the state the same, whichever of them changes. */
import { type AddressedState, readAddress, withPartsKept, writeAddress } from './address.ts';
import { useExplorer } from './store.ts';

/**
 * Changes of these make an entry in the history; those of the rest replace it: going back through every step of a slider
 * helps nobody.
 */
const MEANINGFUL: readonly (keyof AddressedState)[] = [
  'exhibit',
  'run',
  'plane',
  'colour',
  'filter',
  'selection',
  'chosen',
  'compared',
  'panel',
  'frame',
  'species',
  'showTruth',
];
/** Milliseconds; browsers refuse pages that change their address hundreds of times in a few seconds. */
const SETTLED = 250;

/**
 * Reads the address once, then follows it and the store until the returned function is called.
 *
 * @param tell gets sentences about parts of the address that cannot be read
 */
export function followAddress(tell: (notes: readonly string[]) => void): () => void {
  const adopt = () => {
    const { state, notes } = readAddress(window.location.hash);
    useExplorer.setState(withPartsKept(state, useExplorer.getState()));
    tell(notes);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isMeaningful = false;
  const write = () => {
    timer = undefined;
    const written = writeAddress(useExplorer.getState());
    if (written === window.location.hash.replace(/^#/, '')) return;
    const address = written === '' ? window.location.pathname + window.location.search : `#${written}`;
    window.history[isMeaningful ? 'pushState' : 'replaceState'](null, '', address);
    isMeaningful = false;
  };
  adopt();
  const stop = useExplorer.subscribe((state, before) => {
    // The pointer moves often, and is not in the address.
    if (state.pointer !== before.pointer) return;
    isMeaningful ||= meaningfulChange(state, before);
    timer ??= setTimeout(write, SETTLED);
  });
  window.addEventListener('popstate', adopt);
  return () => {
    stop();
    clearTimeout(timer);
    window.removeEventListener('popstate', adopt);
  };
}

/** The first name of an exhibit and run is not a change but what the page opened with. */
function meaningfulChange(state: AddressedState, before: AddressedState): boolean {
  return before.exhibit !== '' && MEANINGFUL.some((name) => state[name] !== before[name]);
}
