/** Flux above, residuals below, over one axis of wavelength that is zoomed and panned in both. */
import { type Ref, useCallback, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTheme } from '../shell/theme.ts';
import { paletteOf } from './palette.ts';
import { fluxRange, withMargin } from './robust-range.ts';
import { type ChartContent, type ChartLine, type ChartOptions, SpectrumChart } from './spectrum-chart.ts';
import { figureSvg } from './spectrum-figure.ts';
import type { Drawing } from './subject.ts';
import type { Range } from './trace.ts';

export interface PlotHandle {
  /** The charts as they are shown. */
  svg(title: string): string;
}

export interface SpectrumPlotProps {
  readonly drawing: Drawing;
  readonly lines: readonly ChartLine[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly height: number;
  /** The view begins anew when this changes; within one view, axes that follow a slider only ever widen. */
  readonly view: string;
  readonly keepsRange?: boolean;
  readonly onPointer?: (wavelength: number | null) => void;
  /** After the traces were painted. */
  readonly onPainted?: () => void;
  readonly handle?: Ref<PlotHandle>;
}

const RESIDUAL_HEIGHT = 120;
/** Sigma: what is beyond is a line the model has not, and gets a clip mark. */
const MOST_SIGMA = 8;
const SIGMA_RULES: readonly number[] = [-3, 0, 3];
/** The same array every time, since a chart is built anew when its rules change. */
const NO_RULES: readonly number[] = [];
const FIGURE_WIDTH = 900;
/** Ångström; nothing is resolved below. */
const LEAST_WIDTH = 5;

export function SpectrumPlot(props: SpectrumPlotProps) {
  const { drawing, lines, xLabel, yLabel, height, view, keepsRange = false, onPointer, onPainted, handle } = props;
  const theme = useTheme();
  const [zoom, setZoom] = useState<{ readonly view: string; readonly range: Range } | null>(null);
  const kept = useRef<{ readonly view: string; readonly range: Range } | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const whole = wholeRange(drawing);
  const x = zoom === null || zoom.view !== view ? whole : within(zoom.range, whole);
  const flux: ChartContent = useMemo(() => {
    let y = fluxRange(drawing.noisy, drawing.models, x);
    const before = kept.current;
    if (keepsRange && before?.view === view) y = [Math.min(y[0], before.range[0]), Math.max(y[1], before.range[1])];
    kept.current = { view, range: y };
    return { traces: [...drawing.noisy, ...drawing.models], lines, gaps: drawing.gaps, x, y };
  }, [drawing, lines, x[0], x[1], view, keepsRange]);
  const residual: ChartContent = useMemo(
    () => ({ traces: drawing.residuals, lines: [], gaps: drawing.gaps, x, y: residualRange(drawing, x) }),
    [drawing, x[0], x[1]],
  );
  const hasResiduals = drawing.residuals.length > 0;
  const onRange = useCallback((range: Range | null) => setZoom(range === null ? null : { view, range }), [view]);
  const charts = useRef<readonly SpectrumChart[]>([]);
  const point = (at: number | null, from: number) => {
    for (const [other, chart] of charts.current.entries()) if (other !== from) chart.pointAt(at);
    onPointer?.(at);
  };

  useImperativeHandle(handle, () => ({
    svg: (title) => {
      const upper = { content: flux, yLabel, height, rules: NO_RULES };
      const lower = { content: residual, yLabel: 'residual / σ', height: RESIDUAL_HEIGHT, rules: SIGMA_RULES };
      const palette = paletteOf(root.current ?? document.body);
      return figureSvg(hasResiduals ? [upper, lower] : [upper], { width: FIGURE_WIDTH, title, xLabel, palette });
    },
  }));

  return (
    <div className="spectrum-plot" ref={root}>
      <Chart
        content={flux}
        options={{ xLabel: hasResiduals ? null : xLabel, yLabel, height, rules: NO_RULES }}
        theme={theme}
        onRange={onRange}
        onPointer={(at) => point(at, 0)}
        chart={(made) => {
          charts.current = made === null ? [] : [made, ...charts.current.slice(1)];
        }}
        {...(onPainted === undefined ? {} : { onPainted })}
      />
      {hasResiduals && (
        <Chart
          content={residual}
          options={{ xLabel, yLabel: 'residual / σ', height: RESIDUAL_HEIGHT + 44, rules: SIGMA_RULES }}
          theme={theme}
          onRange={onRange}
          onPointer={(at) => point(at, 1)}
          chart={(made) => {
            charts.current = [...charts.current.slice(0, 1), ...(made === null ? [] : [made])];
          }}
        />
      )}
    </div>
  );
}

interface ChartProps {
  readonly content: ChartContent;
  readonly options: Omit<ChartOptions, 'onRange' | 'onPointer'>;
  readonly theme: string;
  readonly onRange: ChartOptions['onRange'];
  readonly onPointer: ChartOptions['onPointer'];
  readonly onPainted?: () => void;
  readonly chart: (made: SpectrumChart | null) => void;
}

function Chart({ content, options, theme, onRange, onPointer, onPainted, chart }: ChartProps) {
  const root = useRef<HTMLDivElement>(null);
  const made = useRef<SpectrumChart | null>(null);
  const latest = useRef({ content, onRange, onPointer, chart });
  latest.current = { content, onRange, onPointer, chart };
  const { xLabel, yLabel, height, rules } = options;

  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) return;
    const built = new SpectrumChart(element, latest.current.content, {
      ...{ xLabel, yLabel, height, rules },
      onRange: (range) => latest.current.onRange(range),
      onPointer: (at) => latest.current.onPointer(at),
    });
    made.current = built;
    latest.current.chart(built);
    const observer = new ResizeObserver(([entry]) => built.resize(Math.floor(entry.contentRect.width), height));
    observer.observe(element);
    return () => {
      observer.disconnect();
      built.destroy();
      made.current = null;
      latest.current.chart(null);
    };
  }, [xLabel, yLabel, height, rules]);

  useLayoutEffect(() => {
    made.current?.show(content);
    onPainted?.();
  }, [content, onPainted]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the style sheet's colours follow the theme
  useLayoutEffect(() => {
    // The document's theme is set by an effect of the shell, which runs later than this.
    const frame = requestAnimationFrame(() => made.current?.recolour());
    return () => cancelAnimationFrame(frame);
  }, [theme]);

  return <div className="spectrum-chart" ref={root} style={{ minHeight: height }} />;
}

function wholeRange({ noisy, models }: Drawing): Range {
  const traces = [...noisy, ...models].filter(({ x }) => x.length > 1);
  if (traces.length === 0) return [0, 1];
  return [Math.min(...traces.map(({ x }) => x[0])), Math.max(...traces.map(({ x }) => x[x.length - 1]))];
}

/** Moved, and if need be narrowed, so that nothing beyond the spectra is shown. */
function within([low, high]: Range, [first, last]: Range): Range {
  const width = Math.min(Math.max(high - low, LEAST_WIDTH), last - first);
  const from = Math.min(Math.max(low, first), last - width);
  return [from, from + width];
}

function residualRange({ residuals }: Drawing, x: Range): Range {
  const [low, high] = residuals.length === 0 ? [-4, 4] : fluxRange(residuals, [], x);
  return withMargin([Math.max(-MOST_SIGMA, Math.min(low, -3.5)), Math.min(MOST_SIGMA, Math.max(high, 3.5))]);
}
