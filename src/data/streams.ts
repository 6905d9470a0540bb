/**
 * The streams of random numbers that a run draws under its one seed, one for each purpose, so that no two purposes share
 * numbers and a change to one leaves the others as they were. Never renumber: results would change under the same seed.
 */
export const streams = {
  trainInputs: 0,
  testInputs: 1,
  /** χ²₃ of the rows (Student-t). */
  trainTails: 2,
  testTails: 3,
  /** W(0): N(0, I). */
  firstLayer: 4,
  /** v(0): ±1. */
  secondLayer: 5,
  /** The target's directions: row 0 is b, row 1 is c. */
  targetDirections: 6,
  teacherFirstLayer: 7,
  teacherSecondLayer: 8,
  /** Start of Lanczos' process. */
  lanczosStart: 9,
  /** Displacements of the parameters (claims 12, 14 and 15). */
  displacements: 10,
  /** Directions and planes off the data distribution (claim 10). */
  directions: 11,
  /** Vectors of signs that estimate the alignment of kernels. */
  alignmentProbes: 12,
  /** W_l(0) of layer l + 1 of a deep network: this and l more, l = 1, 2, … */
  deeperLayers: 1000,
} as const;
