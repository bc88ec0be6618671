import { useExhibit } from '../data/use-exhibit.ts';
import { rasterised, saveFile } from '../export/save.ts';
import { SaveButtons } from '../export/save-buttons.tsx';
import { type Palette, paletteOf } from '../spectrum/palette.ts';
import { fluxRange } from '../spectrum/robust-range.ts';
import { quoted, written } from '../spectrum/spectra-csv.ts';
import { type FigurePart, figureSvg } from '../spectrum/spectrum-figure.ts';
import type { Range, Trace } from '../spectrum/trace.ts';
import { useLines } from '../spectrum/use-lines.ts';
import { writeApng } from './apng.ts';
import { mixed, sharesOf } from './path.ts';
import type { ShownTrack } from './shown-track.ts';

interface TrackExportsProps {
  readonly track: ShownTrack;
  /** Along the track, equally spaced. */
  readonly flux: readonly Float32Array[];
  readonly error: readonly Float32Array[];
}

const WIDTH = 760;
const ROW_HEIGHT = 90;
const ANIMATION_HEIGHT = 280;
const ANIMATION_FRAMES = 48;
/** Milliseconds. */
const FRAME_DELAY = 80;
const X_LABEL = 'rest wavelength / Å (vacuum)';

export function TrackExports({ track, flux, error }: TrackExportsProps) {
  const { wavelength, run } = useExhibit();
  const lines = useLines(null);
  const x: Range = [wavelength[0], wavelength[wavelength.length - 1]];
  const trace = (name: string, at: number, colour: string): Trace => ({
    ...{ name, colour, x: wavelength, offset: 0, width: 1.2, opacity: 1, dash: [] },
    y: mixed(flux, at),
    error: mixed(error, at),
  });
  const title = `${run.entry.title}: ${track.title}`;
  const figure = () =>
    trackFigure(
      track.points.map(({ name }, k) => trace(name, sharesOf(track.points.map(({ latent }) => latent))[k], '--blue')),
      x,
      title,
      lines,
    );
  const animate = async (tell: (progress: string) => void) => {
    const shares = Array.from({ length: ANIMATION_FRAMES }, (_, k) => k / (ANIMATION_FRAMES - 1));
    const traces = shares.map((at) => trace(nameAt(track, at), at, '--blue'));
    const y = fluxRange([], traces, x);
    const palette = paletteOf(document.body);
    const frames: { readonly pixels: Uint8ClampedArray }[] = [];
    let size = { width: 0, height: 0 };
    for (const [k, each] of traces.entries()) {
      const part = {
        content: { traces: [each], lines, gaps: [], x, y },
        yLabel: 'normalised flux',
        height: ANIMATION_HEIGHT,
        rules: [],
      };
      const canvas = await rasterised(figureSvg([part], { width: WIDTH, title, xLabel: X_LABEL, palette }), 1);
      size = { width: canvas.width, height: canvas.height };
      const context = canvas.getContext('2d');
      if (context !== null) frames.push({ pixels: context.getImageData(0, 0, size.width, size.height).data });
      tell(`frame ${k + 1} of ${traces.length}`);
    }
    saveFile(`${track.title}, animated.png`, writeApng({ ...size, delay: FRAME_DELAY, frames }), 'image/apng');
  };
  return (
    <SaveButtons
      name={track.title}
      svg={figure}
      csv={() => trackCsv(wavelength, track, flux, error)}
      others={[{ title: 'animated PNG', save: animate }]}
    />
  );
}

/** The name of the last point passed, with how far the way to the next is gone. */
function nameAt({ points }: ShownTrack, at: number): string {
  const shares = sharesOf(points.map(({ latent }) => latent));
  const before = Math.max(
    0,
    shares.findLastIndex((share) => share <= at + 1e-9),
  );
  if (before === points.length - 1) return points[before].name;
  const part = (at - shares[before]) / (shares[before + 1] - shares[before] || 1);
  return `${points[before].name} → ${points[before + 1].name}, ${Math.round(100 * part)}%`;
}

/** A panel for each point, one below the other, as papers show tracks. */
function trackFigure(traces: readonly Trace[], x: Range, title: string, lines: FigurePart['content']['lines']): string {
  const parts = traces.map((trace, k) => ({
    content: { traces: [trace], lines: k === 0 ? lines : [], gaps: [], x, y: fluxRange([], [trace], x) },
    yLabel: trace.name,
    height: ROW_HEIGHT,
    rules: [],
  }));
  const palette: Palette = paletteOf(document.body);
  return figureSvg(parts, { width: WIDTH, title, xLabel: X_LABEL, palette, hasLegend: false });
}

function trackCsv(
  wavelength: Float64Array,
  { points }: ShownTrack,
  flux: readonly Float32Array[],
  error: readonly Float32Array[],
): string {
  const shares = sharesOf(points.map(({ latent }) => latent));
  const columns = shares.flatMap((at) => [mixed(flux, at), mixed(error, at)]);
  const names = points.flatMap(({ name }) => [quoted(name), quoted(`${name} error`)]);
  const rows = Array.from(wavelength, (value, p) =>
    [value, ...columns.map((column) => column[p])].map(written).join(','),
  );
  return `${[['wavelength_rest', ...names].join(','), ...rows].join('\n')}\n`;
}
