/** Threads that help with Adam, as the kernels see them. */
export interface Crew {
  /** Threads that take part now, the calling one counted; others may still be starting. */
  readonly threads: number;
  /**
   * Runs the shared Adam.
   *
   * @param values the arguments of the kernel `adam`
   * @throws Error when a thread failed or stopped answering
   */
  adam(values: readonly number[]): void;
  release(): Promise<void>;
}
