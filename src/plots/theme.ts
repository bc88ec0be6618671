/**
 * The look of every figure: ink, greys and the colour-blind-safe palette of Okabe & Ito (2008), without its
 * yellow, which vanishes on white paper. The page swaps the same names for CSS variables, so that one drawing
 * serves light and dark.
 */
export type Hue = 'blue' | 'vermillion' | 'green' | 'purple' | 'orange' | 'sky' | 'grey';

export interface Theme {
  readonly ink: string;
  /** Secondary words and axes. */
  readonly muted: string;
  /** Grid lines and frames. */
  readonly faint: string;
  readonly paper: string;
  /** The ±1σ band around an observed spectrum. */
  readonly band: string;
  /** Stretches that were not observed. */
  readonly gap: string;
  readonly hues: Readonly<Record<Hue, string>>;
  /** The hues as `#rrggbb`, for pictures made of pixels. */
  readonly painted: Readonly<Record<Hue, string>>;
}

export const HUES: readonly Hue[] = ['blue', 'vermillion', 'green', 'purple', 'orange', 'sky', 'grey'];

const PRINT_HUES: Theme['hues'] = {
  blue: '#0072b2',
  vermillion: '#d55e00',
  green: '#009e73',
  purple: '#c0609b',
  orange: '#e69f00',
  sky: '#56b4e9',
  grey: '#85858f',
};

/** Colours for files: black on white, as a journal prints. */
export const printTheme: Theme = {
  ink: '#1b1b1f',
  muted: '#5c5c66',
  faint: '#dcdce2',
  paper: '#ffffff',
  band: '#cfcfd6',
  gap: '#efeadc',
  hues: PRINT_HUES,
  painted: PRINT_HUES,
};

/** The same palette lifted for a dark page. */
const darkTheme: Omit<Theme, 'painted'> = {
  ink: '#e8e8ec',
  muted: '#a9a9b4',
  faint: '#35363d',
  paper: '#17181c',
  band: '#4a4b54',
  gap: '#302d24',
  hues: {
    blue: '#4ba6e0',
    vermillion: '#f0803c',
    green: '#2fc49a',
    purple: '#dd8dbd',
    orange: '#f2b632',
    sky: '#8accf5',
    grey: '#8d8d98',
  },
};

/** Colours by reference to the page's CSS variables. */
export const pageTheme: Theme = {
  ink: 'var(--ink)',
  muted: 'var(--muted)',
  faint: 'var(--faint)',
  paper: 'var(--paper)',
  band: 'var(--band)',
  gap: 'var(--gap)',
  hues: {
    blue: 'var(--blue)',
    vermillion: 'var(--vermillion)',
    green: 'var(--green)',
    purple: 'var(--purple)',
    orange: 'var(--orange)',
    sky: 'var(--sky)',
    grey: 'var(--grey)',
  },
  // Pixels cannot follow the reader's scheme: these stand out on white and on black.
  painted: {
    blue: '#2b8fd0',
    vermillion: '#e06d1c',
    green: '#12ab82',
    purple: '#ce75ac',
    orange: '#e8a51a',
    sky: '#62b8ea',
    grey: '#898994',
  },
};

/** CSS that defines the page's variables, for a light page and, where the reader prefers it, a dark one. */
export function themeVariables(): string {
  return [
    `:root { color-scheme: light dark; ${declarations(printTheme)} }`,
    `@media (prefers-color-scheme: dark) { :root { ${declarations(darkTheme)} } }`,
  ].join('\n');
}

function declarations({ ink, muted, faint, paper, band, gap, hues }: Omit<Theme, 'painted'>): string {
  return Object.entries({ ink, muted, faint, paper, band, gap, ...hues })
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(' ');
}

/** Colours that do not change from one figure to the next, by words that surveys and this house use for classes. */
const CLASS_HUES: readonly (readonly [RegExp, Hue])[] = [
  [/quiescent|early|elliptical|passive/i, 'vermillion'],
  [/broad|qso|quasar/i, 'purple'],
  [/narrow.*agn|seyfert|liner|\bagn\b/i, 'green'],
  [/extreme/i, 'sky'],
  [/post.?starburst|k\+a|e\+a/i, 'orange'],
  [/emission|star.?forming|starburst|spiral|late|galaxy/i, 'blue'],
  [/star|unknown|other/i, 'grey'],
];

/**
 * A hue for each class, the same in every figure: by meaning where the word is known, otherwise the first hue that
 * is still free, in the order given. More classes than hues share grey.
 */
export function classHues(classes: readonly string[]): ReadonlyMap<string, Hue> {
  const hues = new Map<string, Hue>();
  for (const name of classes) {
    const meant = CLASS_HUES.find(([words]) => words.test(name))?.[1];
    if (meant !== undefined && !taken(hues, meant)) hues.set(name, meant);
  }
  for (const name of classes) {
    if (!hues.has(name)) hues.set(name, HUES.find((hue) => !taken(hues, hue)) ?? 'grey');
  }
  return hues;
}

const MODEL_HUES: Readonly<Record<string, Hue>> = {
  pca: 'vermillion',
  nmf: 'orange',
  ae: 'green',
  vae: 'blue',
};

/** A hue for each model name, the same in every figure; unknown models take the first hue still free. */
export function modelHues(models: readonly string[]): ReadonlyMap<string, Hue> {
  const hues = new Map<string, Hue>();
  for (const name of models) {
    const known = MODEL_HUES[name.toLowerCase()];
    if (known !== undefined) hues.set(name, known);
  }
  for (const name of models) {
    if (!hues.has(name)) hues.set(name, HUES.find((hue) => !taken(hues, hue)) ?? 'grey');
  }
  return hues;
}

function taken(hues: ReadonlyMap<string, Hue>, hue: Hue): boolean {
  return hue !== 'grey' && [...hues.values()].includes(hue);
}
