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
