import { useMemo, useState } from 'react';
import type { ObservedSpectrum } from '../data/exhibit-data.ts';
import { useExhibit } from '../data/use-exhibit.ts';
import { fluxRange } from '../spectrum/robust-range.ts';
import { axisOver, linePieces, type Trace } from '../spectrum/trace.ts';
import { useAwaited } from '../spectrum/use-awaited.ts';
import { choose, useExplorer } from '../state/store.ts';
import { objectFacts, objectName } from '../tables/object-words.ts';
import { type Neighbour, nearestObjects } from './nearest.ts';

const COUNT = 6;
const [WIDTH, HEIGHT] = [132, 44];

/** Lists the real objects nearest to the point when asked to, and shows the one that is clicked. */
export function NearestObjects({ latent }: { readonly latent: ArrayLike<number> | null }) {
  const { run } = useExhibit();
  const [found, setFound] = useState<readonly Neighbour[] | null>(null);
  return (
    <section className="nearest-objects" aria-label="Nearest real objects">
      <button
        type="button"
        disabled={latent === null}
        onClick={() =>
          latent !== null && setFound(nearestObjects(run.latent, run.entry.support.precision, latent, COUNT))
        }
      >
        Go to the nearest real objects
      </button>
      {found !== null && <Neighbours found={found} />}
    </section>
  );
}

function Neighbours({ found }: { readonly found: readonly Neighbour[] }) {
  const exhibit = useExhibit();
  const chosen = useExplorer((state) => state.chosen);
  const spectra = useAwaited<ObservedSpectrum>(
    found.map(({ row }) => String(row)),
    (key) => exhibit.spectrum(Number(key)),
  );
  return (
    <ol className="neighbours">
      {found.map(({ row, distance }) => (
        <li key={row}>
          <button type="button" className="neighbour" aria-pressed={chosen.includes(row)} onClick={() => choose(row)}>
            <Thumbnail spectrum={spectra.values.get(String(row))} />
            <span>
              <strong>{objectName(exhibit, row)}</strong>{' '}
              {objectFacts(exhibit, row)
                .map(([word, value]) => `${word} ${value}`)
                .join(', ')}
              <br />
              <span className="distance">{distance.toFixed(2)} σ away</span>
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function Thumbnail({ spectrum }: { readonly spectrum: ObservedSpectrum | undefined }) {
  const { wavelength } = useExhibit();
  const pieces = useMemo(() => {
    if (spectrum === undefined) return [];
    const trace: Trace = {
      ...{ name: '', colour: '', error: null, offset: 0, width: 1, opacity: 1, dash: [] },
      x: wavelength,
      y: spectrum.flux,
    };
    const x = [wavelength[0], wavelength[wavelength.length - 1]] as const;
    return linePieces(trace, axisOver(x, 0, WIDTH), axisOver(fluxRange([trace], [], x), HEIGHT, 0), x);
  }, [spectrum, wavelength]);
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
      {pieces.map((points) => (
        <polyline key={points[0]} points={points.map((value) => value.toFixed(1)).join(' ')} />
      ))}
    </svg>
  );
}
