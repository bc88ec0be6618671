/** The room's door to the disk. */
export { sha256, sha256OfFile } from './checksum.node.ts';
export {
  isFree,
  makeFolder,
  readFileBytes,
  requireWritable,
  writeFileAtomically,
  writeFolderAtomically,
} from './files.node.ts';
export { createNpyRowWriter, npyFileShape, readNpyInto } from './npy/shards.node.ts';
