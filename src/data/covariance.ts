/** Eigenvalues of Σ before they are rescaled to Tr Σ = d. */
export type Spectrum =
  | { kind: 'isotropic' }
  /** λ_k ∝ k^−exponent */
  | { kind: 'power-law'; exponent: number }
  /** d values, all > 0. */
  | { kind: 'values'; values: readonly number[] };

/** A distribution of inputs x ∈ R^d with Tr Σ = d (THEORY.md, section 2); mean 0 but for `uncentred`. */
export type Distribution = { d: number } & (
  | { distribution: 'gaussian'; spectrum: Spectrum }
  | { distribution: 'hypercube' }
  | { distribution: 'uniform' }
  | { distribution: 'sphere' }
  /** Gaussian whose first direction holds the share `spike` of Tr Σ. */
  | { distribution: 'spiked'; spike: number }
  | { distribution: 'student-t' }
  /** N(shift · 1, I) */
  | { distribution: 'uncentred'; shift: number }
);

/** λ_1 … λ_d, the variances of the columns; Σ is diagonal and Σλ_k = d. */
export function columnVariances(distribution: Distribution): Float64Array {
  const { d } = distribution;
  switch (distribution.distribution) {
    case 'gaussian':
      return toTrace(relativeVariances(distribution.spectrum, d));
    case 'spiked': {
      const { spike } = distribution;
      const rest = d > 1 ? (1 - spike) / (d - 1) : 0;
      return toTrace(Float64Array.from({ length: d }, (_, k) => (k === 0 ? spike : rest)));
    }
    default:
      return new Float64Array(d).fill(1);
  }
}

function relativeVariances(spectrum: Spectrum, d: number): Float64Array {
  switch (spectrum.kind) {
    case 'isotropic':
      return new Float64Array(d).fill(1);
    case 'power-law':
      return Float64Array.from({ length: d }, (_, k) => (k + 1) ** -spectrum.exponent);
    case 'values':
      return Float64Array.from(spectrum.values);
  }
}

function toTrace(variances: Float64Array): Float64Array {
  const scale = variances.length / variances.reduce((sum, value) => sum + value, 0);
  return variances.map((value) => value * scale);
}

/** Tr[Σ²]/d, which ν needs; exact. 1 where Σ = I. */
export function spectrumMoment(distribution: Distribution): number {
  return columnVariances(distribution).reduce((sum, value) => sum + value * value, 0) / distribution.d;
}
