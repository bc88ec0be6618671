import { type ComponentType, type KeyboardEvent, useRef } from 'react';
import { GeneratePanel } from '../generate/generate-panel.tsx';
import { CornerPanel } from '../map/corner-panel.tsx';
import { SpectrumPanel } from '../spectrum/spectrum-panel.tsx';
import type { PanelName } from '../state/explorer-state.ts';
import { change, useExplorer } from '../state/store.ts';
import { TablesPanel } from '../tables/tables-panel.tsx';
import { TracksPanel } from '../tracks/tracks-panel.tsx';

interface Panel {
  readonly name: PanelName;
  readonly title: string;
  readonly Content: ComponentType;
}

const PANELS: readonly Panel[] = [
  { name: 'spectrum', title: 'Spectrum', Content: SpectrumPanel },
  { name: 'generate', title: 'Generate', Content: GeneratePanel },
  { name: 'tracks', title: 'Tracks', Content: TracksPanel },
  { name: 'tables', title: 'Tables', Content: TablesPanel },
  { name: 'corner', title: 'All pairs', Content: CornerPanel },
];

/** In the order of the tabs, so that a digit opens each. */
export const PANEL_NAMES: readonly PanelName[] = PANELS.map(({ name }) => name);

/** Tabs as the ARIA practices have them: one stop for the tab key, arrows move between them. */
export function Panels() {
  const open = useExplorer((state) => state.panel);
  const tabs = useRef<HTMLDivElement>(null);
  const { Content } = PANELS.find(({ name }) => name === open) ?? PANELS[0];
  const move = (event: KeyboardEvent) => {
    const next = nextTab(event.key, PANEL_NAMES.indexOf(open));
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    change({ panel: PANEL_NAMES[next] });
    tabs.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <section className="panels" aria-label="Panels">
      <div className="tabs" role="tablist" aria-label="Panels" ref={tabs} onKeyDown={move}>
        {PANELS.map(({ name, title }, i) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={name === open}
            aria-controls="panel"
            tabIndex={name === open ? 0 : -1}
            title={`${title} (${i + 1})`}
            onClick={() => change({ panel: name })}
          >
            {title}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a panel that scrolls must be reachable by keys */}
      <div className="panel" role="tabpanel" id="panel" aria-labelledby={`tab-${open}`} tabIndex={0}>
        <Content />
      </div>
    </section>
  );
}

function nextTab(key: string, at: number): number | null {
  const last = PANELS.length - 1;
  if (key === 'ArrowRight') return at === last ? 0 : at + 1;
  if (key === 'ArrowLeft') return at === 0 ? last : at - 1;
  if (key === 'Home') return 0;
  return key === 'End' ? last : null;
}
