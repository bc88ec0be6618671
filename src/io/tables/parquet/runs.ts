/** The run-length and delta encodings of Parquet, walked without decoding, to see that their counts are possible. */
import { readVarint } from './thrift.ts';

/** A page cannot be what its header says. */
export class PageProblem extends Error {
  override readonly name: string = 'PageProblem';
}

const WIDEST = 32;

/** Visits the runs of the run-length / bit-packing hybrid that hold `count` values of `width` bits. */
function walkRuns(
  bytes: Uint8Array,
  width: number,
  count: number,
  visit: (start: number, values: number, isPacked: boolean) => void,
): void {
  if (!(width <= WIDEST)) throw new PageProblem(`it packs values of ${width} bits`);
  for (let seen = 0, at = 0; seen < count; ) {
    const { value: head, end } = readVarint(bytes, at);
    const isPacked = head % 2 === 1;
    const values = isPacked ? ((head - 1) / 2) * 8 : head / 2;
    const length = isPacked ? (values / 8) * width : Math.ceil(width / 8);
    // Packed runs come in eights, so the last one may hold up to seven more than are wanted.
    if (values > count - seen + (isPacked ? 7 : 0)) throw new PageProblem('a run is longer than its page');
    if (end + length > bytes.length) throw new PageProblem('a run reaches beyond its page');
    visit(end, Math.min(values, count - seen), isPacked);
    seen += values;
    at = end + length;
  }
}

/** @throws PageProblem when the runs do not hold `count` values */
export function checkRuns(bytes: Uint8Array, width: number, count: number): void {
  walkRuns(bytes, width, count, () => undefined);
}

/** How many of `count` definition levels (of a column that is not nested) say that a value is there. */
export function countPresent(levels: Uint8Array, count: number): number {
  let present = 0;
  walkRuns(levels, 1, count, (start, values, isPacked) => {
    if (!isPacked) {
      if (levels[start] > 1) throw new PageProblem('a level is out of range');
      present += levels[start] * values;
      return;
    }
    for (let i = 0; i < values; i++) present += (levels[start + (i >> 3)] >> (i & 7)) & 1;
  });
  return present;
}

/** @throws PageProblem when the head of a delta-encoded page is not that of `count` integers */
export function checkDelta(page: Uint8Array, count: number): void {
  const block = readVarint(page, 0);
  const miniblocks = readVarint(page, block.end);
  const total = readVarint(page, miniblocks.end);
  const perMiniblock = block.value / miniblocks.value;
  const isSound = Number.isInteger(perMiniblock) && perMiniblock > 0 && perMiniblock % 32 === 0 && block.value <= 65536;
  if (!isSound || total.value !== count) throw new PageProblem('the head of its delta encoding makes no sense');
}
