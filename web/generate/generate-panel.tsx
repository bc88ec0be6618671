import { useCallback, useMemo, useRef } from 'react';
import type { ExhibitData } from '../data/exhibit-data.ts';
import { useExhibit } from '../data/use-exhibit.ts';
import type { GeneratedPoint } from '../engine/engine.ts';
import { useOpenEngine } from '../engine/use-engine.ts';
import { SaveButtons } from '../export/save-buttons.tsx';
import { Legend } from '../spectrum/legend.tsx';
import { labelTitle, withError } from '../spectrum/object-labels.ts';
import { Problems } from '../spectrum/problems.tsx';
import { quoted, written } from '../spectrum/spectra-csv.ts';
import { type PlotHandle, SpectrumPlot } from '../spectrum/spectrum-plot.tsx';
import { type Drawing, fluxLabel } from '../spectrum/subject.ts';
import { useLines } from '../spectrum/use-lines.ts';
import type { Asked } from '../state/explorer-state.ts';
import { change, useExplorer } from '../state/store.ts';
import { objectName } from '../tables/object-words.ts';
import './generate.css';
import { LabelSliders } from './label-sliders.tsx';
import { LatentSliders } from './latent-sliders.tsx';
import { NearestObjects } from './nearest-objects.tsx';
import { useGenerated } from './use-generated.ts';

/** From the reader's move to the painted spectrum, in the page's performance timeline. */
const MEASURE = 'lightfold:slider-to-spectrum';
const HEIGHT = 260;
const NOTHING: Drawing = { noisy: [], models: [], residuals: [], gaps: [] };

export function GeneratePanel() {
  const exhibit = useExhibit();
  const { run } = exhibit;
  const opening = useOpenEngine();
  const isAsked = useExplorer((state) => state.asked);
  const first = useExplorer((state) => state.chosen[0]);
  const start = useMemo(() => startOf(exhibit, first), [exhibit, first]);
  const asked = isAsked ?? start;
  const { point, problem, isStale } = useGenerated(opening, run.entry.name, asked);
  const moved = useRef<number | null>(null);
  const awaits = useRef(isStale);
  awaits.current = isStale;
  const ask = useCallback((next: Asked | null, at?: number) => {
    moved.current = at ?? null;
    change({ asked: next });
  }, []);
  const painted = useCallback(() => {
    // What is painted may still be the answer to an earlier move.
    if (moved.current === null || awaits.current) return;
    performance.measure(MEASURE, { start: moved.current, end: performance.now() });
    moved.current = null;
  }, []);
  const latent = asked.by === 'latents' ? asked.latent : (point?.latent ?? start.latent);
  return (
    <div className="generate-panel">
      <StartButtons first={first} onAsk={ask} />
      {run.entry.jointEncoder && <Modes asked={asked} point={point} latent={latent} onAsk={ask} />}
      {asked.by === 'labels' ? (
        <LabelSliders
          fixed={asked.labels}
          predicted={point?.labels ?? []}
          onFix={(labels, at) => {
            // Without anything to go by the model would have nothing to say.
            const isNone = Object.keys(labels).length === 0;
            ask(isNone ? { by: 'latents', latent: [...latent] } : { by: 'labels', labels }, at);
          }}
        />
      ) : (
        <LatentSliders latent={latent} onMove={(next, at) => ask({ by: 'latents', latent: next }, at)} />
      )}
      <p className="stale muted" role="status">
        {isStale && point !== null && <span>The model is still at work; shown is its last answer.</span>}
      </p>
      <Warnings point={point} />
      <Problems problems={problem === null ? [] : [problem]} />
      <GeneratedSpectrum point={point} onPainted={painted} />
      {point !== null && asked.by === 'latents' && <PredictedLabels point={point} />}
      <NearestObjects latent={latent} />
    </div>
  );
}

type AskedLatents = Extract<Asked, { by: 'latents' }>;

/** Where the first chosen object is, or else in the middle of all. */
function startOf({ run }: ExhibitData, first: number | undefined): AskedLatents {
  const { latents, support } = run.entry;
  if (first === undefined) return { by: 'latents', latent: support.mean };
  return { by: 'latents', latent: [...run.latent.subarray(first * latents, (first + 1) * latents)] };
}

interface AskProps {
  readonly onAsk: (asked: Asked | null, at?: number) => void;
}

