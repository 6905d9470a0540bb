import type { LayerShape } from '../math/deep/architecture.ts';
import { type Dense, dense } from '../math/dense.ts';

/** Disjoint blocks of positions (THEORY-DEEP.md, section b): `block` holds which of them each position is in. */
export type Blocks = Pick<LayerShape, 'positions' | 'pooled' | 'block' | 'blockSize'>;

/**
 * The mean over blocks of positions.
 * @param H nP × C
 * @returns n · (blocks) × C
 */
export function pool({ rows, cols, data }: Dense, { positions, pooled, block, blockSize }: Blocks): Dense {
  const mean = dense((rows / positions) * pooled, cols);
  for (let row = 0; row < rows; row++) {
    const to = Math.floor(row / positions) * pooled + block[row % positions];
    for (let c = 0; c < cols; c++) mean.data[to * cols + c] += data[row * cols + c] / blockSize;
  }
  return mean;
}

/**
 * The transpose of `pool`.
 * @param slope n · (blocks) × C
 * @returns nP × C
 */
export function unpool({ rows, cols, data }: Dense, { positions, pooled, block, blockSize }: Blocks): Dense {
  const back = dense((rows / pooled) * positions, cols);
  for (let row = 0; row < back.rows; row++) {
    const from = Math.floor(row / positions) * pooled + block[row % positions];
    for (let c = 0; c < cols; c++) back.data[row * cols + c] = data[from * cols + c] / blockSize;
  }
  return back;
}

/** Blocks of `block` positions along each axis, of which there are `sides`. */
export function blocksOf(sides: readonly number[], block: readonly number[]): Blocks {
  const product = (counts: readonly number[]): number => counts.reduce((a, b) => a * b, 1);
  const positions = product(sides);
  const places = Int32Array.from({ length: positions }, (_, p) => {
    let [rest, place, stride] = [p, 0, 1];
    for (let axis = sides.length - 1; axis >= 0; axis--) {
      place += Math.floor((rest % sides[axis]) / block[axis]) * stride;
      stride *= sides[axis] / block[axis];
      rest = Math.floor(rest / sides[axis]);
    }
    return place;
  });
  const blockSize = product(block);
  return { positions, pooled: positions / blockSize, block: places, blockSize };
}
