import { useId, useMemo, useRef, useState } from 'react';
import { useExhibit } from '../data/use-exhibit.ts';
import type { SpectrumBand } from '../engine/engine.ts';
import { useOpenEngine } from '../engine/use-engine.ts';
import { toggleMapMode, useMapSettings } from '../map/map-settings.ts';
import { Problems } from '../spectrum/problems.tsx';
import { type PlotHandle, SpectrumPlot } from '../spectrum/spectrum-plot.tsx';
import { type Drawing, fluxLabel } from '../spectrum/subject.ts';
import { useLines } from '../spectrum/use-lines.ts';
import { change, useExplorer } from '../state/store.ts';
import { mixed, sharesOf } from './path.ts';
import { PlayerControls } from './player-controls.tsx';
import { type ShownTrack, shownTrack } from './shown-track.ts';
import { TrackExports } from './track-exports.tsx';
import './tracks.css';
import { useFrames } from './use-frames.ts';
import { usePlayer } from './use-player.ts';

const HEIGHT = 260;

export function TracksPanel() {
  const { run } = useExhibit();
  const which = useExplorer((state) => state.trackPosition.track);
  const drawn = useExplorer((state) => state.drawnPath);
  const track = useMemo(() => shownTrack(run.entry, drawn, which), [run.entry, drawn, which]);
  const opening = useOpenEngine();
  const frames = useFrames(opening, run.entry.name, track);
  const player = usePlayer();
  return (
    <div className="tracks-panel">
      <TrackChoice />
      {track === null && (
        <p className="muted">
          {which === 'drawn'
            ? 'Press “Draw a path” and click at least two places on the map.'
            : 'This run comes with no computed tracks; draw a path on the map to walk along it.'}
        </p>
      )}
      {frames.step === 'failed' && <Problems problems={[frames.problem]} />}
      {track !== null && <PlayerControls track={track} player={player} />}
      {track !== null && frames.step === 'waiting' && <p className="muted">Decoding the track …</p>}
      {track !== null && frames.step === 'ready' && <TrackSpectrum track={frames.track} frames={frames.frames} />}
      {track !== null && <TrackTable track={track} onPoint={player.moveTo} />}
    </div>
  );
}

function TrackChoice() {
  const id = useId();
  const { tracks } = useExhibit().run.entry;
  const which = useExplorer((state) => state.trackPosition.track);
  const drawn = useExplorer((state) => state.drawnPath);
  const isDrawing = useMapSettings(({ mode }) => mode === 'path');
  const walk = (track: number | 'drawn') => change({ trackPosition: { track, at: 0 } });
  return (
    <div className="row">
      <span className="field">
        <label htmlFor={id}>Track</label>
        <select
          id={id}
          value={which}
          onChange={({ target }) => walk(target.value === 'drawn' ? 'drawn' : Number(target.value))}
        >
          {tracks.map(({ name, title }, at) => (
            <option key={name} value={at}>
              {title}
            </option>
          ))}
          <option value="drawn">Path drawn on the map{drawn.length < 2 ? ' (none yet)' : ''}</option>
        </select>
      </span>
      <button
        type="button"
        aria-pressed={isDrawing}
        onClick={() => {
          toggleMapMode('path');
          if (!isDrawing) walk('drawn');
        }}
      >
        {isDrawing ? 'Done drawing' : 'Draw a path'}
      </button>
      {drawn.length > 0 && (
        <button type="button" onClick={() => change({ drawnPath: [] })}>
          Clear the path
        </button>
      )}
    </div>
  );
}

interface TrackSpectrumProps {
  readonly track: ShownTrack;
  readonly frames: readonly SpectrumBand[];
}

function TrackSpectrum({ track, frames }: TrackSpectrumProps) {
  const { wavelength, run, description } = useExhibit();
  const at = useExplorer((state) => state.trackPosition.at);
  const lines = useLines(null);
  const plot = useRef<PlotHandle>(null);
  const [flux, error] = useMemo(
    () => [frames.map((frame) => frame.flux), frames.map((frame) => frame.error)],
    [frames],
  );
  const drawing = useMemo(
    () => drawingAt(wavelength, run.entry.title, mixed(flux, at), mixed(error, at)),
    [wavelength, run.entry.title, flux, error, at],
  );
  return (
    <>
      <SpectrumPlot
        drawing={drawing}
        lines={lines}
        xLabel="rest wavelength / Å (vacuum)"
        yLabel={fluxLabel(description)}
        height={HEIGHT}
        view={track.title}
        keepsRange
        handle={plot}
      />
      <TrackExports track={track} flux={flux} error={error} />
    </>
  );
}

function drawingAt(x: Float64Array, title: string, y: Float32Array, error: Float32Array): Drawing {
  const trace = { name: `${title} along the track ± 1σ`, colour: '--blue', x, y, error };
  return { noisy: [], models: [{ ...trace, offset: 0, width: 1.5, opacity: 1, dash: [] }], residuals: [], gaps: [] };
}

function TrackTable({ track, onPoint }: { readonly track: ShownTrack; readonly onPoint: (at: number) => void }) {
  const { axes } = useExhibit().run.entry;
  const [isOpen, setOpen] = useState(false);
  const shares = sharesOf(track.points.map(({ latent }) => latent));
  return (
    <details className="track-table" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{track.points.length} points</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">point</th>
            <th scope="col">objects</th>
            {axes.titles.map((_, q) => (
              <th key={axes.titles[q]} scope="col">
                z{q + 1}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {track.points.map(({ name, objects, latent }, k) => (
            <tr key={name}>
              <th scope="row">
                <button type="button" className="quiet" onClick={() => onPoint(shares[k])}>
                  {name}
                </button>
              </th>
              <td>{objects ?? '–'}</td>
              {latent.map((value, q) => (
                <td key={axes.titles[q]}>{value.toFixed(2).replace('-', '−')}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
