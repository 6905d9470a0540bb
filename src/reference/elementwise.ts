import type { ElementwiseOperation } from '../../shaders/elementwise.wgsl.ts';

/** a x + b y for "sum" and "accumulate" (y is what `out` held), a x · y for "multiply". */
export function elementwise(
  operation: ElementwiseOperation,
  x: Float64Array,
  y: Float64Array,
  { a, b }: { a: number; b: number },
): Float64Array {
  return x.map((value, i) => (operation === 'multiply' ? a * value * y[i] : a * value + b * y[i]));
}
