import { type RandomOptions, randomShader, randomWorkgroup } from '../../shaders/random.wgsl.ts';
import type { Dispatch } from '../gpu/command-stream.ts';
import type { Gpu } from '../gpu/device.ts';
import { type RowBlock, strideOf } from '../gpu/matrix.ts';
import { Program } from '../gpu/program.ts';
import type { Vector } from '../gpu/vector.ts';
import { seedKey } from '../math/philox.ts';
import { spread } from '../gpu/spread.ts';

/** Which random numbers: entry (i, j) depends on seed, stream, i and j alone. */
export interface RandomSource {
  /** An integer from 0 to 2⁵³ − 1. */
  seed: number;
  /** An integer from 0 to 2³² − 1; one for each purpose. */
  stream: number;
}

export interface RandomScaling {
  /** Column j is multiplied by scales[j]; given exactly where the options say `scaled`. */
  scales?: Vector;
  /** Added to every entry; 0 unless given. */
  shift?: number;
}

export type Random = (
  block: RowBlock,
  cols: number,
  source: RandomSource,
  scaling?: RandomScaling,
) => Dispatch;

/** Rough cost of four entries in the stream's unit of work. */
const fourEntriesWork = 300;

/**
 * X_ij = scales_j · entry_ij + shift for a block of rows, entries N(0, 1), uniform on [−√3, √3] or ±1, from Philox 4×32-10.
 * Overwrites the block, padding included (zeros).
 */
export async function compileRandom(gpu: Gpu, options: RandomOptions): Promise<Random> {
  const program = await Program.compile(gpu, 'random', randomShader(options));
  return (block, cols, { seed, stream }, { scales, shift = 0 } = {}) => {
    const [key_low, key_high] = seedKey(seed);
    const count = block.rows * (strideOf(cols) / 4);
    return {
      call: program.bind({ X: block.binding, scales: scales?.binding }),
      parameters: { rows: block.rows, cols, first_row: block.firstRow, stream, key_low, key_high, shift },
      workgroups: spread(gpu, Math.ceil(count / randomWorkgroup)),
      work: fourEntriesWork * count,
    };
  };
}
