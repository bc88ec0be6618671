import type { Dataset } from '../../dataset/index.ts';
import type { StellarKind } from './stellar-absorption.ts';
import type { SurveyMeasures } from './survey-measures.ts';
import { quantile, strengths } from './survey-scale.ts';

/** What can be odd about an object. The first five are causes; the others are what a cause, known or not, leads to. */
export type ReasonKind =
  | 'looks like a star'
  | 'discontinuity'
  | 'missing chunk'
  | 'low S/N'
  | 'extreme emission lines'
  | 'poor reconstruction'
  | 'far from its class'
  | 'isolated';

export interface Reason {
  readonly kind: ReasonKind;
  /** −log₁₀ of the share of the survey expected to be as odd in this respect: 3 = one in a thousand. */
  readonly strength: number;
  /** For people: what is seen, with numbers. */
  readonly sentence: string;
}

/** What was found odd about every object of a survey. */
export interface Judgement {
  /** Length N: the greatest strength among those that the ranking goes by. */
  readonly score: Float64Array;
  /** Of one object: what stands, causes first, each by falling strength; never empty. */
  reasonsOf(object: number): Reason[];
}

interface Detector {
  readonly kind: ReasonKind;
  readonly strength: Float64Array;
  /** Enough in itself to be called odd, whatever the survey is like. */
  stands(object: number): boolean;
  sentence(object: number): string;
}

/** Rarer than one in a hundred is worth a reason. */
const WORTH_TELLING = 2;

/** What is enough in itself; see the figures in docs/decisions. */
const ENOUGH = {
  starSignificance: 6,
  starProminence: 1.3,
  jumpSignificance: 5,
  jumpSize: 0.05,
  gapShare: 0.05,
  snr: 4,
  chi2: 1.2,
  classDistance: 3,
  lof: 1.5,
};

const CAUSES: readonly ReasonKind[] = [
  'looks like a star',
  'discontinuity',
  'missing chunk',
  'low S/N',
  'extreme emission lines',
];

/** Causes but emission, and what says that something is odd without saying what. */
const RANKED: readonly ReasonKind[] = [
  'looks like a star',
  'discontinuity',
  'missing chunk',
  'low S/N',
  'poor reconstruction',
  'isolated',
];

export function judge(dataset: Dataset, measures: SurveyMeasures): Judgement {
  const detectors = [...causes(dataset, measures), ...symptoms(dataset, measures)];
  const ranked = detectors.filter(({ kind }) => RANKED.includes(kind));
  const n = dataset.flux.rows;
  const score = Float64Array.from({ length: n }, (_, object) =>
    Math.max(...ranked.map(({ strength, stands }) => (stands(object) ? strength[object] : 0))),
  );
  const isolated = detectors.filter(({ kind }) => kind === 'isolated');
  const reasonsOf = (object: number): Reason[] => {
    const standing = detectors.filter(({ strength, stands }) => strength[object] >= WORTH_TELLING && stands(object));
    return (standing.length > 0 ? standing : isolated)
      .map(({ kind, strength, sentence }) => ({ kind, strength: strength[object], sentence: sentence(object) }))
      .sort((a, b) => Number(CAUSES.includes(b.kind)) - Number(CAUSES.includes(a.kind)) || b.strength - a.strength);
  };
  return { score, reasonsOf };
}

function measured(n: number, of: (object: number) => number): Float64Array {
  return strengths(Float64Array.from({ length: n }, (_, object) => of(object)));
}

const STARS: Readonly<Record<StellarKind, string>> = {
  hot: 'a hot star (Balmer lines)',
  solar: 'a Sun-like star (Ca H and K, G band, Mg b)',
  cool: 'a cool star (TiO bands)',
};

