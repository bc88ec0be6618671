import type { Trace } from './trace.ts';

export function Legend({ traces }: { readonly traces: readonly Trace[] }) {
  return (
    <ul className="legend" aria-label="Legend">
      {traces.map(({ name, colour, dash, opacity }) => (
        <li key={name}>
          <svg width="22" height="8" aria-hidden="true">
            <path
              d="M0 4H22"
              stroke={`var(${colour})`}
              strokeWidth="2"
              strokeDasharray={dash.join(' ')}
              opacity={opacity}
            />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
