import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/** Means over disjoint blocks of positions, `side` along each axis. Source: THEORY-DEEP.md, section (b). */
export interface Pool {
  /** Positions along each axis before; multiples of `side`. */
  readonly sides: readonly number[];
  /** Positions of a block along each axis; as many as there are make one mean of all. */
  readonly side: number | readonly number[];
}

const blockOf = ({ sides, side }: Pool): number[] =>
  sides.map((_, axis) => (typeof side === 'number' ? side : side[axis]));

/** Positions along each axis after. */
export const pooledSides = (pool: Pool): number[] => {
  const block = blockOf(pool);
  return pool.sides.map((positions, axis) => positions / block[axis]);
};

/** Positions in a block. */
export const blockSize = (pool: Pool): number => blockOf(pool).reduce((a, b) => a * b, 1);

/** WGSL of `block_of(p)`, the block that position p is in, and `member(b, j)`, position number j of block b. */
export function poolFunctions(pool: Pool): string {
  const [height, width] = pool.sides.length === 1 ? [1, pool.sides[0]] : pool.sides;
  const [tall, wide] = pool.sides.length === 1 ? [1, blockOf(pool)[0]] : blockOf(pool);
  const across = width / wide;
  return wgsl`
const positions = ${height * width}u;
const blocks = ${(height / tall) * across}u;
const members = ${tall * wide}u;

fn block_of(p: u32) -> u32 {
  return p / ${width}u / ${tall}u * ${across}u + p % ${width}u / ${wide}u;
}

fn member(b: u32, j: u32) -> u32 {
  return (b / ${across}u * ${tall}u + j / ${wide}u) * ${width}u + b % ${across}u * ${wide}u + j % ${wide}u;
}
`;
}
