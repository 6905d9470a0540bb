import { CommandStream, type Dispatch } from '../src/gpu/command-stream.ts';
import { Gpu, requestDevice } from '../src/gpu/device.ts';
import { Matrix, type MatrixOptions } from '../src/gpu/matrix.ts';
import { Vector } from '../src/gpu/vector.ts';
import { type Dense, dense } from '../src/math/dense.ts';
import { RandomNumbers } from './reference/random-numbers.ts';

/** One device for all tests of a file. */
export const gpu = Gpu.of(await requestDevice(navigator.gpu));

/** What is chosen where this device is taken for a GPU, whatever it is. */
export async function asOnGpu<T>(choose: () => Promise<T>): Promise<T> {
  const { software } = gpu.adapter;
  gpu.adapter.software = false;
  try {
    return await choose();
  } finally {
    gpu.adapter.software = software;
  }
}

/** Runs dispatches in order and waits for them. */
export async function run(dispatches: Iterable<Dispatch>): Promise<void> {
  using stream = new CommandStream(gpu);
  for (const dispatch of dispatches) stream.run(dispatch);
  await stream.finish();
}

/** Fills a whole buffer with NaN, so that what a shader leaves unwritten shows. */
export function poison({ buffer }: GPUBufferBinding): void {
  gpu.device.queue.writeBuffer(buffer, 0, new Uint32Array(buffer.size / 4).fill(0x7fc0dead));
}

/** Float64 values that float32 holds exactly, so that the shader and its reference start from the same numbers. */
export class Float32Numbers {
  readonly #random: RandomNumbers;
  constructor(seed: number) {
    this.#random = new RandomNumbers(seed);
  }
  vector(length: number): Float64Array {
    return this.#random.normals(length).map(Math.fround);
  }
  matrix(rows: number, cols: number): Dense {
    return dense(rows, cols, this.vector(rows * cols));
  }
}

export function upload(values: Dense, options?: MatrixOptions): Matrix {
  const matrix = new Matrix(gpu, 'test matrix', values.rows, values.cols, options);
  matrix.write(Float32Array.from(values.data));
  return matrix;
}

export function uploadVector(values: Float64Array): Vector {
  const vector = new Vector(gpu, 'test vector', values.length);
  vector.write(Float32Array.from(values));
  return vector;
}

/** A vector full of NaN for a shader to write to. */
export function poisonedVector(length: number): Vector {
  const vector = new Vector(gpu, 'test output', length);
  poison(vector.binding);
  return vector;
}

/** A matrix full of NaN, its padding too. */
export function poisonedMatrix(rows: number, cols: number): Matrix {
  const matrix = new Matrix(gpu, 'test output', rows, cols);
  poison(matrix.whole().binding);
  return matrix;
}

/** Every float of a matrix with its padding, as rows × stride. */
export async function readPadded(matrix: Matrix): Promise<Float32Array> {
  const { binding } = matrix.whole();
  return new Float32Array(await gpu.read(binding.buffer, 0, matrix.rows * matrix.stride * 4));
}
