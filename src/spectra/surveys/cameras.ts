import { pixelEdges, resampleInto } from '../index.ts';

/** N spectra of one camera. */
export interface Camera {
  /** Å, strictly increasing, length P. */
  readonly wavelength: Float64Array;
  /** N × P, row-major. */
  readonly flux: Float64Array;
  /** N × P; 0 = not observed. */
  readonly ivar: Float64Array;
  /** N. */
  readonly rows: number;
}

export interface Combine {
  /** The inverse-variance weighted mean of these rows in all cameras, as fresh arrays on `wavelength`. */
  (rows: readonly number[]): { flux: Float64Array; ivar: Float64Array };
  /** Å: the pixels of the bluest camera, then those of the next that lie beyond it, and so on. */
  readonly wavelength: Float64Array;
}

/** Prepares the joining of cameras; each camera's pixels must increase. */
export function combineCameras(cameras: readonly Camera[]): Combine {
  const wavelength = joinedWavelengths(cameras);
  const edges = pixelEdges(wavelength);
  const placed = cameras.map((camera) => placeOn(camera, wavelength, edges));
  const combine = (rows: readonly number[]) => {
    const flux = new Float64Array(wavelength.length);
    const ivar = new Float64Array(wavelength.length);
    for (const addRow of placed) for (const row of rows) addRow(row, flux, ivar);
    for (let i = 0; i < flux.length; i++) if (ivar[i] > 0) flux[i] /= ivar[i];
    return { flux, ivar };
  };
  return Object.assign(combine, { wavelength });
}

function joinedWavelengths(cameras: readonly Camera[]): Float64Array {
  const sorted = cameras.map((camera) => camera.wavelength).toSorted((a, b) => a[0] - b[0]);
  const joined = Array.from(sorted[0]);
  for (const wavelength of sorted.slice(1)) {
    const last = joined.length - 1;
    // Nearer than half a step to the last pixel is that pixel, up to rounding.
    const from = joined[last] + 0.5 * (joined[last] - joined[last - 1]);
    for (const value of wavelength) if (value > from) joined.push(value);
  }
  return Float64Array.from(joined);
}

/** Adds ivar × flux and ivar of a row to sums on the joined grid. */
type AddRow = (row: number, weightedFlux: Float64Array, ivar: Float64Array) => void;

/** How far, in steps, a camera's pixel may lie from a joined one and still be the same. */
const SAME_PIXEL = 0.01;

function placeOn(camera: Camera, wavelength: Float64Array, edges: Float64Array): AddRow {
  const pixels = camera.wavelength.length;
  const offset = offsetOf(camera.wavelength, wavelength);
  if (offset !== null) {
    return (row, weightedFlux, ivar) => {
      for (let i = 0, at = row * pixels; i < pixels; i++, at++) {
        weightedFlux[offset + i] += camera.ivar[at] * camera.flux[at];
        ivar[offset + i] += camera.ivar[at];
      }
    };
  }
  const cameraEdges = pixelEdges(camera.wavelength);
  const flux = new Float64Array(wavelength.length);
  const weight = new Float64Array(wavelength.length);
  return (row, weightedFlux, ivar) => {
    const from = row * pixels;
    const rowFlux = camera.flux.subarray(from, from + pixels);
    resampleInto(cameraEdges, rowFlux, camera.ivar.subarray(from, from + pixels), edges, flux, weight);
    for (let i = 0; i < flux.length; i++) {
      weightedFlux[i] += weight[i] * flux[i];
      ivar[i] += weight[i];
    }
  };
}

/** Where a camera's pixels begin in the joined grid when they are a stretch of it; null when they are not. */
function offsetOf(camera: Float64Array, joined: Float64Array): number | null {
  let offset = 0;
  while (offset < joined.length && joined[offset] < camera[0] - SAME_PIXEL * (camera[1] - camera[0])) offset++;
  if (offset + camera.length > joined.length) return null;
  for (let i = 0; i < camera.length; i++) {
    const step = i === 0 ? camera[1] - camera[0] : camera[i] - camera[i - 1];
    if (Math.abs(joined[offset + i] - camera[i]) > SAME_PIXEL * step) return null;
  }
  return offset;
}
