import { streams } from '../data/streams.ts';
import type { CommandStream } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { Matrix } from '../gpu/matrix.ts';
import { Resources } from '../gpu/resources.ts';
import { Vector } from '../gpu/vector.ts';
import { compileElementwise } from '../programs/elementwise.ts';
import { compileRandom } from '../programs/random.ts';
import { Reduction } from '../programs/reduce.ts';

/** ‖A‖_F of the first `rows` rows of a matrix, or of all. */
async function frobeniusNorm(
  gpu: Gpu,
  stream: CommandStream,
  matrix: Matrix,
  rows = matrix.rows,
): Promise<number> {
  using square = new Vector(gpu, 'squared norm', 1);
  const { binding } = matrix.whole();
  using sum = await Reduction.create(gpu, 'square', rows * matrix.stride, square.binding, binding);
  for (const dispatch of sum.into(0, 1)) stream.run(dispatch);
  stream.flush();
  return Math.sqrt((await square.read())[0]);
}

/**
 * W + radius · G/‖G‖_F for a direction G (of at least as many rows): the point of the ball around W that lies in this
 * direction; W itself where G = 0. The caller disposes of it.
 */
export async function displaced(
  gpu: Gpu,
  stream: CommandStream,
  W: Matrix,
  direction: Matrix,
  radius: number,
): Promise<Matrix> {
  const add = await compileElementwise(gpu, 'sum');
  const norm = await frobeniusNorm(gpu, stream, direction, W.rows);
  using owned = new Resources();
  const moved = owned.own(new Matrix(gpu, 'displaced W', W.rows, W.cols));
  const operands = {
    x: W.whole().binding,
    y: direction.whole().binding,
    out: moved.whole().binding,
  };
  stream.run(add(operands, W.rows * W.stride, { a: 1, b: norm > 0 ? radius / norm : 0 }));
  stream.flush(); // so that the direction may go
  owned.move();
  return moved;
}

/** A direction with entries N(0, 1), the `index`-th of the seed. The caller disposes of it. */
export async function randomDirection(
  gpu: Gpu,
  stream: CommandStream,
  { rows, cols }: Matrix,
  seed: number,
  index: number,
): Promise<Matrix> {
  const normal = await compileRandom(gpu, { entries: 'normal', scaled: false });
  using owned = new Resources();
  const direction = owned.own(new Matrix(gpu, 'direction of W', rows, cols));
  const block = { ...direction.whole(), firstRow: index * rows };
  stream.run(normal(block, cols, { seed, stream: streams.displacements }));
  owned.move();
  return direction;
}
