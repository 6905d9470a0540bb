/** a x + b y; with the operation "accumulate", y is what `out` held. */
export const elementwise = (
  x: Float64Array,
  y: Float64Array,
  { a, b }: { a: number; b: number },
): Float64Array => x.map((value, i) => a * value + b * y[i]);
