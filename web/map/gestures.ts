/** Mouse, pen and fingers on the map: what is dragged, pinched, turned and clicked, told in pixels of the map. */
import { type RefObject, useEffect } from 'react';
import { useLatest } from '../state/use-latest.ts';
import type { Point } from './camera.ts';
import type { MapMode } from './map-settings.ts';

export interface SelectionKeys {
  readonly shift: boolean;
  readonly alt: boolean;
}

export interface GestureHandlers {
  readonly mode: () => MapMode;
  readonly onMove: (by: Point) => void;
  readonly onZoom: (at: Point, factor: number) => void;
  /** The outline so far, while it is drawn; null when it is finished or given up. */
  readonly onOutline: (outline: readonly Point[] | null) => void;
  readonly onEnclosed: (outline: readonly Point[], keys: SelectionKeys) => void;
  readonly onClick: (at: Point, keys: SelectionKeys) => void;
  readonly onWhole: () => void;
  /** null: the pointer left the map. */
  readonly onHover: (at: Point | null) => void;
}

/** Pixels that a hand trembles in a click. */
const TREMBLE = 4;
/** Pixels between points of a lasso. */
const LASSO_STEP = 3;
/** Milliseconds between the clicks of a double click. */
const DOUBLE = 350;
const ZOOM_PER_PIXEL = 0.0016;
const PIXELS_PER_LINE = 30;

export function useGestures(stage: RefObject<HTMLElement | null>, told: GestureHandlers): void {
  const handlers = useLatest(told);
  useEffect(() => {
    const element = stage.current;
    if (element === null) return;
    const gestures = new Gestures(element, handlers);
    const listeners: readonly (readonly [string, (event: never) => void])[] = [
      ['pointerdown', gestures.down],
      ['pointermove', gestures.move],
      ['pointerup', gestures.up],
      ['pointercancel', gestures.cancel],
      ['pointerleave', gestures.leave],
      ['wheel', gestures.wheel],
    ];
    for (const [name, listener] of listeners) {
      element.addEventListener(name, listener as EventListener, { passive: false });
    }
    return () => {
      for (const [name, listener] of listeners) element.removeEventListener(name, listener as EventListener);
      gestures.stop();
    };
  }, [stage, handlers]);
}

class Gestures {
  readonly #element: HTMLElement;
  readonly #handlers: RefObject<GestureHandlers>;
  /** Fingers and buttons that are down, where they are. */
  readonly #down = new Map<number, Point>();
  #start: Point = [0, 0];
  #isDrag = false;
  #outline: Point[] = [];
  #lastClick = Number.NEGATIVE_INFINITY;
  #hover: Point | null = null;
  #frame = 0;

  constructor(element: HTMLElement, handlers: RefObject<GestureHandlers>) {
    this.#element = element;
    this.#handlers = handlers;
  }

  readonly down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    this.#element.setPointerCapture(event.pointerId);
    const at = this.#place(event);
    this.#down.set(event.pointerId, at);
    if (this.#down.size > 1) {
      // A second finger makes a pinch of it.
      this.#giveUpOutline();
      this.#isDrag = true;
      return;
    }
    [this.#start, this.#isDrag, this.#outline] = [at, false, [at]];
  };

  readonly move = (event: PointerEvent): void => {
    const at = this.#place(event);
    const before = this.#down.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType !== 'touch') this.#hoverSoon(at);
      return;
    }
    this.#isDrag ||= distance(at, this.#start) > TREMBLE;
    this.#down.set(event.pointerId, at);
    if (!this.#isDrag) return;
    this.#hoverSoon(null);
    if (this.#down.size > 1) this.#pinch(event.pointerId, before, at);
    else this.#drag(before, at);
  };

  readonly up = (event: PointerEvent): void => {
    const wasDown = this.#down.delete(event.pointerId);
    if (!wasDown || this.#down.size > 0) return;
    const keys = { shift: event.shiftKey, alt: event.altKey };
    if (!this.#isDrag) this.#click(this.#place(event), event.timeStamp, keys);
    else if (this.#draws && this.#outline.length > 2) this.#handlers.current.onEnclosed(this.#outline, keys);
    this.#giveUpOutline();
  };

  readonly cancel = (event: PointerEvent): void => {
    this.#down.delete(event.pointerId);
    this.#giveUpOutline();
  };

  readonly leave = (): void => this.#hoverSoon(null);

  readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * PIXELS_PER_LINE : event.deltaY;
    // Trackpads report a pinch as a turn of the wheel with control, in small steps.
    const factor = Math.exp(-pixels * ZOOM_PER_PIXEL * (event.ctrlKey ? 6 : 1));
    this.#handlers.current.onZoom(this.#place(event), factor);
  };

  stop(): void {
    cancelAnimationFrame(this.#frame);
  }

  get #draws(): boolean {
    const mode = this.#handlers.current.mode();
    return mode === 'lasso' || mode === 'box';
  }

  #drag(before: Point, at: Point): void {
    const handlers = this.#handlers.current;
    if (!this.#draws) {
      handlers.onMove([at[0] - before[0], at[1] - before[1]]);
      return;
    }
    if (handlers.mode() === 'box') this.#outline = boxOf(this.#start, at);
    else if (distance(at, this.#outline[this.#outline.length - 1]) >= LASSO_STEP)
      this.#outline = [...this.#outline, at];
    handlers.onOutline(this.#outline);
  }

  #pinch(pointer: number, before: Point, at: Point): void {
    const other = [...this.#down].find(([id]) => id !== pointer)?.[1];
    if (other === undefined) return;
    const [was, is] = [distance(before, other), distance(at, other)];
    const handlers = this.#handlers.current;
    handlers.onMove([(at[0] - before[0]) / 2, (at[1] - before[1]) / 2]);
    if (was > 0 && is > 0) handlers.onZoom([(at[0] + other[0]) / 2, (at[1] + other[1]) / 2], is / was);
  }

  #click(at: Point, time: number, keys: SelectionKeys): void {
    const isDouble = time - this.#lastClick < DOUBLE;
    this.#lastClick = isDouble ? Number.NEGATIVE_INFINITY : time;
    const handlers = this.#handlers.current;
    if (isDouble && handlers.mode() === 'move') handlers.onWhole();
    else handlers.onClick(at, keys);
  }

  #giveUpOutline(): void {
    this.#outline = [];
    this.#handlers.current.onOutline(null);
  }

  /** At most once a frame: mice report a thousand times a second. */
  #hoverSoon(at: Point | null): void {
    this.#hover = at;
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#handlers.current.onHover(this.#hover);
    });
  }

  #place(event: MouseEvent): Point {
    const { left, top } = this.#element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function boxOf([x0, y0]: Point, [x1, y1]: Point): Point[] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}
