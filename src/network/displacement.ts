import { streams } from '../data/streams.ts';
import { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix } from '../gpu/matrix.ts';
import { Vector } from '../gpu/vector.ts';
import { compileElementwise } from '../programs/elementwise.ts';
import { compileRandom } from '../programs/random.ts';
import { Reduction } from '../programs/reduce.ts';

/** ‖A‖_F */
async function frobeniusNorm(gpu: Gpu, stream: CommandStream, matrix: Matrix): Promise<number> {
  using square = new Vector(gpu, 'squared norm', 1);
  const { binding } = matrix.whole();
  using sum = await Reduction.create(gpu, 'square', matrix.rows * matrix.stride, square.binding, binding);
  for (const dispatch of sum.into(0, 1)) stream.run(dispatch);
  stream.flush();
  return Math.sqrt((await square.read())[0]);
}

/**
 * W + radius · G/‖G‖_F for a direction G of W's size, row-major: the point of the ball around W that lies in this direction;
 * W itself where G = 0.
 */
export async function displaced(
  gpu: Gpu,
  W: Matrix,
  direction: Float32Array<ArrayBuffer>,
  radius: number,
): Promise<Float32Array<ArrayBuffer>> {
  const add = await compileElementwise(gpu, 'sum');
  using stream = new CommandStream(gpu);
  using G = new Matrix(gpu, 'direction of W', W.rows, W.cols);
  using moved = new Matrix(gpu, 'displaced W', W.rows, W.cols);
  G.write(direction);
  const norm = await frobeniusNorm(gpu, stream, G);
  const operands = { x: W.whole().binding, y: G.whole().binding, out: moved.whole().binding };
  stream.run(add(operands, W.rows * W.stride, { a: 1, b: norm > 0 ? radius / norm : 0 }));
  await stream.finish();
  return await moved.readAll();
}

/** A direction of a matrix, row-major, with entries N(0, 1): the `index`-th of the seed. */
export async function randomDirection(
  gpu: Gpu,
  { rows, cols }: { rows: number; cols: number },
  seed: number,
  index: number,
): Promise<Float32Array<ArrayBuffer>> {
  const normal = await compileRandom(gpu, { entries: 'normal', scaled: false });
  using stream = new CommandStream(gpu);
  using direction = new Matrix(gpu, 'direction of W', rows, cols);
  stream.run(
    normal({ ...direction.whole(), firstRow: index * rows }, cols, { seed, stream: streams.displacements }),
  );
  await stream.finish();
  return await direction.readAll();
}
