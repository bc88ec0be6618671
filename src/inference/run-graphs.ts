import type { Session } from '../graph/index.ts';

/** The graphs of an open run, as sessions. */
export interface RunSessions {
  readonly openEncoder: () => Promise<Session>;
  readonly decoder: Session;
  /** Opens joint-encoder.onnx; absent from runs that have none. */
  readonly openJointEncoder?: () => Promise<Session>;
  /** Opens label-encoder.onnx; where there is none the joint encoder does its work. */
  readonly openLabelEncoder?: () => Promise<Session>;
}

/** A session that is opened when first asked for. */
export class LazySession {
  readonly #open: () => Promise<Session>;
  #session: Promise<Session> | null = null;

  constructor(open: () => Promise<Session>) {
    this.#open = open;
  }

  get(): Promise<Session> {
    this.#session ??= this.#open();
    return this.#session;
  }

  async release(): Promise<void> {
    await (await this.#session)?.release();
  }
}
