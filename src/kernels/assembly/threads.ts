import { adam } from './adam';

/**
 * Threads that share one pass of Adam. They sleep on a word of the memory that they share; a call is written beside it
 * and taken piece by piece by whoever is awake, the calling thread included, so that nobody waits for a thread that
 * wakes late. Pieces begin at multiples of every vector length, so that results do not depend on who takes them.
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
/** The call: four addresses and a length, then six float32. */
const CALL: usize = 64;

/** Parameters of a piece: some ten microseconds' work. */
const SIZE: u32 = 1 << 14;
/** How often the others' finish is looked for before the calling thread sleeps: some tens of microseconds. */
const LOOKS: u32 = 5000;

function takePieces(board: usize): void {
  const call = board + CALL;
  const n = load<u32>(call, 16);
  for (;;) {
    const piece = atomic.add<u32>(board + PIECE, 1);
    if (piece >= (n + SIZE - 1) / SIZE) return;
    const from = piece * SIZE;
    const at = <usize>from << 2;
    adam(
      <usize>load<u32>(call, 0) + at,
      <usize>load<u32>(call, 4) + at,
      <usize>load<u32>(call, 8) + at,
      <usize>load<u32>(call, 12) + at,
      min<u32>(SIZE, n - from),
      load<f32>(call, 20),
      load<f32>(call, 24),
      load<f32>(call, 28),
      load<f32>(call, 32),
      load<f32>(call, 36),
      load<f32>(call, 40),
    );
  }
}

/** What a helping thread does until it is told to stop. */
export function serve(board: usize): void {
  let turn = atomic.load<i32>(board + TURN);
  atomic.add<i32>(board + SERVING, 1);
  while (atomic.load<i32>(board + STOP) == 0) {
    atomic.wait<i32>(board + TURN, turn, -1);
    turn = atomic.load<i32>(board + TURN);
    // Whoever comes late finds the call closed and must not read it: the next one may be being written.
    atomic.add<i32>(board + ACTIVE, 1);
    if (atomic.load<i32>(board + OPEN) == 1) takePieces(board);
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
 * `adam`, shared with the threads that serve the board.
 *
 * @param patience nanoseconds to wait at most for a thread that holds a piece
 * @returns whether all pieces were done in that time
 */
export function adamShared(
  parameters: usize,
  gradients: usize,
  first: usize,
  second: usize,
  n: u32,
  rate: f32,
  epsilon: f32,
  beta1: f32,
  beta2: f32,
  rest1: f32,
  rest2: f32,
  board: usize,
  patience: f64,
): bool {
  const call = board + CALL;
  store<u32>(call, <u32>parameters, 0);
  store<u32>(call, <u32>gradients, 4);
  store<u32>(call, <u32>first, 8);
  store<u32>(call, <u32>second, 12);
  store<u32>(call, n, 16);
  store<f32>(call, rate, 20);
  store<f32>(call, epsilon, 24);
  store<f32>(call, beta1, 28);
  store<f32>(call, beta2, 32);
  store<f32>(call, rest1, 36);
  store<f32>(call, rest2, 40);
  atomic.store<i32>(board + PIECE, 0);
  atomic.store<i32>(board + OPEN, 1);
  atomic.add<i32>(board + TURN, 1);
  atomic.notify(board + TURN, -1);
  takePieces(board);
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
