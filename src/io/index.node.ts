/** The room's door to the disk. */
export { sha256, sha256OfFile } from './checksum.node.ts';
export { type FolderOptions, readFileBytes, writeFileAtomically, writeFolderAtomically } from './files.node.ts';
export { createNpyRowWriter, type NpyRowWriter, npyFileShape, readNpyInto } from './npy/shards.node.ts';
