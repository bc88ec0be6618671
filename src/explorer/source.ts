import type { Exhibits, PlacedFile } from './protocol.ts';

export interface PlaceRequest {
  readonly exhibit: string;
  readonly run: string;
  /** As the reader's machine names it; only its ending and its words matter. */
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** Overrides what the file says; without one, an unshifted spectrum gets the run's best fit. */
  readonly redshift?: number;
}

/** Where the resources of the protocol come from; a server asks it, a site is written from it. */
export interface ExhibitSource {
  exhibits(): Exhibits;
  /** Addresses of all resources under `data/`, as a static site holds them. */
  addresses(): readonly string[];
  /**
   * The bytes at an address under `data/`, such as `E/exhibit.json`; null where there is none.
   *
   * @throws UserError when what was asked for cannot be made
   */
  resource(address: string): Promise<Uint8Array | null>;
  /** @throws UserError when the file cannot be read, or nothing in it can be placed */
  place(request: PlaceRequest): Promise<PlacedFile>;
}
