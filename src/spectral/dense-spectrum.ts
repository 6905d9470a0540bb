import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix, strideOf } from '../gpu/matrix.ts';
import { Vector } from '../gpu/vector.ts';
import { dense } from '../math/dense.ts';
import { symmetricEigen } from '../math/symmetric-eigen.ts';
import { type LinearOperator, NotFiniteError, ScaledOperator, runProduct } from './operator.ts';
import { findScale, unitOf } from './scale.ts';

/** All eigenvalues of a small operator. */
export interface DenseSpectrum {
  /** Largest first. */
  values: number[];
  /** ‖Ay − θy‖ of each. */
  residuals: number[];
  /** Bound on the norm of (A − Aᵀ)/2, what rounding has left of it in a symmetric operator. */
  asymmetry: number;
}

/**
 * Every eigenvalue of a symmetric operator, as often as it is there, from its matrix: its products with all unit vectors, and
 * a dense solver in float64 on the host. n products, 4n² bytes, and about 10n³ operations on the host: for small n.
 * @throws NotFiniteError; the signal's reason.
 */
export async function denseSpectrum(
  gpu: Gpu,
  stream: CommandStream,
  operator: LinearOperator,
  { seed, signal }: { seed: number; signal: AbortSignal | undefined },
): Promise<DenseSpectrum> {
  const n = operator.size;
  const scale = await findScale(gpu, stream, operator, seed, signal);
  if (scale === null) {
    return { values: Array<number>(n).fill(0), residuals: Array<number>(n).fill(0), asymmetry: 0 };
  }
  const entries = await columns(gpu, stream, operator, scale, signal);
  if (!entries.every(Number.isFinite)) throw new NotFiniteError();
  const unit = unitOf(scale);
  const at = (i: number, j: number) => entries[j * n + i] * unit;
  const A = dense(n, n);
  let asymmetry = 0;
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = 0; j < n; j++) {
      A.data[i * n + j] = (at(i, j) + at(j, i)) / 2;
      row += Math.abs(at(i, j) - at(j, i)) / 2;
    }
    // No norm of a symmetric matrix passes its largest row sum; that of an antisymmetric one neither.
    asymmetry = Math.max(asymmetry, row);
  }
  const { values, vectors } = symmetricEigen(A);
  const residual = (value: number, k: number): number => {
    const y = vectors.data.subarray(k * n, (k + 1) * n);
    let square = 0;
    for (let i = 0; i < n; i++) {
      let rest = -value * y[i];
      for (let j = 0; j < n; j++) rest += at(i, j) * y[j];
      square += (rest / unit) ** 2;
    }
    return unit * Math.sqrt(square);
  };
  return { values: [...values], residuals: Array.from(values, residual), asymmetry };
}

/** The columns of the scaled operator, one after the other. */
async function columns(
  gpu: Gpu,
  stream: CommandStream,
  operator: LinearOperator,
  scale: { before: number; after: number },
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const n = operator.size;
  using identity = new Matrix(gpu, 'identity', n, n);
  using image = new Matrix(gpu, 'matrix of an operator', n, n);
  using unitVector = new Vector(gpu, 'unit vector', n);
  using column = new Vector(gpu, 'column of an operator', n);
  using scaled = await ScaledOperator.create(gpu, operator, scale);
  identity.write(Float32Array.from({ length: n * n }, (_, k) => Number(k % (n + 1) === 0)));
  const bytes = 4 * strideOf(n);
  const product = [...scaled.product(unitVector, column)];
  for (let j = 0; j < n; j++) {
    stream.copy(identity.whole().binding.buffer, j * bytes, unitVector.buffer, 0, bytes);
    await runProduct(stream, product, signal);
    stream.copy(column.buffer, 0, image.whole().binding.buffer, j * bytes, bytes);
  }
  stream.flush();
  return await image.readAll();
}
