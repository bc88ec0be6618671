/**
 * Two symmetric or triangular matrices at once, in float64: lane 0 of every vector belongs to the first, lane 1 to the
 * second, so that nothing has to be summed across lanes. A pair is packed like one matrix, with 16 bytes an element.
 * Its order is a multiple of four: four rows are worked on together with two columns, whose eight sums stay in
 * registers, and the four by four elements on the diagonal, of which ten are stored, on their own.
 */

/** Where row `i` of a packed pair begins. */
// @ts-ignore: decorators mean something to AssemblyScript only
@inline
export function pairRow(pair: usize, i: u32): usize {
  return pair + ((<usize>((i * (i + 1)) >> 1)) << 4);
}

/** sum + a b, for both lanes. */
// @ts-ignore: decorators mean something to AssemblyScript only
@inline
export function add(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b));
}

/** sum − a b, for both lanes. */
// @ts-ignore: decorators mean something to AssemblyScript only
@inline
export function subtract(sum: v128, a: v128, b: v128): v128 {
  return f64x2.sub(sum, f64x2.mul(a, b));
}

/** −a b, for both lanes; 0 rather than −0. */
// @ts-ignore: decorators mean something to AssemblyScript only
@inline
export function minus(a: v128, b: v128): v128 {
  return subtract(f64x2.splat(0), a, b);
}
