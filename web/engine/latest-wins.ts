/**
 * One question at work and one waiting: a slider asks faster than a model answers, and only its last position matters. A
 * question that waits is answered with null as soon as a later one takes its place.
 */
export class LatestWins<Question, Answer> {
  readonly #answer: (question: Question) => Promise<Answer>;
  #isBusy = false;
  #waiting: Waiting<Question, Answer> | null = null;

  constructor(answer: (question: Question) => Promise<Answer>) {
    this.#answer = answer;
  }

  ask(question: Question): Promise<Answer | null> {
    return new Promise((resolve, reject) => {
      this.#waiting?.resolve(null);
      this.#waiting = { question, resolve, reject };
      if (!this.#isBusy) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    while (this.#waiting !== null) {
      const { question, resolve, reject }: Waiting<Question, Answer> = this.#waiting;
      this.#waiting = null;
      await this.#answer(question).then(resolve, reject);
    }
    this.#isBusy = false;
  }
}

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer | null) => void;
  readonly reject: (error: unknown) => void;
}
