/** How far long work has come. The command line draws it; a library caller may ignore it. */
export interface ProgressReport {
  /** What is being done, in a few words: `reading files`, `training vae`. */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** `total` is a bound, as of training that stops by itself: the time left is an upper limit. */
  readonly atMost?: boolean;
  /** What changed since the last report, for people: `valid loss 412.3`. */
  readonly note?: string;
}

export type OnProgress = (report: ProgressReport) => void;

/** What all long calls accept. */
export interface LongWorkOptions {
  readonly onProgress?: OnProgress;
  /** When it fires, the work saves its state and throws InterruptedError. */
  readonly signal?: AbortSignal;
}
