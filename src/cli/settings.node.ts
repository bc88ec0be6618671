import { z } from 'zod';
import { FileError, UserError } from '../base/index.ts';
import { readFileBytes } from '../io/index.node.ts';

const fileSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.number())]));

/** A model's settings as text, by name; the model's own schema gives them types and refuses unknown ones. */
export type SettingsText = Readonly<Record<string, string>>;

/**
 * Joins the settings of a JSON file with `key=value` words; the words win.
 *
 * @throws UserError when a word has no `=` or the file is not a flat JSON object
 */
export function readSettings(file: string | undefined, words: readonly string[]): SettingsText {
  const settings: Record<string, string> = file === undefined ? {} : readSettingsFile(file);
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals < 1) throw new UserError(`--set takes key=value, not "${word}"`);
    settings[word.slice(0, equals)] = word.slice(equals + 1);
  }
  return settings;
}

function readSettingsFile(file: string): Record<string, string> {
  const text = new TextDecoder().decode(readFileBytes(file));
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    const found = error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error);
    throw new FileError(file, '', `is not JSON: ${found}`);
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    throw new FileError(
      file,
      parsed.error.issues[0].path.join('.'),
      'settings are one flat object of names and values',
    );
  }
  return Object.fromEntries(Object.entries(parsed.data).map(([key, value]) => [key, String(value)]));
}

/**
 * Sorts `model.key=value` words by model.
 *
 * @throws UserError when a word names no model or has no `=`
 */
export function settingsByModel(words: readonly string[]): Readonly<Record<string, SettingsText>> {
  const byModel: Record<string, Record<string, string>> = {};
  for (const word of words) {
    const parts = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(word);
    if (parts === null) throw new UserError(`--set takes model.key=value here (vae.lambda=3.02), not "${word}"`);
    const [, model, key, value] = parts;
    byModel[model] = { ...byModel[model], [key]: value };
  }
  return byModel;
}