function causes({ wavelength, catalogue }: Dataset, { objects }: SurveyMeasures): Detector[] {
  const n = objects.length;
  const snr = Float64Array.from(catalogue.snr).sort();
  const angstrom = (pixel: number) => wavelength[pixel].toFixed(0);
  return [
    {
      kind: 'looks like a star',
      strength: measured(n, (i) => Math.log1p(Math.max(0, objects[i].star?.significance ?? 0))),
      stands: (i) => {
        const { significance = 0, prominence = 0 } = objects[i].star ?? {};
        return significance > ENOUGH.starSignificance && prominence > ENOUGH.starProminence;
      },
      sentence: (i) => {
        const { kind = 'solar', significance = 0 } = objects[i].star ?? {};
        const redshift = catalogue.redshift[i]?.toFixed(4);
        return `absorption of ${STARS[kind]} at rest in the observer’s frame (${significance.toFixed(0)}σ): probably a star, not an object at z = ${redshift}`;
      },
    },
    {
      kind: 'discontinuity',
      strength: measured(n, (i) => Math.log1p(objects[i].jump?.significance ?? 0)),
      stands: (i) => {
        const { significance = 0, size = 0, prominence = 0 } = objects[i].jump ?? {};
        return significance > ENOUGH.jumpSignificance && Math.abs(size) > ENOUGH.jumpSize && prominence > 1;
      },
      sentence: (i) => {
        const { size = 0, significance = 0, join = 0 } = objects[i].jump ?? {};
        return `the flux ${size > 0 ? 'rises' : 'falls'} by ${(100 * Math.abs(size)).toFixed(0)}% at the detector join near ${join.toFixed(0)} Å observed (${significance.toFixed(0)}σ): probably a fault of calibration`;
      },
    },
    {
      kind: 'missing chunk',
      strength: measured(n, (i) => Math.log1p(objects[i].gap.pixels)),
      stands: (i) => objects[i].gap.share > ENOUGH.gapShare,
      sentence: (i) => {
        const { share, first, last } = objects[i].gap;
        return `${(100 * share).toFixed(0)}% of the pixels that others have are missing in one stretch, ${angstrom(first)}–${angstrom(last)} Å`;
      },
    },
    {
      kind: 'low S/N',
      strength: measured(n, (i) => -Math.log(Math.max(1e-3, catalogue.snr[i]))),
      stands: (i) => catalogue.snr[i] < ENOUGH.snr,
      sentence: (i) =>
        `median S/N of ${catalogue.snr[i].toFixed(1)} per pixel where the survey has ${quantile(snr, 0.5).toFixed(0)}: its latents follow the noise`,
    },
    {
      kind: 'extreme emission lines',
      strength: measured(n, (i) => Math.log1p(objects[i].line.width)),
      stands: (i) => objects[i].line.width > 0,
      sentence: (i) => `${objects[i].line.name} of ${objects[i].line.width.toFixed(0)} Å equivalent width`,
    },
  ];
}

function symptoms({ wavelength, catalogue }: Dataset, measures: SurveyMeasures): Detector[] {
  const { objects, distances, lof } = measures;
  const n = objects.length;
  const chi2 = Float64Array.from(objects, ({ misfit }) => misfit.chi2).sort();
  return [
    {
      kind: 'poor reconstruction',
      strength: measured(n, (i) => Math.log(Math.max(1e-3, objects[i].misfit.chi2))),
      stands: (i) => objects[i].misfit.chi2 > ENOUGH.chi2,
      sentence: (i) => {
        const { misfit } = objects[i];
        const side = misfit.excess > 0 ? 'brighter' : 'fainter';
        return `rebuilt with χ² of ${misfit.chi2.toFixed(1)} per pixel where the survey has ${quantile(chi2, 0.5).toFixed(1)}, worst at ${wavelength[misfit.first].toFixed(0)}–${wavelength[misfit.last].toFixed(0)} Å, where it is ${side} than the model`;
      },
    },
    {
      kind: 'far from its class',
      strength: measured(n, (i) => Math.log(distances.own[i])),
      stands: (i) => distances.own[i] > ENOUGH.classDistance,
      sentence: (i) => {
        const own = catalogue.objectClass[i];
        const nearest = distances.nearest[i];
        const other = nearest === null || nearest === own ? '' : `, nearer to ${nearest}`;
        return `${distances.own[i].toFixed(1)}σ from the centre of its class, ${own}, in latent space${other}`;
      },
    },
    {
      kind: 'isolated',
      strength: measured(n, (i) => Math.log(lof[i])),
      stands: (i) => lof[i] > ENOUGH.lof,
      sentence: (i) =>
        `its surroundings in latent space are ${lof[i].toFixed(1)} times sparser than its neighbours’ (local outlier factor)`,
    },
  ];
}
