import { type Options, SingleBar } from 'cli-progress';
import type { OnProgress, ProgressReport } from '../base/index.ts';

const PLAIN_LINE_EVERY_MS = 10_000;

/** Draws progress on stderr: a bar with an ETA on a terminal, a plain line now and then elsewhere. */
export interface ProgressDrawing {
  readonly onProgress: OnProgress;
  /** Takes the bar away so that other lines can be printed. */
  close(): void;
}

/** Where progress is drawn: stderr, or any stream in its place. */
type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

export function drawProgress(stream: ProgressStream): ProgressDrawing {
  return stream.isTTY ? barDrawing(stream) : plainDrawing(stream);
}

export const silentProgress: ProgressDrawing = { onProgress: () => undefined, close: () => undefined };

function barDrawing(stream: NodeJS.WritableStream): ProgressDrawing {
  const look: Options = {
    stream,
    format: '{stage} {bar} {value}/{total}  {left} left  {note}',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    fps: 8,
  };
  let bar: SingleBar | null = null;
  let stage = '';
  let started = 0;
  const close = (): void => {
    bar?.stop();
    bar = null;
  };
  const onProgress = (report: ProgressReport): void => {
    if (bar === null || report.stage !== stage) {
      close();
      stage = report.stage;
      started = Date.now();
      bar = new SingleBar(look);
      bar.start(report.total, report.done, { stage, note: report.note ?? '', left: '…' });
    }
    bar.setTotal(report.total);
    bar.update(Math.floor(report.done), { stage, note: report.note ?? '', left: timeLeft(report, started) });
    if (report.done >= report.total) close();
  };
  return { onProgress, close };
}

function plainDrawing(stream: NodeJS.WritableStream): ProgressDrawing {
  let stage = '';
  let started = 0;
  let printed = 0;
  const onProgress = (report: ProgressReport): void => {
    const now = Date.now();
    if (report.stage !== stage) {
      stage = report.stage;
      started = now;
      printed = now;
    }
    const due = now - printed >= PLAIN_LINE_EVERY_MS || (report.done >= report.total && printed > started);
    if (!due) return;
    printed = now;
    const note = report.note === undefined ? '' : `  ${report.note}`;
    stream.write(`${stage}: ${counted(report.done)}/${report.total}, ${timeLeft(report, started)} left${note}\n`);
  };
  return { onProgress, close: () => undefined };
}

/** Whole numbers as they are; parts of an epoch to a tenth. */
function counted(done: number): string {
  return Number.isInteger(done) ? String(done) : done.toFixed(1);
}

function timeLeft(report: ProgressReport, started: number): string {
  if (report.done <= 0) return '…';
  const seconds = (((Date.now() - started) / 1000) * (report.total - report.done)) / report.done;
  return `${report.atMost ? 'at most ' : ''}${duration(seconds)}`;
}

/** `42 s`, `3 min 20 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
