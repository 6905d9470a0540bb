/** Half an ulp at 1: the unit roundoff of float32. */
export const u = 2 ** -24;

/** Results below 2^−126, and inputs, may be flushed to 0 (a factor 16 for what multiplies them). */
export const flush = 2 ** -122;
