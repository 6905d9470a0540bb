/** Σ a_i² */
export function sumOfSquares(a: Float64Array): number {
  let sum = 0;
  for (const value of a) sum += value ** 2;
  return sum;
}

/** Σ (a_i − b_i)² */
export function sumOfSquaredDifferences(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}

/** Σ min{(a_i − b_i)², 1} */
export function sumOfClippedSquaredDifferences(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.min((a[i] - b[i]) ** 2, 1);
  return sum;
}
