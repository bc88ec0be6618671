import type uPlot from 'uplot';
import type { Range } from './trace.ts';

const ZOOM_STEP = 1.25;
/** A notch of the wheel moves the view by this share of its width. */
const PAN_STEP = 0.1;

/**
 * Pan by shift-drag or the wheel, zoom by the wheel with Ctrl, and all of it on a double click; zoom by dragging is
 * uPlot's own. Returns what takes the listeners away.
 */
export function followPointer(plot: uPlot, onRange: (range: Range | null) => void): () => void {
  const { over } = plot;
  const range = (): Range => [plot.scales.x.min ?? 0, plot.scales.x.max ?? 1];

  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const [low, high] = range();
    const turn = Math.sign(Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY);
    if (!event.ctrlKey) {
      const step = turn * PAN_STEP * (high - low);
      onRange([low + step, high + step]);
      return;
    }
    const at = plot.posToVal(event.offsetX, 'x');
    const factor = turn > 0 ? ZOOM_STEP : 1 / ZOOM_STEP;
    onRange([at - (at - low) * factor, at + (high - at) * factor]);
  };

  const press = (event: MouseEvent) => {
    if (!event.shiftKey || event.button !== 0) return;
    // uPlot would begin to select.
    event.stopImmediatePropagation();
    event.preventDefault();
    const [low, high] = range();
    const perPixel = (high - low) / over.clientWidth;
    const move = ({ clientX }: MouseEvent) => {
      const step = (event.clientX - clientX) * perPixel;
      onRange([low + step, high + step]);
    };
    const leave = () => {
      document.removeEventListener('mousemove', move);
      document.removeEventListener('mouseup', leave);
    };
    document.addEventListener('mousemove', move);
    document.addEventListener('mouseup', leave);
  };

  const reset = () => onRange(null);
  over.addEventListener('wheel', wheel, { passive: false });
  over.parentElement?.addEventListener('mousedown', press, { capture: true });
  over.addEventListener('dblclick', reset);
  return () => {
    over.removeEventListener('wheel', wheel);
    over.parentElement?.removeEventListener('mousedown', press, { capture: true });
    over.removeEventListener('dblclick', reset);
  };
}
