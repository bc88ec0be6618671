/** Spectra of an exhibit by row: fetched in blocks, of which the last used are kept. */
import { UserError } from '../../src/base/index.ts';
import {
  type ExhibitDescription,
  readSpectraBlock,
  type SpectraBlock,
  spectrumOfBlock,
} from '../../src/explorer/index.ts';
import type { ObservedSpectrum } from './exhibit-data.ts';
import { Recent } from './recent.ts';
import { fetchBytes, type ResourceSite } from './resources.ts';

/** About 50 MB of 64 spectra of 4,000 pixels a block. */
const BLOCKS_KEPT = 24;

export class SpectraStore {
  readonly #description: ExhibitDescription;
  readonly #site: ResourceSite;
  readonly #blocks = new Recent<number, Promise<SpectraBlock>>(BLOCKS_KEPT);

  constructor(description: ExhibitDescription, site: ResourceSite) {
    this.#description = description;
    this.#site = site;
  }

  /** @throws UserError when there is no such row, or its block cannot be loaded */
  async spectrum(row: number): Promise<ObservedSpectrum> {
    const { objects, spectraPerBlock } = this.#description;
    if (!(row >= 0 && row < objects)) throw new UserError(`There is no object ${row}: the dataset has ${objects}.`);
    const block = await this.#block(Math.floor(row / spectraPerBlock));
    return spectrumOfBlock(block, row % spectraPerBlock);
  }

  #block(number: number): Promise<SpectraBlock> {
    const kept = this.#blocks.get(number);
    if (kept !== undefined) return kept;
    const asked = this.#fetch(number);
    this.#blocks.set(number, asked);
    // What failed is asked for again next time.
    asked.catch(() => this.#blocks.delete(number));
    return asked;
  }

  async #fetch(number: number): Promise<SpectraBlock> {
    const { name, pixels } = this.#description;
    return readSpectraBlock(await fetchBytes(`data/${name}/spectra/${number}.arrow`, this.#site), pixels);
  }
}
