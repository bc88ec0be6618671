/**
 * What the explorer's page and whoever serves it say to each other. A server answers these resources by HTTP; a static
 * site holds them as files: the page asks for the same addresses, relative to its own, and does not know which it got.
 *
 *     data/exhibits.json                        Exhibits: what there is to see
 *     data/E/exhibit.json                       ExhibitDescription: one dataset with the runs that know it
 *     data/E/catalogue.arrow                    one row an object, columns as `columns` describes them
 *     data/E/grid.arrow                         column `wavelength`: rest-frame vacuum ångström, length P
 *     data/E/spectra/B.arrow                    block B: `spectraPerBlock` objects' flux and error (spectra-block.ts)
 *     data/E/runs/R/latents.arrow               one row an object, columns as the run's `columns` describe them
 *     data/E/runs/R/umap.arrow                  columns `umap1`, `umap2`
 *     data/E/runs/R/run.json                    the run's description (runs/description.ts)
 *     data/E/runs/R/encoder.onnx, decoder.onnx, and of joint models joint-encoder.onnx, label-encoder.onnx
 *     data/E/runs/R/latents.npz                 training latents, where the run keeps them (runs/latent-sample.ts)
 *     data/E/runs/R/place[?redshift=Z]          POST a file's bytes: PlacedFile; server only. Header `x-file-name`: the name,
 *                                               percent-encoded (encodeURIComponent)
 *
 * Where `compressed` is true every `.arrow`, `.onnx` is gzipped and its name ends in `.gz`. Axes: N objects, P pixels,
 * Q latents, K labels. A number that is not known is null in Arrow columns.
 */
import { z } from 'zod';

export const EXPLORER_FORMAT = 1;

/** Exhibits and runs stand in addresses: letters, digits, `.`, `_`, `-`, and not only dots. */
export const resourceName = z
  .string()
  .regex(/^(?!\.+$)[A-Za-z0-9._-]{1,80}$/, 'a name of letters, digits, ".", "_" and "-" is needed');

const count = z.number().int().nonnegative();
const numbers = z.array(z.number()).readonly();

export const exhibitsSchema = z.object({
  format: z.literal(EXPLORER_FORMAT),
  software: z.string(),
  /** Where dropped files are read and encoded. */
  placing: z.enum(['server', 'browser']),
  compressed: z.boolean(),
  exhibits: z
    .array(z.object({ name: resourceName, title: z.string(), objects: count, runs: z.array(z.string()).readonly() }))
    .readonly(),
});
export type Exhibits = z.infer<typeof exhibitsSchema>;

/** What a column is to the page, beside its name. */
export const columnRole = z.enum([
  'id',
  'redshift',
  'class',
  'snr',
  'split',
  /** A label as measured; `columns` then holds a `labelError` of the same `of`. */
  'label',
  'labelError',
  /** What a simulation knows of an object. */
  'truth',
  /** `z1`…: the run's own latents. */
  'latent',
  /** `sd1`…: their standard deviations. */
  'latentError',
  /** `t1`…: the latents turned to axes of falling variance. */
  'turned',
  'outlierScore',
  /** The cluster's number as text, `none` for objects in no cluster. */
  'cluster',
  'chi2',
  'ambiguity',
  /** A label as this run predicts it from the spectrum; `predictedError` of the same `of`. */
  'predicted',
  'predictedError',
  'other',
]);
export type ColumnRole = z.infer<typeof columnRole>;

export const columnSchema = z.object({
  /** As in the Arrow table and in filter expressions: `z`, `snr`, `log_mbh`. */
  name: z.string().min(1),
  /** As on axes and in tables: `log M_BH`. */
  title: z.string(),
  /** `number`: Float64; `category`, `text`: Utf8. */
  kind: z.enum(['number', 'category', 'text']),
  role: columnRole,
  unit: z.string().optional(),
  /** The label that a label's error or prediction belongs to. */
  of: z.string().optional(),
});
export type ColumnDescription = z.infer<typeof columnSchema>;

const labelRange = z.object({
  measured: count,
  minimum: z.number(),
  maximum: z.number(),
  /** Between them lie 98% of the measurements. */
  low: z.number(),
  high: z.number(),
  error: z.number(),
});

const reason = z.object({ kind: z.string(), strength: z.number(), sentence: z.string() });

export const outlierSchema = z.object({
  row: count,
  score: z.number(),
  lof: z.number(),
  chi2PerPixel: z.number(),
  /** Causes first. */
  reasons: z.array(reason).readonly(),
});
export type ExhibitOutlier = z.infer<typeof outlierSchema>;

