import { adam } from './adam';
import { invertAll, invertAllScratch } from './posterior';
import { outerProducts, outerProductsAdjoint } from './outer-products';

/**
 * Threads that share the work of one kernel. They sleep on a word of the memory that they share; a call is written
 * beside it and taken piece by piece by whoever is awake, the calling thread included, so that nobody waits for a
 * thread that wakes late. Where pieces begin does not depend on the threads, and each writes values of its own, so
 * results do not depend on who takes them.
 */

// Words of the board, in bytes from its start; all access to them is atomic.
/** Counts up with every call; threads sleep on it. */
const TURN: usize = 0;
/** 1 while there may be pieces to take. */
const OPEN: usize = 4;
/** Threads that may be reading the call or running a piece. */
const ACTIVE: usize = 8;
/** The next piece to be taken. */
const PIECE: usize = 12;
/** Threads that have started to serve. */
const SERVING: usize = 16;
/** 1 when the threads are to return. */
const STOP: usize = 20;
// The call: which kernel, of how many units its work consists, and how many of them make a piece.
const KERNEL: usize = 32;
const COUNT: usize = 36;
const UNITS: usize = 40;
/** The kernel's arguments after the range, each as float64, written by the caller. */
const VALUES: usize = 64;

// Kernels by their place among the `shareable` of wasm-exports.ts.
const ADAM: u32 = 0;
const OUTER_PRODUCTS: u32 = 1;
const OUTER_PRODUCTS_ADJOINT: u32 = 2;
const INVERT_ALL: u32 = 3;

/** How often the others' finish is looked for before the calling thread sleeps: some tens of microseconds. */
const LOOKS: u32 = 5000;

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function value(board: usize, index: usize): f64 {
  return load<f64>(board + VALUES + (index << 3));
}

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function address(board: usize, index: usize): usize {
  return <usize>value(board, index);
}

// @ts-ignore: decorators mean something to AssemblyScript only
@inline
function single(board: usize, index: usize): f32 {
  return <f32>value(board, index);
}

/** @param seat 0 for the calling thread, from 1 on for the others: which scratch is its own */
function run(kernel: u32, from: u32, to: u32, board: usize, seat: u32): void {
  if (kernel == ADAM) {
    adam(
      from,
      to,
      address(board, 0),
      address(board, 1),
      address(board, 2),
      address(board, 3),
      single(board, 4),
      single(board, 5),
      single(board, 6),
      single(board, 7),
      single(board, 8),
      single(board, 9),
    );
  } else if (kernel == OUTER_PRODUCTS) {
    outerProducts(from, to, address(board, 0), address(board, 1), <u32>value(board, 2));
  } else if (kernel == OUTER_PRODUCTS_ADJOINT) {
    outerProductsAdjoint(from, to, address(board, 0), address(board, 1), address(board, 2), <u32>value(board, 3));
  } else if (kernel == INVERT_ALL) {
    const size = <u32>value(board, 8);
    invertAll(
      from,
      to,
      address(board, 0),
      address(board, 1),
      address(board, 2),
      address(board, 3),
      address(board, 4),
      address(board, 5),
      address(board, 6),
      <u32>value(board, 7),
      size,
      address(board, 9) + <usize>seat * invertAllScratch(size),
    );
  }
}

function takePieces(board: usize, seat: u32): void {
  const kernel = load<u32>(board + KERNEL);
  const count = load<u32>(board + COUNT);
  const units = load<u32>(board + UNITS);
  for (;;) {
    const from = <u64>atomic.add<u32>(board + PIECE, 1) * units;
    if (from >= count) return;
    run(kernel, <u32>from, <u32>min<u64>(from + units, count), board, seat);
  }
}

/** What a helping thread does until it is told to stop. */
export function serve(board: usize): void {
  let turn = atomic.load<i32>(board + TURN);
  const seat = atomic.add<i32>(board + SERVING, 1) + 1;
  while (atomic.load<i32>(board + STOP) == 0) {
    atomic.wait<i32>(board + TURN, turn, -1);
    turn = atomic.load<i32>(board + TURN);
    // Whoever comes late finds the call closed and must not read it: the next one may be being written.
    atomic.add<i32>(board + ACTIVE, 1);
    if (atomic.load<i32>(board + OPEN) == 1) takePieces(board, seat);
    atomic.sub<i32>(board + ACTIVE, 1);
    atomic.notify(board + ACTIVE, 1);
  }
}

/** Tells the helping threads to return. */
export function stopServing(board: usize): void {
  atomic.store<i32>(board + STOP, 1);
  atomic.add<i32>(board + TURN, 1);
  atomic.notify(board + TURN, -1);
}

/** How many helping threads have started. */
export function serving(board: usize): i32 {
  return atomic.load<i32>(board + SERVING);
}

/**
 * Runs a kernel, whose arguments lie on the board, over `count` units of work, shared with the threads that serve
 * the board.
 *
 * @param units units in a piece
 * @param patience nanoseconds to wait at most for a thread that holds a piece
 * @returns whether all pieces were done in that time
 */
export function share(kernel: u32, count: u32, units: u32, board: usize, patience: f64): bool {
  store<u32>(board + KERNEL, kernel);
  store<u32>(board + COUNT, count);
  store<u32>(board + UNITS, units);
  atomic.store<i32>(board + PIECE, 0);
  atomic.store<i32>(board + OPEN, 1);
  atomic.add<i32>(board + TURN, 1);
  atomic.notify(board + TURN, -1);
  takePieces(board, 0);
  atomic.store<i32>(board + OPEN, 0);
  for (let look: u32 = 0; look < LOOKS; look++) {
    if (atomic.load<i32>(board + ACTIVE) == 0) return true;
  }
  let active = atomic.load<i32>(board + ACTIVE);
  while (active != 0) {
    if (atomic.wait<i32>(board + ACTIVE, active, <i64>patience) == AtomicWaitResult.TIMED_OUT) return false;
    active = atomic.load<i32>(board + ACTIVE);
  }
  return true;
}
