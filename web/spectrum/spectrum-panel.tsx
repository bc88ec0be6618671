import { useCallback, useMemo, useRef } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import { SaveButtons } from '../export/save-buttons.tsx';
import { FileButton } from '../placing/drop-target.tsx';
import { useExplorer } from '../state/store.ts';
import { Legend } from './legend.tsx';
import { Problems } from './problems.tsx';
import { readoutAt } from './readout.ts';
import { spectraCsv } from './spectra-csv.ts';
import './spectrum.css';
import type { ChartLine } from './spectrum-chart.ts';
import { SpectrumControls } from './spectrum-controls.tsx';
import { type PlotHandle, SpectrumPlot } from './spectrum-plot.tsx';
import { type DrawingOptions, drawingOf, fluxLabel, type Subject } from './subject.ts';
import { SubjectHeaders } from './subject-headers.tsx';
import { useLines } from './use-lines.ts';
import { useSubjects } from './use-subjects.ts';

const HEIGHT = 300;

export function SpectrumPanel() {
  const { wavelength, description } = useExhibit();
  const { subjects, isWaiting, problems } = useSubjects();
  const wantsObserved = useExplorer((state) => state.frame === 'observed');
  const offset = useExplorer((state) => state.offset);
  const showTruth = useExplorer((state) => state.showTruth);
  const redshift = subjects[0]?.redshift ?? null;
  const frame = wantsObserved && redshift !== null ? 'observed' : 'rest';
  const options: DrawingOptions = useMemo(
    () => ({ wavelength, frame, offset, showTruth }),
    [wavelength, frame, offset, showTruth],
  );
  const drawing = useMemo(() => drawingOf(subjects, options), [subjects, options]);
  const lines: readonly ChartLine[] = useLines(frame === 'observed' ? redshift : null);
  const readout = useRef<HTMLParagraphElement>(null);
  const plot = useRef<PlotHandle>(null);
  const point = useCallback(
    (at: number | null) => {
      // Written past React: it follows every move of the pointer.
      if (readout.current !== null) readout.current.textContent = readoutAt(at, subjects, options);
    },
    [subjects, options],
  );
  if (subjects.length === 0) return <NothingChosen isWaiting={isWaiting} problems={problems} />;
  return (
    <div className="spectrum-panel">
      <SubjectHeaders subjects={subjects} />
      <SpectrumControls canObserve={redshift !== null} hasSeveral={subjects.length > 1} step={offsetStep(subjects)} />
      <Problems problems={problems} />
      <SpectrumPlot
        drawing={drawing}
        lines={lines}
        xLabel={frame === 'rest' ? 'rest wavelength / Å (vacuum)' : 'observed wavelength / Å (vacuum)'}
        yLabel={fluxLabel(description)}
        height={HEIGHT}
        view={`${frame} ${redshift === null || frame === 'rest' ? '' : redshift}`}
        onPointer={point}
        handle={plot}
      />
      <p className="readout" ref={readout} />
      <SaveButtons
        name={subjects.length === 1 ? subjects[0].name : 'spectra'}
        svg={() => plot.current?.svg(subjects.map(({ name }) => name).join(', ')) ?? ''}
        csv={() => spectraCsv(wavelength, subjects, showTruth)}
      >
        <Legend traces={[...drawing.noisy, ...drawing.models]} />
        {isWaiting && <span className="muted">modelling …</span>}
      </SaveButtons>
      <p className="muted small">
        Drag to zoom, shift-drag or turn the wheel to pan, double-click for everything. Bands are ±1σ; residuals are in
        units of the noise; triangles mark what is beyond the picture.
      </p>
    </div>
  );
}

function NothingChosen({ isWaiting, problems }: { readonly isWaiting: boolean; readonly problems: readonly string[] }) {
  const isEmpty = useExplorer((state) => state.chosen.length === 0);
  return (
    <div className="spectrum-panel">
      <Problems problems={problems} />
      {isEmpty ? (
        <>
          <p className="muted">
            Click an object on the map, or bring a FITS or CSV spectrum of your own (dropping it anywhere on the page
            does, too), to see it here.
          </p>
          <p>
            <FileButton />
          </p>
        </>
      ) : (
        problems.length === 0 && <p className="muted">{isWaiting ? 'Modelling …' : 'Loading …'}</p>
      )}
    </div>
  );
}

/** A distance that keeps spectra apart: about the bulk of the first one's flux. */
function offsetStep([first]: readonly Subject[]): number {
  const sorted = first.flux.filter((value) => Number.isFinite(value)).sort();
  if (sorted.length === 0) return 1;
  const spread = sorted[Math.floor(0.95 * (sorted.length - 1))] - sorted[Math.floor(0.05 * (sorted.length - 1))];
  return Number(Math.max(spread, 1e-6).toPrecision(1));
}
