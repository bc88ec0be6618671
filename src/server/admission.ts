/**
 * Costly work behind one door: so many at work, so many waiting, and the rest turned away before a byte of what they
 * bring is read. Whoever goes away while waiting is not worked for.
 */
export class Admission {
  readonly #atWork: number;
  readonly #admitted: number;
  #inside = 0;
  #working = 0;
  readonly #queue: (() => void)[] = [];

  /**
   * @param atWork how many work at the same time
   * @param admitted how many may be inside: at work, waiting, or still bringing what is to be worked on
   */
  constructor(atWork: number, admitted: number) {
    this.#atWork = atWork;
    this.#admitted = admitted;
  }

  /** A ticket, to be left when the asker has an answer or is gone; null when all are given out. */
  enter(): Ticket | null {
    if (this.#inside >= this.#admitted) return null;
    this.#inside++;
    let [gone, worked] = [false, false];
    let released = false;
    const release = (): void => {
      if (released || !gone || worked) return;
      released = true;
      this.#inside--;
    };
    return {
      work: async (task) => {
        worked = true;
        try {
          await this.#turn();
          return gone ? null : await task();
        } finally {
          this.#next();
          worked = false;
          release();
        }
      },
      leave: () => {
        gone = true;
        release();
      },
    };
  }

  #turn(): Promise<void> {
    if (this.#working < this.#atWork) {
      this.#working++;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#queue.push(resolve));
  }

  /** The place at work goes to the next in the queue, or is free. */
  #next(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#working--;
    else next();
  }
}

export interface Ticket {
  /** Waits for its turn and works; null when the holder left before. The place is given up when the work has ended. */
  work<T>(task: () => Promise<T>): Promise<T | null>;
  /** Idempotent. */
  leave(): void;
}
