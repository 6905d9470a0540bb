import { type Gpu, requireGpu } from '../gpu/device.ts';
import { Matrix, type MatrixOptions } from '../gpu/matrix.ts';
import { Vector } from '../gpu/vector.ts';

/** A set of points on the device: inputs X (size × d) and targets y. */
export class PointSet implements Disposable {
  readonly X: Matrix;
  readonly y: Vector;

  constructor(gpu: Gpu, label: string, size: number, d: number, options?: MatrixOptions) {
    requireGpu(gpu);
    [this.X, this.y] = gpu.allOrNothing(() => [
      new Matrix(gpu, `${label} inputs`, size, d, options),
      new Vector(gpu, `${label} targets`, size),
    ]);
  }

  get size(): number {
    return this.X.rows;
  }

  [Symbol.dispose](): void {
    this.X[Symbol.dispose]();
    this.y[Symbol.dispose]();
  }
}

/** A model's outputs u on a set of points and its residuals e = u − y. */
export class Predictions implements Disposable {
  readonly u: Vector;
  readonly e: Vector;

  constructor(gpu: Gpu, label: string, size: number) {
    requireGpu(gpu);
    [this.u, this.e] = gpu.allOrNothing(() => [
      new Vector(gpu, `${label} outputs`, size),
      new Vector(gpu, `${label} residuals`, size),
    ]);
  }

  [Symbol.dispose](): void {
    this.u[Symbol.dispose]();
    this.e[Symbol.dispose]();
  }
}