function StartButtons({ first, onAsk }: AskProps & { readonly first: number | undefined }) {
  const exhibit = useExhibit();
  return (
    <div className="row">
      <button type="button" disabled={first === undefined} onClick={() => onAsk(startOf(exhibit, first))}>
        {first === undefined ? 'Start from the chosen object' : `Start from ${objectName(exhibit, first)}`}
      </button>
      <button type="button" onClick={() => onAsk({ by: 'latents', latent: exhibit.run.entry.support.mean })}>
        Reset to the middle
      </button>
    </div>
  );
}

interface ModesProps extends AskProps {
  readonly asked: Asked;
  readonly point: GeneratedPoint | null;
  readonly latent: ArrayLike<number>;
}

function Modes({ asked, point, latent, onAsk }: ModesProps) {
  const { labels, labelRanges } = useExhibit().run.entry;
  const known = labels.findIndex((_, k) => labelRanges[k] !== null);
  const toLabels = () => {
    const range = labelRanges[known];
    if (range === null || range === undefined) return;
    const value = point?.labels[known]?.mean ?? (range.low + range.high) / 2;
    onAsk({ by: 'labels', labels: { [labels[known]]: value } });
  };
  return (
    <fieldset className="choices" aria-label="What is given">
      <button
        type="button"
        aria-pressed={asked.by === 'latents'}
        onClick={() => onAsk({ by: 'latents', latent: Array.from(latent) })}
      >
        by latents
      </button>
      <button type="button" aria-pressed={asked.by === 'labels'} disabled={known < 0} onClick={toLabels}>
        by labels
      </button>
    </fieldset>
  );
}

function Warnings({ point }: { readonly point: GeneratedPoint | null }) {
  const warnings = point?.warnings ?? [];
  return (
    <div role="status">
      {warnings.length > 0 && (
        <div className="extrapolation">
          <strong>Outside of what the training objects back</strong>
          {warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </div>
      )}
    </div>
  );
}

interface GeneratedSpectrumProps {
  readonly point: GeneratedPoint | null;
  readonly onPainted: () => void;
}

function GeneratedSpectrum({ point, onPainted }: GeneratedSpectrumProps) {
  const { wavelength, run, description } = useExhibit();
  const lines = useLines(null);
  const plot = useRef<PlotHandle>(null);
  const drawing: Drawing = useMemo(() => {
    if (point === null) return NOTHING;
    const isBacked = point.warnings.length === 0;
    const trace = {
      name: `${run.entry.title}, ${isBacked ? 'generated' : 'extrapolated'}; bands ±1σ and, lighter, ±2σ`,
      sigmas: [2, 1],
      colour: isBacked ? '--blue' : '--vermillion',
      dash: isBacked ? [] : [6, 3],
      ...{ x: wavelength, y: point.spectrum.flux, error: point.spectrum.error, offset: 0, width: 1.5, opacity: 1 },
    };
    return { noisy: [], models: [trace], residuals: [], gaps: [] };
  }, [point, wavelength, run.entry.title]);
  if (point === null) return <p className="muted">The model is being loaded …</p>;
  return (
    <>
      <SpectrumPlot
        drawing={drawing}
        lines={lines}
        xLabel="rest wavelength / Å (vacuum)"
        yLabel={fluxLabel(description)}
        height={HEIGHT}
        view={run.entry.name}
        keepsRange
        onPainted={onPainted}
        handle={plot}
      />
      <SaveButtons
        name="generated"
        svg={() => plot.current?.svg(`${run.entry.title}, generated`) ?? ''}
        csv={() => generatedCsv(wavelength, point)}
      >
        <Legend traces={drawing.models} />
      </SaveButtons>
    </>
  );
}

function PredictedLabels({ point: { labels } }: { readonly point: GeneratedPoint }) {
  const exhibit = useExhibit();
  if (labels.length === 0) return null;
  return (
    <dl className="predicted-labels" aria-label="Predicted labels">
      {labels.map(({ name, mean, error }) => (
        <div key={name}>
          <dt>{labelTitle(exhibit, name)}</dt>
          <dd>{withError(mean, error)}</dd>
        </div>
      ))}
    </dl>
  );
}

function generatedCsv(wavelength: Float64Array, { spectrum, labels, warnings }: GeneratedPoint): string {
  const notes = [...labels.map(({ name, mean, error }) => `${name} = ${mean} ± ${error}`), ...warnings];
  const rows = Array.from(wavelength, (value, p) =>
    [value, spectrum.flux[p], spectrum.error[p]].map(written).join(','),
  );
  return `${[...notes.map((note) => `# ${quoted(note)}`), 'wavelength_rest,flux,error', ...rows].join('\n')}\n`;
}
