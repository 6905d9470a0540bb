import { type Pool, blockSize, pooledSides } from '../../shaders/parts/pools.wgsl.ts';
import { poolShader, poolWorkgroup } from '../../shaders/pool.wgsl.ts';
import { type UnpoolOptions, unpoolShader, unpoolWorkgroup } from '../../shaders/unpool.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import { spread } from '../gpu/spread.ts';

export { type Pool, blockSize, pooledSides };

/** Positions that are left of one point's. */
export const pooledPositions = (pool: Pool): number => pooledSides(pool).reduce((a, b) => a * b, 1);

/** Features of so many points: `full` has a row of channels for each position, `pooled` one for each block of positions. */
export interface PooledFeatures {
  full: GPUBufferBinding;
  pooled: GPUBufferBinding;
  points: number;
  channels: number;
}

export type Pooling = (features: PooledFeatures) => Dispatch;

/**
 * pooled = the mean of `full` over blocks of positions. Source: THEORY-DEEP.md, section (b). points · positions · channels
 * operations; no memory beyond `pooled`.
 */
export async function compilePool(gpu: Gpu, pool: Pool): Promise<Pooling> {
  const program = await Program.compile(gpu, 'pool', poolShader(pool));
  const blocks = pooledPositions(pool);
  return ({ full, pooled, points, channels }) => {
    const channels4 = strideOf(channels) / 4;
    const length4 = points * blocks * channels4;
    return {
      call: program.bind({ A: full, pooled }),
      parameters: { length4, channels4 },
      workgroups: spread(gpu, Math.ceil(length4 / poolWorkgroup)),
      work: 4 * length4 * blockSize(pool),
    };
  };
}

/**
 * full = full ⊙ what comes back to the block of each position, over the block's size: the transpose of the pool, times the
 * slopes that `full` holds. With `shared`, what comes back is the same for every point, blocks × channels: a readout.
 * Source: THEORY-DEEP.md, section (b). 2 · points · positions · channels operations, in place.
 */
export async function compileUnpool(gpu: Gpu, options: UnpoolOptions): Promise<Pooling> {
  const program = await Program.compile(gpu, 'unpool', unpoolShader(options));
  const positions = options.pool.sides.reduce((a, b) => a * b, 1);
  return ({ full, pooled, points, channels }) => {
    const channels4 = strideOf(channels) / 4;
    const length4 = points * positions * channels4;
    return {
      call: program.bind({ pooled, D: full }),
      parameters: { length4, channels4 },
      workgroups: spread(gpu, Math.ceil(length4 / unpoolWorkgroup)),
      work: 8 * length4,
    };
  };
}
