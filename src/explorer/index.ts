export * from './protocol.ts';
export type { ExhibitSource, PlaceRequest } from './source.ts';
