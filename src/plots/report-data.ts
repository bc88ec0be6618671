import type { FigureData } from './figure-data.ts';

/** What the page tells: words and numbers ready to print, and the data of its figures. */
export interface ReportData {
  readonly title: string;
  /** Paragraphs: what was done and what came out, for an astronomer in a hurry. */
  readonly summary: readonly string[];
  /** Dataset, models, seed, software version, date, command: what is needed to do it again. */
  readonly facts: readonly ReportFact[];
  readonly scores: readonly ReportScore[];
  /** What the scores were measured on: `held-out test spectra`. */
  readonly scoredOn: string;
  readonly figures: FigureData;
}

export interface ReportFact {
  readonly name: string;
  readonly value: string;
}

/** One run in the table of metrics; coverages are shares, 0–1; null = not known for this data. */
export interface ReportScore {
  readonly model: string;
  readonly latents: number;
  readonly mse: number;
  /** Against the noise-free flux, for simulated surveys. */
  readonly mseTruth: number | null;
  readonly mseByClass: Readonly<Record<string, number>>;
  readonly chi2PerPixel: number;
  readonly maeFlux: number;
  readonly coverage68: number;
  readonly coverage95: number;
  readonly coverageTruth68: number | null;
  readonly coverageTruth95: number | null;
}
