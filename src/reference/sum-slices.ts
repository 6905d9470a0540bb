/**
 * Σ_s slices[s], entry by entry.
 * @param slices slices of `length` entries, one after another
 */
export function sumSlices(slices: Float64Array, length: number): Float64Array {
  const total = new Float64Array(length);
  for (const [index, value] of slices.entries()) total[index % length] += value;
  return total;
}
