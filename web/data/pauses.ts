/** Milliseconds of work after which the page may answer its reader. */
const LONG = 12;

/** Divides long work into tasks: `await pause()` between its pieces goes on at once until it has taken long. */
export class Pauses {
  #since = performance.now();

  async pause(): Promise<void> {
    if (performance.now() - this.#since < LONG) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.#since = performance.now();
  }
}
