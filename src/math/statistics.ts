/**
 * The least and the greatest of any number of values; ∞ and −∞ of none, NaN where one is. `Math.min(...values)` would put
 * all of them on the stack, which ends at some 125,000.
 */
export function leastOf(values: Iterable<number>): number {
  let least = Infinity;
  for (const value of values) least = Math.min(least, value);
  return least;
}

export function greatestOf(values: Iterable<number>): number {
  let greatest = -Infinity;
  for (const value of values) greatest = Math.max(greatest, value);
  return greatest;
}

/** √Σx², for any number of values: scaled by the largest and summed with compensation, as Math.hypot does of a few. */
export function lengthOf(values: Iterable<number>): number {
  const sizes = Array.from(values, Math.abs);
  const largest = greatestOf(sizes);
  if (sizes.length === 0 || largest === 0) return 0;
  if (largest === Infinity) return Infinity;
  let sum = 0;
  let lost = 0;
  for (const size of sizes) {
    const term = (size / largest) ** 2 - lost;
    const before = sum;
    sum += term;
    lost = sum - before - term;
  }
  return Math.sqrt(sum) * largest;
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The middle value, the upper of the middle two; 0 for none. */
export const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b).at(values.length / 2) ?? 0;

/** Standard error of the mean; null for a single value. */
export function standardErrorOf(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
