/**
 * Errors that are the user's to mend. They reach the terminal as one sentence, without a stack trace,
 * and end the command with exit code 2 (`docs/contract.md`).
 */
export class UserError extends Error {
  readonly exitCode: number = 2;
  override readonly name: string = 'UserError';
}

/** Work stopped by Ctrl-C after its state was saved; the message says how to resume. Exit code 130. */
export class InterruptedError extends Error {
  readonly exitCode: number = 130;
  override readonly name: string = 'InterruptedError';
}

/**
 * A file that is not what it should be.
 *
 * @param file the path or name as the user gave it
 * @param place where in the file: `HDU 2 (SPZLINE), row 4, column "LINENAME"`; empty when the whole file is meant
 * @param problem what was found and what was expected, and the mend when one is known
 */
export class FileError extends UserError {
  override readonly name: string = 'FileError';
  readonly file: string;
  readonly place: string;
  readonly problem: string;

  constructor(file: string, place: string, problem: string) {
    super(`${file}${place === '' ? '' : `, ${place}`}: ${problem}`);
    this.file = file;
    this.place = place;
    this.problem = problem;
  }
}
