import { UserError } from '../base/index.ts';
import { autoencoder } from './autoencoder/autoencoder.ts';
import { disentangledGplvm, gplvm, sharedGplvm } from './gplvm/gplvm.ts';
import { infovae } from './infovae/infovae.ts';
import type { ModelDefinition } from './model.ts';
import { nmf } from './nmf/nmf.ts';
import { pca } from './pca/pca.ts';

/** Every model by its name on the command line. A new model is one line here. */
export const MODELS: Readonly<Record<string, ModelDefinition>> = {
  pca,
  nmf,
  ae: autoencoder,
  vae: infovae,
  gplvm,
  'shared-gplvm': sharedGplvm,
  'disentangled-gplvm': disentangledGplvm,
};

/** @throws UserError naming the models there are. */
export function findModel(name: string): ModelDefinition {
  const found = Object.hasOwn(MODELS, name) ? MODELS[name] : undefined;
  if (found === undefined) {
    throw new UserError(`There is no model "${name}"; the models are ${Object.keys(MODELS).join(', ')}.`);
  }
  return found;
}
