/**
 * Where the map looks. Points stand in a square from −1 to 1 on both axes, filled by the plane's range; the view shows the
 * part of it around a centre, magnified. Screens are measured in CSS pixels, y downward.
 */
export interface View {
  readonly x: number;
  readonly y: number;
  /** 1 = the whole square. */
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Point = readonly [x: number, y: number];

export const WHOLE: View = { x: 0, y: 0, zoom: 1 };
const MOST_ZOOM = 2000;

export function toScreen(view: View, { width, height }: Size, [x, y]: Point): [number, number] {
  return [((x - view.x) * view.zoom + 1) * 0.5 * width, (1 - (y - view.y) * view.zoom) * 0.5 * height];
}

export function toSquare(view: View, { width, height }: Size, [x, y]: Point): [number, number] {
  return [((2 * x) / width - 1) / view.zoom + view.x, (1 - (2 * y) / height) / view.zoom + view.y];
}

/** Magnifies by a factor about a point of the screen, which stays where it is. */
export function zoomedAt(view: View, size: Size, at: Point, factor: number): View {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, view.zoom * factor));
  const [x, y] = toSquare(view, size, at);
  const part = view.zoom / zoom;
  return kept({ x: x + (view.x - x) * part, y: y + (view.y - y) * part, zoom });
}

/** @param by pixels that the picture moves right and down */
export function moved(view: View, { width, height }: Size, [right, down]: Point): View {
  const [x, y] = [view.x - (2 * right) / width / view.zoom, view.y + (2 * down) / height / view.zoom];
  return kept({ x, y, zoom: view.zoom });
}

/** The square never leaves the screen's edges. */
function kept({ x, y, zoom }: View): View {
  const most = 1 - 1 / zoom;
  const within = (value: number) => Math.min(most, Math.max(-most, value));
  return { x: within(x), y: within(y), zoom };
}

/** What of the square is on the screen. */
export function seen({ x, y, zoom }: View): { readonly x: Point; readonly y: Point } {
  return { x: [x - 1 / zoom, x + 1 / zoom], y: [y - 1 / zoom, y + 1 / zoom] };
}
