/**
 * The heap behind a binary table, where variable-length columns keep their values (FITS 4.0, section 7.3.5). Every
 * descriptor is checked before the first value is read.
 */
import { FileError } from '../../base/index.ts';
import type { Place } from './cells.ts';
import { dataOf } from './data.ts';
import type { Layout } from './elements.ts';
import { bytesOf, type ColumnFormat } from './format.ts';
import type { Unit } from './walk.ts';

/** Rows may share stretches of the heap; beyond this many readings of it the descriptors are taken for damaged. */
const LARGEST_SHARING = 16;

/**
 * @param descriptors where the column's (count, offset) pairs lie
 * @returns for a row, where its values lie
 * @throws FileError naming the row whose values would lie outside the heap
 */
export function openHeap(unit: Unit, format: ColumnFormat, descriptors: Layout, place: Place): (row: number) => Layout {
  const view = dataOf(unit);
  const start = heapStart(unit);
  const length = view.byteLength - start;
  const read = (row: number): { count: number; offset: number } => {
    if (descriptors.count === 0) return { count: 0, offset: 0 };
    const at = descriptors.start + row * descriptors.stride;
    if (format.descriptor === 8) return { count: view.getInt32(at), offset: view.getInt32(at + 4) };
    return { count: Number(view.getBigInt64(at)), offset: Number(view.getBigInt64(at + 8)) };
  };
  let total = 0;
  for (let row = 0; row < descriptors.rows; row++) {
    const { count, offset } = read(row);
    const bytes = bytesOf(format.letter, count);
    if (count < 0 || (count > 0 && (offset < 0 || offset + bytes > length))) {
      const problem = `row ${row} points to ${count} values at byte ${offset} of a heap of ${length} bytes; the file is damaged`;
      throw new FileError(place.file, place.place, problem);
    }
    total += bytes;
  }
  if (total > LARGEST_SHARING * length) {
    const problem = `its rows claim ${total} bytes of a heap of ${length}; the file is damaged`;
    throw new FileError(place.file, place.place, problem);
  }
  return (row) => {
    const { count, offset } = read(row);
    return { view, start: count === 0 ? 0 : start + offset, stride: 0, rows: 1, count };
  };
}

/** Bytes from the start of the data to the heap: THEAP, or right behind the rows. */
function heapStart(unit: Unit): number {
  const { header, file } = unit;
  const rowsEnd = unit.axes[0] * unit.axes[1];
  const start = header.has('THEAP') ? header.integer('THEAP') : rowsEnd;
  if (start < rowsEnd || start > unit.dataLength) {
    const problem = `THEAP is ${start}, outside the ${unit.parameterBytes} bytes behind the rows, which end at ${rowsEnd}`;
    throw new FileError(file, header.place, problem);
  }
  return start;
}
