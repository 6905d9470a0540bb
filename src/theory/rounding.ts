/** What float32 leaves open of an output of size about 1. */
export const outputRounding = 2 ** -20;

/** Of a mean squared difference of two such outputs. */
export const roundingOf = (discrepancy: number): number =>
  2 * Math.sqrt(discrepancy) * outputRounding + outputRounding ** 2;
