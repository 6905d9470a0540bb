/** w/√square, or 0 where the square is 0. */
export const extendBasis = (w: Float64Array, square: number): Float64Array =>
  w.map((value) => (square > 0 ? value / Math.sqrt(square) : 0));
