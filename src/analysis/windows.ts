/* Stretches of spectrum worth enlarging, where the lines stand that tell classes apart (VAE paper, Figs. 4–7). */

export interface LineWindow {
  readonly name: string;
  /** Rest-frame vacuum ångström. */
  readonly low: number;
  readonly high: number;
}

const WINDOWS = {
  lyman: { name: 'Lyα and N V', low: 1222, high: 1275 },
  carbon4: { name: 'C IV', low: 1470, high: 1630 },
  carbon3: { name: 'C III]', low: 1820, high: 1990 },
  magnesium2: { name: 'Mg II', low: 2690, high: 2910 },
  oxygen2: { name: '[O II]', low: 3680, high: 3780 },
  calcium: { name: 'Ca H, K and the 4000 Å break', low: 3860, high: 4060 },
  balmer: { name: 'Hβ and [O III]', low: 4780, high: 5080 },
  magnesium: { name: 'Mg b', low: 5100, high: 5300 },
  sodium: { name: 'Na D', low: 5830, high: 5960 },
  halpha: { name: 'Hα, [N II] and [S II]', low: 6460, high: 6790 },
} as const satisfies Record<string, LineWindow>;

type WindowName = keyof typeof WINDOWS;

/** Which windows tell most about a class, best first; the first whose words fit. */
const PREFERENCES: readonly (readonly [RegExp, readonly WindowName[]])[] = [
  [/quiescent|passive|early|elliptical|star$/i, ['calcium', 'sodium', 'halpha', 'magnesium', 'balmer']],
  [/broad|qso|quasar/i, ['carbon4', 'magnesium2', 'halpha', 'balmer', 'carbon3', 'lyman', 'oxygen2']],
  [/./, ['oxygen2', 'halpha', 'balmer', 'calcium', 'carbon4', 'magnesium2', 'sodium', 'carbon3']],
];

const MINIMUM_PIXELS = 10;
const MINIMUM_OBSERVED = 0.6;

/**
 * Up to `count` windows for one object, from blue to red: those its class is known by, as far as the grid holds them
 * with at least ten pixels of which six in ten were observed.
 */
export function chooseWindows(
  objectClass: string | null,
  wavelength: Float64Array,
  ivar: Float32Array,
  count: number,
): LineWindow[] {
  const preferred = PREFERENCES.find(([words]) => words.test(objectClass ?? 'any'))?.[1] ?? [];
  return preferred
    .map((name): LineWindow => WINDOWS[name])
    .filter((window) => isWellObserved(window, wavelength, ivar))
    .slice(0, count)
    .sort((a, b) => a.low - b.low);
}

function isWellObserved({ low, high }: LineWindow, wavelength: Float64Array, ivar: Float32Array): boolean {
  if (low < wavelength[0] || high > wavelength[wavelength.length - 1]) return false;
  let pixels = 0;
  let observed = 0;
  for (let pixel = 0; pixel < wavelength.length; pixel++) {
    if (wavelength[pixel] < low || wavelength[pixel] > high) continue;
    pixels += 1;
    if (ivar[pixel] > 0) observed += 1;
  }
  return pixels >= MINIMUM_PIXELS && observed >= MINIMUM_OBSERVED * pixels;
}
