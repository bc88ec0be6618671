import type { Random } from '../../base/index.ts';
import type { PixelRange } from '../log-wavelength.ts';
import { wavelengthAt } from '../log-wavelength.ts';
import type { Star } from '../stars/absorption.ts';

/** What surveys get wrong now and then (Portillo et al. 2020, section 3.3 and table 2). */
export type Oddity = 'misclassified star' | 'calibration step' | 'missing chunk' | 'low S/N';

const SHARES: readonly (readonly [Oddity, number])[] = [
  ['misclassified star', 0.003],
  ['calibration step', 0.003],
  ['missing chunk', 0.002],
  ['low S/N', 0.002],
];

/** Draws an oddity for one object in a hundred. */
export function drawOddity(random: Random): Oddity | null {
  let left = random.uniform();
  for (const [oddity, share] of SHARES) {
    left -= share;
    if (left < 0) return oddity;
  }
  return null;
}

/** Where the blue and red arms of the spectrograph meet, observed Å. */
const ARMS_MEET = 6000;

/** Multiplies one arm, red of 6000 Å, by a factor far enough from 1 to see. */
export function stepCalibration(flux: Float64Array, range: PixelRange, random: Random): void {
  const size = random.uniform(0.15, 0.4);
  const factor = random.uniform() < 0.5 ? 1 - size : 1 / (1 - size);
  for (let i = 0; i < flux.length; i++) if (wavelengthAt(range.first + i) > ARMS_MEET) flux[i] *= factor;
}

/** A star that was taken for a galaxy: mostly A and M, whose spectra mislead (table 2 of the paper). */
export function drawStar(random: Random): Star {
  const kind = random.uniform();
  if (kind < 0.5)
    return { temperature: random.uniform(2950, 3700), logGravity: 4.8, metallicity: random.normal(-0.1, 0.15) };
  if (kind < 0.8)
    return { temperature: random.uniform(7800, 10500), logGravity: 4.1, metallicity: random.normal(-0.2, 0.2) };
  return { temperature: random.uniform(4300, 6500), logGravity: 4.4, metallicity: random.normal(-0.4, 0.3) };
}
