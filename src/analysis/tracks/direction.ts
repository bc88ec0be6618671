import { UserError } from '../../base/index.ts';

const TERM = /([+-]?)\s*(?:(\d*\.?\d+)\s*\*\s*)?(\d+)\s*/y;

/**
 * A direction in latent space as an astronomer types it: an axis of falling variance, `1`, or a linear combination
 * of them, `1 - 0.5*5` (VAE paper, section 3.2: "a VAE component or linear combination of components").
 *
 * @param axes Q
 * @returns length Q, of unit length
 * @throws UserError when the text is not such a sum, names an axis that is not there, or adds up to nothing
 */
export function parseDirection(text: string, axes: number): Float64Array {
  const direction = new Float64Array(axes);
  const trimmed = text.trim();
  TERM.lastIndex = 0;
  while (TERM.lastIndex < trimmed.length || trimmed === '') {
    const at = TERM.lastIndex;
    const term = TERM.exec(trimmed);
    if (term === null || (at > 0 && term[1] === '')) {
      throw new UserError(
        `--along ${text}: give an axis, 1 to ${axes}, or a sum of axes with factors, such as 1-0.5*${axes}`,
      );
    }
    const axis = Number(term[3]);
    if (axis < 1 || axis > axes) throw new UserError(`--along ${text}: there is no axis ${axis}; the run has ${axes}`);
    direction[axis - 1] += (term[1] === '-' ? -1 : 1) * Number(term[2] ?? 1);
  }
  const length = Math.hypot(...direction);
  if (!(length > 0)) throw new UserError(`--along ${text} adds up to no direction at all`);
  return direction.map((factor) => factor / length);
}

/** `VAE 1`, `0.89 VAE 1 − 0.45 VAE 5`. */
export function directionLabel(direction: Float64Array, title: string): string {
  const terms = Array.from(direction, (factor, axis) => ({ factor, axis })).filter(({ factor }) => factor !== 0);
  if (terms.length === 1 && terms[0].factor === 1) return `${title} ${terms[0].axis + 1}`;
  return terms
    .map(({ factor, axis }, index) => {
      const sign = factor < 0 ? '−' : '+';
      const lead = index === 0 ? (factor < 0 ? '−' : '') : ` ${sign} `;
      return `${lead}${Number(Math.abs(factor).toFixed(2))} ${title} ${axis + 1}`;
    })
    .join('');
}
