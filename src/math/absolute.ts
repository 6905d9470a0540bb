import { type Dense, dense } from './dense.ts';

/** Entrywise absolute value: |A||B| is the quantity that rounding bounds of the product AB are made of. */
export function absolute(a: Float64Array): Float64Array;
export function absolute(a: Dense): Dense;
export function absolute(a: Float64Array | Dense): Float64Array | Dense {
  return a instanceof Float64Array ? a.map(Math.abs) : dense(a.rows, a.cols, a.data.map(Math.abs));
}
