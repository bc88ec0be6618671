/** What the page and its worker say to each other. Every question has a number, and its answer bears it. */
import type { PlacedFile, Support } from '../../src/explorer/index.ts';
import type { GraphName, LatentSample, RunDescription } from '../../src/runs/index.ts';
import type { GeneratedPoint, Reconstructed, SpectrumBand } from './engine.ts';

/** The training objects near which a point is backed by data. */
export interface LatentBacking {
  readonly support: Support;
  /** S × Q: latents of `support.sample`. */
  readonly sampleLatents: Float32Array;
}

/** Runs are known to the worker by a key, since two exhibits may hold runs of one name. */
export interface Questions {
  start: { readonly ask: { readonly wasm: Uint8Array; readonly threads: number }; readonly answer: null };
  open: {
    readonly ask: {
      readonly key: string;
      readonly description: RunDescription;
      readonly wavelength: Float64Array;
      readonly jointEncoder: boolean;
      readonly labelEncoder: boolean;
      /** null: of this run no point is judged. */
      readonly backing: LatentBacking | null;
      /** null: redshifts are not fitted here, or the run keeps none. */
      readonly latentSample: LatentSample | null;
    };
    readonly answer: null;
  };
  graph: {
    readonly ask: { readonly key: string; readonly graph: GraphName; readonly bytes: Uint8Array };
    readonly answer: null;
  };
  decode: {
    readonly ask: { readonly key: string; readonly latent: readonly number[] };
    readonly answer: GeneratedPoint;
  };
  fromLabels: {
    readonly ask: { readonly key: string; readonly labels: Readonly<Record<string, number>> };
    readonly answer: GeneratedPoint;
  };
  decodeMany: {
    readonly ask: { readonly key: string; readonly latents: readonly (readonly number[])[] };
    readonly answer: readonly SpectrumBand[];
  };
  reconstruct: {
    readonly ask: { readonly key: string; readonly flux: Float32Array; readonly ivar: Float32Array };
    readonly answer: Reconstructed;
  };
  place: {
    readonly ask: {
      readonly key: string;
      readonly fileName: string;
      readonly bytes: Uint8Array;
      readonly redshift: number | null;
    };
    readonly answer: PlacedFile;
  };
}

export type QuestionKind = keyof Questions;
export type Ask<K extends QuestionKind> = Questions[K]['ask'];
export type Answer<K extends QuestionKind> = Questions[K]['answer'];

export type Question = {
  readonly [K in QuestionKind]: { readonly id: number; readonly kind: K; readonly ask: Ask<K> };
}[QuestionKind];

export type Reply =
  | { readonly id: number; readonly answer: Answer<QuestionKind> }
  /** A sentence for people. */
  | { readonly id: number; readonly problem: string };
