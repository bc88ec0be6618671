import { z } from 'zod';
import { UserError } from '../base/index.ts';
import type {
  LatentAxesKind,
  Model,
  ModelDefinition,
  ModelShape,
  SearchSpace,
  SettingDescription,
  Settings,
  SettingValue,
} from './model.ts';

/** What a model's author writes; `defineModel` adds the reading of settings. */
export interface ModelPlan<Shape extends z.ZodRawShape> {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /**
   * One flat object; every key has a default (which may depend on the shape) and a `.describe(…)`.
   * Values are numbers, strings, booleans, null, or lists of numbers or strings.
   */
  readonly settings: (shape: ModelShape) => z.ZodObject<Shape>;
  /** What a random search varies, if anything. */
  readonly searchSpace?: (shape: ModelShape) => SearchSpace;
  /** `rotated` unless told. */
  readonly latentAxes?: LatentAxesKind;
  /** What a comparison starts from, where that is not the defaults. */
  readonly comparisonSettings?: Settings;
  readonly build: (
    config: z.infer<z.ZodObject<Shape>>,
    shape: ModelShape,
  ) => Pick<Model, 'encoder' | 'decoder' | 'jointEncoder' | 'labelEncoder' | 'latentPrior' | 'fitting'>;
}

export function defineModel<Shape extends z.ZodRawShape>(plan: ModelPlan<Shape>): ModelDefinition {
  const { name, title, summary, searchSpace, comparisonSettings, latentAxes = 'rotated' } = plan;
  return {
    name,
    title,
    summary,
    describeSettings: (shape) => describe(plan.settings(shape)),
    ...(searchSpace === undefined ? {} : { searchSpace }),
    ...(comparisonSettings === undefined ? {} : { comparisonSettings }),
    configure(shape, given = {}) {
      checkShape(name, shape);
      const schema = plan.settings(shape);
      const config = parseSettings(name, schema, given);
      const settings = settingsSchema.parse(config);
      return { name, title, shape, settings, latentAxes, ...plan.build(config, shape) };
    },
  };
}

const valueSchema: z.ZodType<SettingValue> = z.union([
  z.number(),
  z.string(),
  z.boolean(),
  z.null(),
  z.array(z.union([z.number(), z.string()])).readonly(),
]);
const settingsSchema: z.ZodType<Settings> = z.record(z.string(), valueSchema).readonly();

function describe<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>): SettingDescription[] {
  const defaults = settingsSchema.parse(schema.parse({}));
  return Object.entries<z.core.$ZodType>(schema.shape).map(([key, member]) => ({
    key,
    default: defaults[key],
    description: z.globalRegistry.get(member)?.description ?? '',
  }));
}

function checkShape(name: string, { pixels, latents }: ModelShape): void {
  const whole = Number.isInteger(latents) && latents >= 1;
  if (!whole || latents >= pixels) {
    throw new UserError(
      `${name} needs a whole number of latents from 1 to ${pixels - 1} for spectra of ${pixels} pixels, not ${latents}.`,
    );
  }
}

function parseSettings<Shape extends z.ZodRawShape>(
  name: string,
  schema: z.ZodObject<Shape>,
  given: Readonly<Record<string, unknown>>,
): z.infer<z.ZodObject<Shape>> {
  const known = Object.keys(schema.shape);
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) {
      throw new UserError(`${name} has no setting "${key}"; its settings are ${known.join(', ')}.`);
    }
  }
  const read = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, readValue(value)]));
  const parsed = schema.safeParse(read);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = String(issue.path[0] ?? '');
  throw new UserError(`${name}: setting ${key}=${JSON.stringify(given[key])} will not do: ${issue.message}.`);
}

/** `--set` gives strings; those that are JSON, or a list without its brackets, are read as such. */
function readValue(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  for (const text of value.includes(',') ? [value, `[${value}]`] : [value]) {
    try {
      return JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return value;
}
