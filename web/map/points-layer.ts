/**
 * The objects as points, drawn by regl-scatterplot on the graphics card. Only drawing is left to it: the map moves and picks
 * by itself, so that fingers work as mice do and hovering redraws nothing.
 */
import createScatterplot, { createSpatialIndex } from 'regl-scatterplot';
import type { Size, View } from './camera.ts';
import type { Positions } from './point-index.ts';
import { PointsRenderer } from './points-renderer.ts';

/** How an object is drawn, apart from its colour; indexes the opacities and sizes of a style. */
export const POINT_STATE = { hidden: 0, faded: 1, shown: 2, selected: 3 } as const;

export interface PointStyle {
  /** `#rrggbb` by colour code. */
  readonly palette: readonly string[];
  readonly background: string;
  /** By state, as sizes (CSS pixels) are. */
  readonly opacities: readonly [number, number, number, number];
  readonly sizes: readonly [number, number, number, number];
}

export interface PointMarks {
  /** Length N: index into the palette. */
  readonly colours: Uint8Array;
  /** Length N: one of POINT_STATE. */
  readonly states: Uint8Array;
}

/** From points handed over to points drawn, in the page's performance timeline. */
const MEASURE = 'lightfold:points-to-map';

/** What the library is handed for a point: x, y, colour code, state. */
type LibraryPoint = [number, number, number, number];

export class PointsLayer {
  readonly #renderer: PointsRenderer;
  readonly #scatterplot: ReturnType<typeof createScatterplot>;
  /** Mutated in place and handed over again: new arrays for a million points would keep the collector busy. */
  #points: LibraryPoint[] = [];
  #isStale = false;
  #isDrawing = false;
  #isDestroyed = false;
  #isOtherCount = true;
  /** The library builds an index of all points to pick from; one of a single point spares that. */
  readonly #noIndex = createSpatialIndex([[0, 0]], false);

  /** @throws UserError when the browser has no WebGL */
  constructor(canvas: HTMLCanvasElement) {
    this.#renderer = new PointsRenderer();
    this.#scatterplot = createScatterplot({
      renderer: this.#renderer.renderer,
      canvas,
      width: 1,
      height: 1,
      cameraIsFixed: true,
      lassoInitiator: false,
      deselectOnDblClick: false,
      deselectOnEscape: false,
      pointScaleMode: 'constant',
      colorBy: 'valueA',
      opacityBy: 'valueB',
      sizeBy: 'valueB',
    });
  }

  setPositions({ x, y }: Positions): void {
    const count = x.length;
    if (this.#points.length !== count) {
      this.#points = Array.from({ length: count }, (): LibraryPoint => [0, 0, 0, 0]);
      this.#isOtherCount = true;
    }
    for (let row = 0; row < count; row++) {
      const point = this.#points[row];
      // What has no place is put far outside.
      const isPlaced = !Number.isNaN(x[row] + y[row]);
      point[0] = isPlaced ? x[row] : 1e6;
      point[1] = isPlaced ? y[row] : 1e6;
    }
    this.#redraw();
  }

  setMarks({ colours, states }: PointMarks): void {
    for (let row = 0; row < this.#points.length; row++) {
      const point = this.#points[row];
      point[2] = colours[row];
      point[3] = states[row];
    }
    this.#redraw();
  }

  setStyle({ palette, background, opacities, sizes }: PointStyle): void {
    const style = { pointColor: [...palette], backgroundColor: background };
    this.#draws(this.#scatterplot.set({ ...style, opacity: [...opacities], pointSize: [...sizes] }));
  }

  resize(size: Size): void {
    const { width, height } = size;
    this.#renderer.resize(size);
    this.#draws(this.#scatterplot.set({ width, height, aspectRatio: width / height }));
  }

  setView({ x, y, zoom }: View, { width, height }: Size): void {
    const aspect = width / height;
    const matrix = [zoom, 0, 0, 0, 0, zoom, 0, 0, 0, 0, 1, 0, -zoom * x * aspect, -zoom * y, 0, 1];
    this.#scatterplot.view(matrix);
    this.#draws(new Promise((resolve) => this.#scatterplot.subscribe('draw', resolve, 1)));
  }

  destroy(): void {
    this.#isDestroyed = true;
    this.#scatterplot.destroy();
    this.#renderer.destroy();
  }

  #draws(work: Promise<unknown>): void {
    this.#renderer.during(work);
  }

  /** The library refuses a drawing while another is under way; changes made meanwhile are drawn after it. */
  #redraw(): void {
    this.#isStale = true;
    if (!this.#isDrawing) void this.#drawUntilFresh();
  }

  async #drawUntilFresh(): Promise<void> {
    this.#isDrawing = true;
    try {
      const spatialIndex = await this.#noIndex;
      while (this.#isStale && !this.#isDestroyed) {
        this.#isStale = false;
        const preventFilterReset = !this.#isOtherCount;
        this.#isOtherCount = false;
        const start = performance.now();
        const drawing = this.#scatterplot.draw(this.#points, {
          zDataType: 'categorical',
          wDataType: 'categorical',
          spatialIndex,
          preventFilterReset,
        });
        this.#draws(drawing);
        await drawing;
        performance.measure(MEASURE, { start });
      }
    } finally {
      this.#isDrawing = false;
    }
  }
}
