/**
 * The drawing context that the map's points are drawn in. The library's own runs a loop of frames for as long as the page is
 * open, and draws on a hidden canvas as large as the window; this one has frames only while something is under way, and
 * a canvas as large as the map.
 */
import { createRegl, createRenderer } from 'regl-scatterplot';
import { UserError } from '../../src/base/index.ts';
import type { Size } from './camera.ts';

const NO_WEBGL =
  'The map needs WebGL, which this browser does not offer: switch on hardware acceleration in its settings, or use a recent ' +
  'Firefox or Chromium. The tables and panels work without it.';
/** Milliseconds of frames after the last work ended: what it set off may need some more. */
const AFTERWARDS = 200;

type Regl = ReturnType<typeof createRegl>;

export class PointsRenderer {
  /** As the library takes it. */
  readonly renderer: ReturnType<typeof createRenderer>;
  readonly #frames: FramesOnDemand;

  /** @throws UserError when the browser has no WebGL */
  constructor() {
    const canvas = document.createElement('canvas');
    const regl = reglOn(canvas);
    this.#frames = new FramesOnDemand(regl);
    this.renderer = createRenderer({ regl, canvas });
  }

  resize({ width, height }: Size): void {
    this.renderer.resize(width, height);
    this.renderer.refresh();
  }

  /** Has frames drawn until something asynchronous is done, however it ends. */
  during(work: Promise<unknown>): void {
    this.#frames.during(work);
  }

  destroy(): void {
    this.renderer.destroy();
  }
}

function reglOn(canvas: HTMLCanvasElement): Regl {
  // Points are smoothed by themselves; the library would ask for four samples of each pixel of its last, flat copy.
  const context = canvas.getContext('webgl', { antialias: false, preserveDrawingBuffer: true });
  if (context === null || context.getExtension('OES_texture_float') === null) throw new UserError(NO_WEBGL);
  return createRegl(canvas);
}

class FramesOnDemand {
  readonly #begin: Regl['frame'];
  #draw: Parameters<Regl['frame']>[0] | null = null;
  #running: ReturnType<Regl['frame']> | null = null;
  #pending = 0;
  #end: ReturnType<typeof setTimeout> | undefined;

  /** Takes the place of the loop that `regl.frame` would start. */
  constructor(regl: Regl) {
    this.#begin = regl.frame.bind(regl);
    regl.frame = (draw) => {
      this.#draw = draw;
      return {
        cancel: () => {
          this.#draw = null;
          this.#stop();
        },
      };
    };
  }

  during(work: Promise<unknown>): void {
    this.#pending++;
    clearTimeout(this.#end);
    if (this.#draw !== null) this.#running ??= this.#begin(this.#draw);
    const done = () => {
      this.#pending--;
      if (this.#pending === 0) this.#end = setTimeout(() => this.#stop(), AFTERWARDS);
    };
    work.then(done, done);
  }

  #stop(): void {
    this.#running?.cancel();
    this.#running = null;
  }
}
