import { z } from 'zod';

/** `--from`: what a run is shown of each object. */
export const fromOption = z
  .enum(['spectra', 'labels', 'both'], { error: '--from takes spectra, labels or both' })
  .default('spectra');

/** `--windows LO:HI,…`: stretches of the rest-frame spectrum. */
export const windowsOption = z.string().transform((text, context) => {
  const windows = text.split(',').map((window) => {
    const [low, high, ...more] = window.split(':').map((end) => (end.trim() === '' ? Number.NaN : Number(end)));
    return low < high && Number.isFinite(low) && Number.isFinite(high) && more.length === 0 ? { low, high } : null;
  });
  const right = windows.filter((window) => window !== null);
  if (right.length === windows.length) return right;
  context.addIssue(`--windows takes LO:HI[,LO:HI…] in Å with LO below HI, not ${text}`);
  return z.NEVER;
});

/** `--labels NAME=V,…`. */
export const labelValues = z.string().transform((text, context) => {
  const pairs = text.split(',').map((pair) => {
    const [name, value, ...more] = pair.split('=').map((part) => part.trim());
    return name !== '' && value !== undefined && more.length === 0 && isNumber(value)
      ? ([name, Number(value)] as const)
      : null;
  });
  const right = pairs.filter((pair) => pair !== null);
  const names = new Set(right.map(([name]) => name));
  if (right.length === pairs.length && names.size === right.length) return Object.fromEntries(right);
  context.addIssue(`--labels takes NAME=VALUE[,NAME=VALUE…] with each name once, not ${text}`);
  return z.NEVER;
});

/** `--latent v1,v2,…`. */
export const latentPoint = z.string().transform((text, context) => {
  const parts = text.split(',');
  if (parts.every(isNumber)) return parts.map(Number);
  context.addIssue(`--latent takes numbers separated by commas, one for each latent, not ${text}`);
  return z.NEVER;
});

/** Spectra of one sweep: more are no figure. */
const MOST_STEPS = 1000;

/** `--sweep NAME=LO:HI:N`. */
export const sweepOption = z.string().transform((text, context) => {
  const [name, range = '', ...more] = text.split('=');
  const parts = range.split(':');
  const [low, high, count] = parts.map(Number);
  const right = name !== '' && more.length === 0 && parts.length === 3 && parts.every(isNumber);
  if (right && low < high && Number.isInteger(count) && count >= 2 && count <= MOST_STEPS)
    return { name, low, high, count };
  context.addIssue(`--sweep takes NAME=LO:HI:N with LO below HI and 2 to ${MOST_STEPS} steps, not ${text}`);
  return z.NEVER;
});

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
