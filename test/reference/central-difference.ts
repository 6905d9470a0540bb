/** Unit roundoff of float64. */
export const u = 2 ** -53;

const step = 2 ** -10;

/** The largest change central differences make to a parameter. */
export const largestStep = step;

/**
 * Central differences of `values` in parameters[index], with a bound on their error.
 *
 * The step h leaves c₂h² + c₄h⁴ + …, so halving it removes at least ¾ of the error, and |g(h) − g(h/2)| ≥ 3|g(h/2) − g|. Rounding
 * adds `rounding`/h, where `rounding` bounds the error of one evaluation.
 */
export function centralDifference(
  values: () => Float64Array,
  parameters: Float64Array,
  index: number,
  rounding: number,
): { derivative: Float64Array; bound: Float64Array } {
  const original = parameters[index];
  const slope = (h: number): Float64Array => {
    const [above, below] = [original + h, original - h];
    parameters[index] = above;
    const valuesAbove = values();
    parameters[index] = below;
    const valuesBelow = values();
    parameters[index] = original;
    return valuesAbove.map((value, i) => (value - valuesBelow[i]) / (above - below));
  };
  const coarse = slope(step);
  const derivative = slope(step / 2);
  const bound = derivative.map((value, i) => Math.abs(value - coarse[i]) + (4 * rounding) / step);
  return { derivative, bound };
}
