import { UserError } from '../../base/index.ts';

/** A mistake in an expression, with its place so that an editor can underline it. */
export class ExpressionError extends UserError {
  override readonly name: string = 'ExpressionError';
  /** Characters of the text, from 0; `to` is exclusive. */
  readonly from: number;
  readonly to: number;

  constructor(from: number, to: number, problem: string) {
    super(`At character ${from + 1}: ${problem}`);
    this.from = from;
    this.to = to;
  }
}
