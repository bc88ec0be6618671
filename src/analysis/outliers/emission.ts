import type { SeenObject } from './seen-object.ts';

/** The emission line of greatest equivalent width. */
export interface StrongestLine {
  readonly name: string;
  /** Rest-frame equivalent width, ångström; 0 when no line is seen. */
  readonly width: number;
}

/** Rest-frame vacuum ångström; [N II] is measured with Hα. */
const LINES: readonly (readonly [string, number])[] = [
  ['[O II]', 3728.5],
  ['Hβ', 4862.7],
  ['[O III]', 5008.2],
  ['Hα', 6564.6],
];
/** Half widths in ln λ of the line and of the continuum on both sides of it: 2000 km/s, 3000–7500 km/s. */
const LINE = 0.0067;
const CONTINUUM = [0.01, 0.025] as const;
/** A line is one when its equivalent width is this many times its error. */
const SEEN = 5;

export function strongestLineFinder(wavelength: Float64Array): (object: SeenObject) => StrongestLine {
  const logWavelength = wavelength.map(Math.log);
  const places = LINES.map(([name, at]) => {
    const offset = (p: number) => Math.abs(logWavelength[p] - Math.log(at));
    const pixels = Array.from(wavelength, (_, p) => p);
    return {
      name,
      line: pixels.filter((p) => offset(p) <= LINE),
      continuum: pixels.filter((p) => offset(p) >= CONTINUUM[0] && offset(p) <= CONTINUUM[1]),
    };
  });
  const step = (p: number): number => {
    const [before, after] = [Math.max(0, p - 1), Math.min(wavelength.length - 1, p + 1)];
    return (wavelength[after] - wavelength[before]) / (after - before);
  };
  return ({ flux, ivar }) => {
    let strongest: StrongestLine = { name: '', width: 0 };
    for (const { name, line, continuum } of places) {
      const observed = continuum.filter((p) => ivar[p] > 0);
      if (observed.length < continuum.length / 2 || line.length === 0 || !line.every((p) => ivar[p] > 0)) continue;
      const level = observed.reduce((sum, p) => sum + flux[p], 0) / observed.length;
      if (!(level > 0)) continue;
      const width = line.reduce((sum, p) => sum + (flux[p] / level - 1) * step(p), 0);
      const error = Math.sqrt(line.reduce((sum, p) => sum + (step(p) / level) ** 2 / ivar[p], 0));
      if (width > SEEN * error && width > strongest.width) strongest = { name, width };
    }
    return strongest;
  };
}

/** Rest-frame vacuum ångström of the lines that gas emits brightly enough to matter beside starlight. */
const NEBULAR = [
  3426.8, 3728.5, 3869.9, 3890.2, 3968.6, 4102.9, 4341.7, 4364.4, 4862.7, 4960.3, 5008.2, 5877.2, 6302, 6549.9, 6564.6,
  6585.3, 6718.3, 6732.7, 7137.8,
];

/** 1 for pixels beside the lines of gas, 0 on them: emission differs among galaxies as starlight never does. */
export function beyondGasLines(wavelength: Float64Array): Uint8Array {
  return Uint8Array.from(wavelength, (at) => Number(NEBULAR.every((line) => Math.abs(Math.log(at / line)) > LINE)));
}
