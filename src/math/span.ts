import type { Inputs } from './linear-features.ts';

/** A column is in the span of those before it where so little of it is left, relative to its own length. */
const dependent = 1e-6;

/** Orthonormal vectors of length `rows`, one after another. */
export interface OrthonormalColumns {
  readonly rows: number;
  readonly vectors: readonly Float64Array[];
}

/**
 * An orthonormal basis of the span of X's columns (n × d), those that depend on others left out: Gram–Schmidt, twice over, so that
 * it is orthogonal to rounding. O(n · d²) time, 8n bytes a vector.
 */
export function columnSpan({ rows, cols, data }: Inputs): OrthonormalColumns {
  const vectors: Float64Array[] = [];
  for (let j = 0; j < cols && vectors.length < rows; j++) {
    const column = Float64Array.from({ length: rows }, (_, i) => data[i * cols + j]);
    const length = Math.sqrt(dot(column, column));
    for (let pass = 0; pass < 2; pass++) {
      for (const vector of vectors) {
        const along = dot(column, vector);
        for (let i = 0; i < rows; i++) column[i] -= along * vector[i];
      }
    }
    const left = Math.sqrt(dot(column, column));
    if (left > dependent * length) vectors.push(column.map((value) => value / left));
  }
  return { rows, vectors };
}

/** ‖Pv‖², of the part of v in the span. */
export const squareInSpan = ({ vectors }: OrthonormalColumns, v: Float64Array): number =>
  vectors.reduce((sum, vector) => sum + dot(vector, v) ** 2, 0);

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
