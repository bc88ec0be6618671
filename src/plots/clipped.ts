/** A drawn element, as much of the DOM as is needed here. */
interface Element {
  readonly tagName: string;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  querySelectorAll(selectors: string): Iterable<Element>;
  remove(): void;
}

/** Pixels from a drawing's corner; at this distance a line leaves the drawing where it would have left it. */
const FARTHEST = 1e5;

/**
 * Makes clipped groups safe to rasterise without a change to the picture: those of which nothing can be seen (empty, or
 * wholly outside the drawing) are taken out, and coordinates far outside are brought nearer. resvg aborts the whole
 * process, which no `catch` can stop, over a clipped group that lies off the sheet (every observed pixel of a line is
 * far out of range) or spans more than 32-bit pixel counts (the noise band of a pixel with next to no weight).
 *
 * @param width,height of the drawing, whose corner is at (0, 0)
 */
export function tameClipped(drawing: Element, width: number, height: number): void {
  for (const group of drawing.querySelectorAll('[clip-path]')) {
    const shapes = [...group.querySelectorAll('path, rect, circle, line, text, image, use')];
    const seen = shapes.filter((shape) => {
      bringNearer(shape);
      const [x1, y1, x2, y2] = extent(shape);
      return x1 <= width && x2 >= 0 && y1 <= height && y2 >= 0;
    });
    if (seen.length === 0) group.remove();
  }
}

function bringNearer(shape: Element): void {
  for (const name of ['d', 'cx', 'cy']) {
    const text = shape.getAttribute(name);
    if (text === null || !/\d{6}|e\+|Infinity/.test(text)) continue;
    const nearer = text.replace(/-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Infinity)/g, (number) =>
      String(Math.min(Math.max(Number(number), -FARTHEST), FARTHEST)),
    );
    shape.setAttribute(name, nearer);
  }
}

type Extent = readonly [x1: number, y1: number, x2: number, y2: number];

/** Of what is not measured here: everything. */
const EVERYWHERE: Extent = [-Infinity, -Infinity, Infinity, Infinity];

function extent(shape: Element): Extent {
  const number = (name: string): number => Number(shape.getAttribute(name) ?? 0);
  if (shape.getAttribute('transform') !== null) return EVERYWHERE;
  switch (shape.tagName.toLowerCase()) {
    case 'path':
      return extentOfPath(shape.getAttribute('d') ?? '');
    case 'rect':
      return [number('x'), number('y'), number('x') + number('width'), number('y') + number('height')];
    case 'circle':
      return [
        number('cx') - number('r'),
        number('cy') - number('r'),
        number('cx') + number('r'),
        number('cy') + number('r'),
      ];
    default:
      return EVERYWHERE;
  }
}

/** Plot writes lines and areas as absolute M, L and C with both coordinates; other paths are taken as seen. */
function extentOfPath(d: string): Extent {
  if (/[^MLCZ\d.,\s+e-]/.test(d)) return EVERYWHERE;
  const numbers = d.match(/[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/g) ?? [];
  let [x1, y1, x2, y2] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const [x, y] = [Number(numbers[i]), Number(numbers[i + 1])];
    [x1, y1, x2, y2] = [Math.min(x1, x), Math.min(y1, y), Math.max(x2, x), Math.max(y2, y)];
  }
  return [x1, y1, x2, y2];
}
