import { type LineKey, wavelengthOf } from '../spectral-lines.ts';

/*
 * Which lines are fitted together, on which stretch of continuum. All wavelengths are rest-frame vacuum ångström.
 */

/** A flux that is fitted, and the lines that have a share of it. */
export interface ComplexTerm {
  readonly parts: readonly { readonly wavelength: number; readonly share: number }[];
  /** Columns of the table, with the part of the flux that each has; none for a line fitted only to be out of the way. */
  readonly reports: readonly { readonly key: LineKey; readonly share: number }[];
  /** Permitted lines, which the clouds near a nucleus also emit: they may have a broad component. */
  readonly permitted: boolean;
}

export interface Complex {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly terms: readonly ComplexTerm[];
  /** Lines of quasars: broad from the start, on a power law rather than on stars. */
  readonly broad: boolean;
  /** Stretches left out: lines that are not fitted. */
  readonly avoid: readonly (readonly [number, number])[];
}

/** [O III] 5008/4960 and [N II] 6585/6550 are set by atomic physics: Storey & Zeippen (2000, MNRAS 312, 813). */
const OXYGEN_RATIO = 2.98;
const NITROGEN_RATIO = 2.96;
/** [O I] 6302/6366, likewise. */
const NEUTRAL_RATIO = 3.0;

function single(key: LineKey, permitted = false): ComplexTerm {
  return { parts: [{ wavelength: wavelengthOf(key), share: 1 }], reports: [{ key, share: 1 }], permitted };
}

function doublet(weak: LineKey, strong: LineKey, ratio: number): ComplexTerm {
  const shares = [
    { key: weak, share: 1 / (1 + ratio) },
    { key: strong, share: ratio / (1 + ratio) },
  ];
  return {
    parts: shares.map(({ key, share }) => ({ wavelength: wavelengthOf(key), share })),
    reports: shares,
    permitted: false,
  };
}

function nuisance(wavelength: number, permitted = false): ComplexTerm {
  return { parts: [{ wavelength, share: 1 }], reports: [], permitted };
}

/**
 * [O II] 3727.09 and 3729.88 in their ratio at low density (1 : 1.38; Osterbrock & Ferland 2006, section 5.6): they
 * stand closer than a pixel, so that the sum is measured and not the ratio.
 */
const OXYGEN_II: ComplexTerm = {
  parts: [
    { wavelength: 3727.09, share: 0.42 },
    { wavelength: 3729.88, share: 0.58 },
  ],
  reports: [{ key: 'OII_3727', share: 1 }],
  permitted: false,
};

const NEUTRAL_OXYGEN: ComplexTerm = {
  parts: [
    { wavelength: wavelengthOf('OI_6300'), share: NEUTRAL_RATIO / (1 + NEUTRAL_RATIO) },
    { wavelength: 6365.54, share: 1 / (1 + NEUTRAL_RATIO) },
  ],
  reports: [{ key: 'OI_6300', share: NEUTRAL_RATIO / (1 + NEUTRAL_RATIO) }],
  permitted: false,
};

export const COMPLEXES: readonly Complex[] = [
  {
    name: 'C IV',
    low: 1460,
    high: 1700,
    terms: [single('CIV_1549', true), nuisance(1640.42, true), nuisance(1665.85)],
    broad: true,
    avoid: [],
  },
  {
    name: 'C III]',
    low: 1790,
    high: 1990,
    terms: [single('CIII_1908', true), nuisance(1857.4, true), nuisance(1892.03)],
    broad: true,
    avoid: [],
  },
  { name: 'Mg II', low: 2700, high: 2900, terms: [single('MGII_2799', true)], broad: true, avoid: [] },
  { name: '[O II]', low: 3660, high: 3785, terms: [OXYGEN_II], broad: false, avoid: [] },
  { name: 'Hδ', low: 4020, high: 4185, terms: [single('HDELTA', true)], broad: false, avoid: [] },
  {
    name: 'Hγ',
    low: 4260,
    high: 4450,
    terms: [single('HGAMMA', true), nuisance(4364.44)],
    broad: false,
    avoid: [],
  },
  {
    name: 'Hβ and [O III]',
    low: 4760,
    high: 5100,
    terms: [single('HBETA', true), doublet('OIII_4959', 'OIII_5007', OXYGEN_RATIO)],
    broad: false,
    avoid: [],
  },
  // Gas between the stars absorbs Na D by amounts that no mixture of stars foretells.
  { name: 'He I', low: 5790, high: 5990, terms: [single('HEI_5876', true)], broad: false, avoid: [[5884, 5906]] },
  { name: '[O I]', low: 6230, high: 6420, terms: [NEUTRAL_OXYGEN], broad: false, avoid: [] },
  {
    name: 'Hα, [N II] and [S II]',
    low: 6390,
    high: 6860,
    terms: [
      single('HALPHA', true),
      doublet('NII_6548', 'NII_6584', NITROGEN_RATIO),
      single('SII_6716'),
      single('SII_6731'),
    ],
    broad: false,
    avoid: [[6674, 6686]],
  },
];

/** Further emission lines, which the continuum must not follow. */
export const OTHER_LINES: readonly number[] = [
  3346.8, 3426.85, 3798.98, 3836.48, 3869.86, 3890.16, 3968.59, 3971.2, 4069.75, 4364.44, 4472.73, 4687.02, 5201,
  5756.2, 6365.54, 6679.99, 7067.2, 7137.77, 7321.9, 7331.7, 9071.1,
];
