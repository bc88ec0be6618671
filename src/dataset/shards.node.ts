import { join } from 'node:path';
import { FileError, type Matrix } from '../base/index.ts';
import { createNpyRowWriter, npyFileShape, readNpyInto } from '../io/index.node.ts';

/**
 * Shards hold at most this many rows and this many bytes: Node reads files up to 2 GiB at once, and a shard that fits
 * in memory several times over stays easy to copy and to check.
 */
export const LARGEST_SHARD_ROWS = 65_536;
const LARGEST_SHARD_BYTES = 2 ** 30;

/** Rows per shard of a matrix with so many columns; at least one. */
export function rowsPerShard(columns: number): number {
  return Math.max(1, Math.min(LARGEST_SHARD_ROWS, Math.floor(LARGEST_SHARD_BYTES / (4 * columns))));
}

/** Writes a matrix as `NAME-0000.npy`, `NAME-0001.npy`, … without a second copy of it; gives the names of the files. */
export function writeShards(folder: string, name: string, matrix: Matrix, rowsEach: number): string[] {
  const { rows, columns, data } = matrix;
  const files: string[] = [];
  // An empty matrix still gets a shard, so that Python finds its width.
  for (let first = 0; first < rows || files.length === 0; first += rowsEach) {
    const file = `${name}-${String(files.length).padStart(4, '0')}.npy`;
    const writer = createNpyRowWriter(join(folder, file), columns);
    writer.append(data.subarray(first * columns, Math.min(rows, first + rowsEach) * columns));
    writer.finish();
    files.push(file);
  }
  return files;
}

/**
 * Reads shards one below the other into one matrix, each straight into its place.
 *
 * @throws FileError when a shard is not columns wide or the rows do not add up
 */
export function readShards(folder: string, files: readonly string[], rows: number, columns: number): Matrix {
  const data = new Float32Array(rows * columns);
  let first = 0;
  for (const file of files) {
    const path = join(folder, file);
    const shape = npyFileShape(path);
    if (shape.length !== 2 || shape[1] !== columns || first + shape[0] > rows) {
      throw new FileError(
        path,
        '',
        `its shape is (${shape.join(', ')}); expected at most ${rows - first} rows of ${columns} pixels. Restore the file or make the dataset again`,
      );
    }
    readNpyInto(path, data.subarray(first * columns, (first + shape[0]) * columns));
    first += shape[0];
  }
  if (first === rows) return { rows, columns, data };
  throw new FileError(
    join(folder, files.at(-1) ?? ''),
    '',
    `the shards up to this one hold ${first} rows; the manifest says ${rows}. Make the dataset again`,
  );
}