export const trackSchema = z.object({
  /** `S`. */
  name: z.string(),
  /** `Track of quiescent and emission-line along VAE 1`. */
  title: z.string(),
  points: z
    .array(
      z.object({
        /** `S1`. */
        name: z.string(),
        /** Objects whose centroid it is; null on a path through latent space alone. */
        objects: count.nullable(),
        /** Length Q, the run's own latents. */
        latent: numbers,
      }),
    )
    .readonly(),
});
export type ExhibitTrack = z.infer<typeof trackSchema>;

/** Where training objects are, so that a point of latent space can be judged (support.ts). */
export const supportSchema = z.object({
  /** Q means and Q × Q inverse covariance of the latents over all objects. */
  mean: numbers,
  precision: numbers,
  /** Squared Mahalanobis distance within which 99% of the objects lie. */
  distance99: z.number(),
  /** Objects whose latents stand for the rest, rows of the dataset; at most 2,000. */
  sample: z.array(count).readonly(),
  /** Distance (in Mahalanobis units) from an object to its 5th nearest of the sample: the 99th percentile of it. */
  nearest99: z.number(),
});
export type Support = z.infer<typeof supportSchema>;

export const runEntrySchema = z.object({
  name: resourceName,
  /** `vae`, `shared-gplvm`. */
  model: z.string(),
  /** `VAE`. */
  title: z.string(),
  /** Q */
  latents: z.number().int().positive(),
  /** K names, in the decoder's order; none for a model of spectra alone. */
  labels: z.array(z.string()).readonly(),
  labelRanges: z.array(labelRange.nullable()).readonly(),
  /** Whether labels can be put in as well as spectra. */
  jointEncoder: z.boolean(),
  /** Whether there is a graph for labels alone; a joint encoder does its work where there is none. */
  labelEncoder: z.boolean().default(false),
  axes: z.object({
    /** Q titles of `t1`…: `VAE 1`, each with its share of the variance. */
    titles: z.array(z.string()).readonly(),
    varianceShare: numbers,
    /** t = vectors (z − origin): Q, and Q × Q row-major. */
    origin: numbers,
    vectors: numbers,
  }),
  support: supportSchema,
  umap: z.enum(['ready', 'on request', 'absent']),
  columns: z.array(columnSchema).readonly(),
  tracks: z.array(trackSchema).readonly(),
  outliers: z.array(outlierSchema).readonly(),
  clusters: z.array(z.object({ cluster: z.number().int(), size: count })).readonly(),
  /** Bytes of the ONNX files as they are sent. */
  bytes: z.object({ encoder: count, decoder: count, jointEncoder: count.nullable() }),
});
export type RunEntry = z.infer<typeof runEntrySchema>;

export const exhibitSchema = z.object({
  format: z.literal(EXPLORER_FORMAT),
  name: resourceName,
  title: z.string(),
  /** N */
  objects: count,
  /** P */
  pixels: z.number().int().positive(),
  normalisation: z.string(),
  fluxUnit: z.string(),
  spectraPerBlock: z.number().int().positive(),
  /** How flux and error stand in the blocks (spectra-block.ts). */
  spectra: z.enum(['float32', 'compact']),
  hasTruth: z.boolean(),
  columns: z.array(columnSchema).readonly(),
  /** Rest-frame vacuum ångström, within the grid. */
  lines: z
    .array(z.object({ name: z.string(), species: z.string(), wavelength: z.number(), weight: z.number() }))
    .readonly(),
  runs: z.array(runEntrySchema).min(1).readonly(),
});
export type ExhibitDescription = z.infer<typeof exhibitSchema>;

/** One spectrum of a dropped file, on the run's grid, with what the run makes of it. */
export const placedSpectrumSchema = z.object({
  id: z.string(),
  /** `file, row 3`. */
  source: z.string(),
  redshift: z.number(),
  /** `file`: it stood there; `fitted`: the run's best; with its warnings. */
  redshiftFrom: z.enum(['file', 'fitted', 'asked']),
  redshiftError: z.number().nullable(),
  warnings: z.array(z.string()).readonly(),
  /** Length P: normalised as the run's dataset; ivar 0 = not observed. */
  flux: numbers,
  ivar: numbers,
  scale: z.number(),
  latentMean: numbers,
  /** Q × Q */
  latentCovariance: numbers,
  ambiguity: z.number().nullable(),
  /** Reconstruction and its standard deviation, length P. */
  reconstruction: numbers,
  reconstructionError: numbers,
  labels: z.array(z.object({ name: z.string(), mean: z.number(), error: z.number() })).readonly(),
});
export type PlacedSpectrum = z.infer<typeof placedSpectrumSchema>;

export const placedFileSchema = z.object({
  file: z.string(),
  placed: z.array(placedSpectrumSchema).readonly(),
  skipped: z.array(z.object({ place: z.string(), reason: z.string() })).readonly(),
});
export type PlacedFile = z.infer<typeof placedFileSchema>;

/** How a refusal is said, with status 4xx: one sentence for people. */
export const refusalSchema = z.object({ error: z.string() });
