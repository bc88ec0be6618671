/** The data of a header-data unit, sound as far as the file itself can tell. */
import { FileError } from '../../base/index.ts';
import { verifyDatasum } from './datasum.ts';
import type { Unit } from './walk.ts';

/** Units whose data have been held against their DATASUM: once is enough for all columns. */
const verified = new WeakSet<Unit>();

/** The data of a unit, all of them. @throws FileError when the file ends before they do, or they fail their DATASUM */
export function dataOf(unit: Unit): DataView {
  const { bytes, dataStart, dataLength } = unit;
  if (dataStart + dataLength > bytes.length) {
    const missing = dataStart + dataLength - bytes.length;
    throw new FileError(
      unit.file,
      unit.header.place,
      `its data are truncated: the header declares ${dataLength} bytes and the file ends ${missing} bytes too early; fetch the file again`,
    );
  }
  if (!verified.has(unit)) verifyDatasum(unit);
  verified.add(unit);
  return new DataView(bytes.buffer, bytes.byteOffset + dataStart, dataLength);
}
